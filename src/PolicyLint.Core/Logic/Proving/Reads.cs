using System.Collections;
using PolicyLint.Core.Catalog;

namespace PolicyLint.Core.Logic.Proving;

internal enum ReadKind
{
    Relation,
    Functions,
    Policies,
    OwnerReadsAll,
}

/// <summary>What was looked up, in which of two states of a schema.</summary>
internal readonly record struct Read(ReadKind Kind, bool IsEarlier, QualifiedId Id);

/// <summary>
/// All that is looked up while a question is decided, in order. What cannot be told later as having stayed the same, such as a walk over all relations,
/// makes the reads incomplete: such an answer is not kept.
/// </summary>
internal sealed class Reads
{
    private readonly List<Read> _reads = [];

    public bool IsComplete { get; private set; } = true;

    public IReadOnlyList<Read> All => _reads;

    /// <summary>Whether what a role sees of a table was looked up.</summary>
    public bool HasPolicies => _reads.Exists(static read => read.Kind is ReadKind.Policies or ReadKind.OwnerReadsAll);

    /// <summary>The same reading, watched.</summary>
    public Reading Watch(Reading reading, bool isEarlier) =>
        reading with { Catalog = new WatchedCatalog(reading.Catalog, this, isEarlier), Policies = new WatchedPolicies(reading.Policies, this, isEarlier) };

    private void Add(Read read)
    {
        if (!_reads.Contains(read))
            _reads.Add(read);
    }

    private T Everything<T>(T value)
    {
        IsComplete = false;
        return value;
    }

    private sealed class WatchedCatalog(ICatalog catalog, Reads reads, bool isEarlier) : ICatalog
    {
        public IReadOnlyDictionary<QualifiedId, Relation> Relations { get; } = new Watched<Relation>(catalog.Relations, reads, ReadKind.Relation, isEarlier);

        public IReadOnlyDictionary<QualifiedId, IReadOnlyList<Function>> Functions { get; } =
            new Watched<IReadOnlyList<Function>>(catalog.Functions, reads, ReadKind.Functions, isEarlier);

        public IReadOnlyDictionary<string, Schema> Schemas => reads.Everything(catalog.Schemas);

        public IReadOnlyDictionary<string, Role> Roles => reads.Everything(catalog.Roles);

        // These three are part of every question.
        public IReadOnlyDictionary<QualifiedId, UserType> Types => catalog.Types;

        public IReadOnlyList<string> SearchPath => catalog.SearchPath;

        public string Platform => catalog.Platform;

        public IReadOnlyList<DefaultPrivilege> DefaultPrivileges => reads.Everything(catalog.DefaultPrivileges);

        public IReadOnlyCollection<string> Extensions => reads.Everything(catalog.Extensions);

        public IReadOnlyList<Origin> UnknownEffects => reads.Everything(catalog.UnknownEffects);

        public bool IsLive => reads.Everything(catalog.IsLive);
    }

    private sealed class WatchedPolicies(IPolicySource source, Reads reads, bool isEarlier) : IPolicySource
    {
        // Part of every question.
        public bool IsRoleKnown => source.IsRoleKnown;

        public IReadOnlyList<Policy>? ReadingPolicies(Table table)
        {
            reads.Add(new(ReadKind.Policies, isEarlier, table.Id));
            return source.ReadingPolicies(table);
        }

        public bool OwnerReadsAll(Table table)
        {
            reads.Add(new(ReadKind.OwnerReadsAll, isEarlier, table.Id));
            return source.OwnerReadsAll(table);
        }
    }

    private sealed class Watched<T>(IReadOnlyDictionary<QualifiedId, T> objects, Reads reads, ReadKind kind, bool isEarlier) : IReadOnlyDictionary<QualifiedId, T>
    {
        public IEnumerable<QualifiedId> Keys => reads.Everything(objects.Keys);

        public IEnumerable<T> Values => reads.Everything(objects.Values);

        public int Count => reads.Everything(objects.Count);

        public T this[QualifiedId key] => TryGetValue(key, out var value) ? value : throw new KeyNotFoundException(key.ToString());

        public bool ContainsKey(QualifiedId key) => TryGetValue(key, out _);

        public bool TryGetValue(QualifiedId key, out T value)
        {
            reads.Add(new(kind, isEarlier, key));
            return objects.TryGetValue(key, out value!);
        }

        public IEnumerator<KeyValuePair<QualifiedId, T>> GetEnumerator() => reads.Everything(objects).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
