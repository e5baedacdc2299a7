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

/// <summary>What was looked up, and the number of what was found (<see cref="Contents"/>).</summary>
internal readonly record struct Read(ReadKind Kind, QualifiedId Id, int Content);

/// <summary>
/// All that is looked up while a question is decided. What cannot be told later as having stayed the same, such as a walk over all relations, makes the
/// reads incomplete: such an answer is not kept.
/// </summary>
internal sealed class Reads(Contents contents)
{
    private readonly List<Read> _reads = [];

    public bool IsComplete { get; private set; } = true;

    public IReadOnlyList<Read> All => _reads;

    /// <summary>The same reading, watched.</summary>
    public Reading Watch(Reading reading) => reading with { Catalog = new WatchedCatalog(reading.Catalog, this), Policies = new WatchedPolicies(reading.Policies, this) };

    private void Add(ReadKind kind, QualifiedId id, int content)
    {
        foreach (var read in _reads)
        {
            if (read.Kind == kind && read.Id == id)
                return;
        }
        _reads.Add(new(kind, id, content));
    }

    private T Everything<T>(T value)
    {
        IsComplete = false;
        return value;
    }

    private sealed class WatchedCatalog(ICatalog catalog, Reads reads) : ICatalog
    {
        public IReadOnlyDictionary<QualifiedId, Relation> Relations { get; } =
            new Watched<Relation>(catalog.Relations, reads, (id, relation) => reads.Add(ReadKind.Relation, id, reads.Contents.Of(relation)));

        public IReadOnlyDictionary<QualifiedId, IReadOnlyList<Function>> Functions { get; } =
            new Watched<IReadOnlyList<Function>>(catalog.Functions, reads, (id, functions) => reads.Add(ReadKind.Functions, id, functions is null ? 0 : reads.Contents.Of(functions)));

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

    private Contents Contents => contents;

    private sealed class WatchedPolicies(IPolicySource source, Reads reads) : IPolicySource
    {
        // Part of every question.
        public bool IsRoleKnown => source.IsRoleKnown;

        public IReadOnlyList<Policy>? ReadingPolicies(Table table)
        {
            reads.Add(ReadKind.Policies, table.Id, reads.Contents.PoliciesOf(source, table));
            return source.ReadingPolicies(table);
        }

        public bool OwnerReadsAll(Table table)
        {
            reads.Add(ReadKind.OwnerReadsAll, table.Id, Contents.OwnerReadsAll(source, table));
            return source.OwnerReadsAll(table);
        }
    }

    private sealed class Watched<T>(IReadOnlyDictionary<QualifiedId, T> objects, Reads reads, Action<QualifiedId, T?> read) : IReadOnlyDictionary<QualifiedId, T>
        where T : class
    {
        public IEnumerable<QualifiedId> Keys => reads.Everything(objects.Keys);

        public IEnumerable<T> Values => reads.Everything(objects.Values);

        public int Count => reads.Everything(objects.Count);

        public T this[QualifiedId key] => TryGetValue(key, out var value) ? value : throw new KeyNotFoundException(key.ToString());

        public bool ContainsKey(QualifiedId key) => TryGetValue(key, out _);

        public bool TryGetValue(QualifiedId key, out T value)
        {
            var isThere = objects.TryGetValue(key, out value!);
            read(key, isThere ? value : null);
            return isThere;
        }

        public IEnumerator<KeyValuePair<QualifiedId, T>> GetEnumerator() => reads.Everything(objects).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
