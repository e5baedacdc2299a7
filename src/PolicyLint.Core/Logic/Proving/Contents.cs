using System.Runtime.CompilerServices;
using PolicyLint.Core.Catalog;
using PolicyLint.Sql;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Logic.Proving;

/// <summary>
/// Numbers for what objects of catalogs say to the prover: objects of two catalogs with one number say the same. Nothing is left to a hash: numbers are
/// given to texts and to sequences of numbers.
/// </summary>
/// <remarks>
/// Of a relation all counts but who may use it, its policies, triggers and indexes, and where statements stand. Its policies are read through
/// <see cref="IPolicySource"/>.
/// </remarks>
internal sealed class Contents
{
    private readonly Dictionary<string, int> _texts = new(StringComparer.Ordinal);
    private readonly Dictionary<int[], int> _sequences = new(SequenceComparer.Instance);
    private readonly ConditionalWeakTable<object, Number> _known = new();
    private int _last;

    /// <summary>Number of texts and sequences.</summary>
    public int Count => _texts.Count + _sequences.Count;

    /// <summary>Forgets texts and sequences. Numbers are not given again, so what was numbered before equals nothing that is numbered later.</summary>
    public void Forget()
    {
        lock (_texts)
        {
            _texts.Clear();
            _sequences.Clear();
        }
    }

    public int Of(string text)
    {
        lock (_texts)
        {
            if (!_texts.TryGetValue(text, out var number))
                _texts.Add(text, number = ++_last);
            return number;
        }
    }

    public int Of(SqlNode node) => Known(node, static (contents, node) => contents.Of(SqlPrinter.Print(node)));

    public int Of(Relation? relation) => relation is null ? 0 : Known(relation, static (contents, relation) => contents.Read(relation));

    public int Of(Policy policy) => Known(policy, static (contents, policy) => contents.Sequence(
        [contents.Of(policy.Name), contents.Of(policy.Using), contents.Of(policy.WithCheck), Flags(policy.IsPermissive, policy.IsTainted)]));

    public int Of(IReadOnlyList<Policy> policies) => Known(policies, static (contents, policies) =>
    {
        var parts = new List<int>(policies.Count);
        foreach (var policy in policies)
            parts.Add(contents.Of(policy));
        return contents.Sequence(parts);
    });

    public int Of(IReadOnlyList<Function> functions) => Known(functions, static (contents, functions) =>
    {
        var parts = new List<int>(functions.Count);
        foreach (var function in functions)
            parts.Add(contents.Of(function));
        return contents.Sequence(parts);
    });

    /// <summary>What holds for every name of a catalog: its types, and where names are searched.</summary>
    public int Of(ICatalog catalog) => Known(catalog, static (contents, catalog) =>
    {
        var parts = new List<int> { contents.Of(catalog.Platform), contents.Of(catalog.Types) };
        contents.Add(parts, catalog.SearchPath);
        return contents.Sequence(parts);
    });

    public int Sequence(List<int> parts)
    {
        int[] sequence = [.. parts];
        lock (_texts)
        {
            if (!_sequences.TryGetValue(sequence, out var number))
                _sequences.Add(sequence, number = ++_last);
            return number;
        }
    }

    public void Add(List<int> parts, Claim claim)
    {
        switch (claim)
        {
            case Claim.Everything:
                parts.Add(-1);
                break;
            case Claim.Nothing:
                parts.Add(-2);
                break;
            case Claim.AllOf all:
                Add(parts, -3, all.Claims);
                break;
            case Claim.AnyOf any:
                Add(parts, -4, any.Claims);
                break;
            case Claim.Condition condition:
                parts.Add(-5);
                parts.Add((int)condition.Sight);
                parts.Add(Of(condition.Expression));
                break;
            case Claim.Policies combined:
                parts.Add(-6);
                parts.Add((int)combined.Clause);
                parts.Add(Of(combined.Applying));
                break;
            default:
                throw new InvalidOperationException("a claim of an unknown kind");
        }
    }

    /// <summary>Whether what was read once reads the same now.</summary>
    public bool AreSame(IReadOnlyList<Read> reads, Reading reading)
    {
        for (var i = 0; i < reads.Count; i++)
        {
            var read = reads[i];
            var now = read.Kind switch
            {
                ReadKind.Relation => Of(Find(reading, read.Id)),
                ReadKind.Functions => reading.Catalog.Functions.TryGetValue(read.Id, out var functions) ? Of(functions) : 0,
                ReadKind.Policies => Find(reading, read.Id) is Table table ? PoliciesOf(reading.Policies, table) : -1,
                _ => Find(reading, read.Id) is Table table ? OwnerReadsAll(reading.Policies, table) : -1,
            };
            if (now != read.Content)
                return false;
        }
        return true;
    }

    public int PoliciesOf(IPolicySource source, Table table) => source.ReadingPolicies(table) is { } policies ? Of(policies) : 0;

    public static int OwnerReadsAll(IPolicySource source, Table table) => Flags(source.OwnerReadsAll(table));

    public static int Flags(bool first, bool second = false, bool third = false, bool fourth = false, bool fifth = false) =>
        (first ? 1 : 0) | (second ? 2 : 0) | (third ? 4 : 0) | (fourth ? 8 : 0) | (fifth ? 16 : 0);

    private static Relation? Find(Reading reading, QualifiedId id) => reading.Catalog.Relations.TryGetValue(id, out var relation) ? relation : null;

    private int Of<TNode>(SqlFragment<TNode>? fragment)
        where TNode : SqlNode => fragment is null ? 0 : Known(fragment, static (contents, fragment) => contents.Of(fragment.ToString()));

    private int Of(Function function) => Known(function, static (contents, function) =>
    {
        var parts = new List<int> { (int)function.Volatility, Flags(function.IsProcedure, function.IsSecurityDefiner, function.IsStrict, function.IsTainted, function.IsAssumed), contents.Of(function.Body) };
        contents.Add(parts, [function.Id.Schema, function.Id.Name, function.Returns, function.Language, function.Owner ?? ""]);
        contents.Add(parts, function.Parameters);
        contents.Add(parts, function.ReturnColumns);
        foreach (var setting in function.Settings)
            contents.Add(parts, [setting.Key, setting.Value]);
        return contents.Sequence(parts);
    });

    private int Of(IReadOnlyDictionary<QualifiedId, UserType> types) => Known(types, static (contents, types) =>
    {
        var parts = new List<int>();
        foreach (var type in types.Values)
        {
            parts.Add((int)type.Kind);
            contents.Add(parts, [type.Id.Schema, type.Id.Name, type.BaseType]);
            contents.Add(parts, type.Labels);
        }
        return contents.Sequence(parts);
    });

    private int Read(Relation relation)
    {
        var parts = new List<int> { Flags(relation.IsAssumed, relation.AreColumnsKnown, relation.Taints.Count > 0, relation.Owner is null, relation.IsForeignOwned) };
        Add(parts, [relation.Id.Schema, relation.Id.Name, relation.Owner ?? ""]);
        parts.Add(relation.Columns.Count);
        foreach (var column in relation.Columns)
        {
            parts.Add(Of(column.Name));
            parts.Add(Of(column.Type));
            parts.Add(Of(column.Default));
            parts.Add(Flags(column.IsNotNull.Value, column.IsNotNull.IsKnown, column.IsGenerated, column.IsIdentity));
        }
        switch (relation)
        {
            case Table table:
                parts.Add(Flags(table.RowSecurityEnabled.Value, table.RowSecurityEnabled.IsKnown, table.RowSecurityForced.Value, table.RowSecurityForced.IsKnown));
                parts.Add((int)table.Kind);
                Add(parts, table.Constraints);
                break;
            case View view:
                parts.Add(-1);
                parts.Add(Flags(view.IsMaterialized, view.SecurityInvoker.Value, view.SecurityInvoker.IsKnown));
                parts.Add(Of(view.Query));
                break;
            default:
                parts.Add(-2);
                break;
        }
        return Sequence(parts);
    }

    private void Add(List<int> parts, IReadOnlyList<TableConstraint> constraints)
    {
        foreach (var constraint in constraints)
        {
            parts.Add((int)constraint.Kind);
            parts.Add(Flags(constraint.IsValidated, constraint.NullsNotDistinct, constraint.ReferencedTable is null));
            parts.Add(Of(constraint.Condition));
            Add(parts, constraint.Columns);
            Add(parts, [constraint.ReferencedTable?.Schema ?? "", constraint.ReferencedTable?.Name ?? ""]);
            Add(parts, constraint.ReferencedColumns);
        }
    }

    private void Add(List<int> parts, int kind, IReadOnlyList<Claim> claims)
    {
        parts.Add(kind);
        parts.Add(claims.Count);
        foreach (var claim in claims)
            Add(parts, claim);
    }

    private void Add(List<int> parts, IReadOnlyList<Parameter> parameters)
    {
        parts.Add(parameters.Count);
        foreach (var parameter in parameters)
        {
            Add(parts, [parameter.Name, parameter.Type]);
            parts.Add((int)parameter.Mode);
            parts.Add(Flags(parameter.HasDefault));
        }
    }

    private void Add(List<int> parts, IReadOnlyList<string> texts)
    {
        parts.Add(texts.Count);
        foreach (var text in texts)
            parts.Add(Of(text));
    }

    private int Known<T>(T content, Func<Contents, T, int> read)
        where T : class
    {
        if (_known.TryGetValue(content, out var known))
            return known.Value;
        var number = new Number(read(this, content));
        // Another thread may have been faster, or all numbers may have been given anew: either number says the same.
        return _known.GetValue(content, _ => number).Value;
    }

    private sealed class Number(int value)
    {
        public int Value { get; } = value;
    }
}
