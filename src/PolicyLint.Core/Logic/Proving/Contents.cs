using System.Runtime.CompilerServices;
using PolicyLint.Core.Catalog;
using PolicyLint.Sql;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Logic.Proving;

/// <summary>
/// What objects of catalogs say to the prover, as numbers. Nothing is left to a hash: numbers are given to texts and to sequences of numbers, and none is
/// given twice.
/// </summary>
/// <remarks>
/// Of a relation all counts but who may use it, its policies, triggers and indexes that make no key, what a column is where nothing is given, and where
/// statements stand: of these the prover reads nothing. Its policies are read through <see cref="IPolicySource"/>. For one thread at a time.
/// </remarks>
internal sealed class Contents
{
    private readonly List<string> _texts = [""];
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly HashSet<int> _withMeaning = [];
    private readonly Sequences _sequences = new();
    private readonly Stack<ContentBuilder> _builders = [];
    private readonly Dictionary<string, Content> _printed = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Content> _written = new(StringComparer.Ordinal);
    private readonly ConditionalWeakTable<object, Content> _known = new();
    private readonly InlinedBodies _bodies = new();

    /// <summary>Number of texts and sequences.</summary>
    public int Count => _texts.Count + _written.Count;

    public string TextOf(int number) => _texts[number];

    public int NumberOf(string text)
    {
        if (!_numbers.TryGetValue(text, out var number))
        {
            _numbers.Add(text, number = _texts.Count);
            _texts.Add(text);
            if (!IsPlain(text))
                _withMeaning.Add(number);
        }
        return number;
    }

    public int NumberOf(List<int> sequence)
    {
        var number = _sequences.Find(sequence);
        if (number == 0)
        {
            _sequences.Add(sequence, number = _texts.Count);
            _texts.Add("");
        }
        return number;
    }

    public bool IsPlain(int number) => !_withMeaning.Contains(number);

    /// <summary>A name that no part of the prover gives a meaning of its own, such as `$1`.</summary>
    public static bool IsPlain(string name)
    {
        foreach (var c in name)
        {
            if (c is not ((>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9') or '_'))
                return false;
        }
        return name.Length > 0;
    }

    public ContentBuilder Begin() => _builders.Count > 0 ? _builders.Pop() : new(this);

    public void End(ContentBuilder builder) => _builders.Push(builder);

    public Content Of(SqlNode node) => Known(node, static (contents, node) => contents.Of(SqlPrinter.Print(node), node));

    public Content Of(Relation? relation) => relation is null ? Content.None : Known(relation, static (contents, relation) => contents.Read(relation));

    public Content Of(IReadOnlyList<Policy> policies) => Known(policies, static (contents, policies) =>
    {
        var content = contents.Begin();
        foreach (var policy in policies)
            content.Add(contents.Of(policy));
        return content.Build();
    });

    public Content Of(IReadOnlyList<Function> functions) => Known(functions, static (contents, functions) =>
    {
        var content = contents.Begin();
        foreach (var function in functions)
            content.Add(contents.Of(function));
        return content.Build();
    });

    /// <summary>What holds for every name of a catalog: its types, and where names are searched.</summary>
    public Content Of(ICatalog catalog) => Known(catalog, static (contents, catalog) =>
    {
        var content = contents.Begin();
        content.AddText(catalog.Platform);
        content.Add(contents.Of(catalog.Types));
        content.AddTexts(catalog.SearchPath);
        return content.Build();
    });

    /// <summary>What is asked about a row of a table.</summary>
    public Content Of(Subject subject)
    {
        var content = Begin();
        content.Add(Of(subject.Table));
        Add(content, subject.Premise);
        Add(content, subject.Goal);
        return content.Build();
    }

    public Content PoliciesOf(IPolicySource source, Table table) => source.ReadingPolicies(table) is { } policies ? Of(policies) : Content.None;

    private Content Of<TNode>(SqlFragment<TNode>? fragment)
        where TNode : SqlNode
    {
        if (fragment is null)
            return Content.None;
        if (!fragment.IsAsWritten)
            return Of(fragment.ToString(), fragment.Tree);
        // Printing takes longer than looking at how it is written, and nobody wants the print.
        var written = fragment.Source.GetText(fragment.Tree.Span);
        if (!_written.TryGetValue(written, out var content))
            _written.Add(written, content = Of(fragment.ToString(), fragment.Tree));
        return content;
    }

    private Content Of(string printed, SqlNode node)
    {
        if (_printed.TryGetValue(printed, out var known))
            return known;
        var names = new NameExtraction();
        var shape = NumberOf(SqlPrinter.Print(names.Rewrite(node)));
        var content = new Content(shape, [.. names.Names.Select(NumberOf)], names.IsByName ? NameScope.Nothing : NameScope.Anything);
        _printed.Add(printed, content);
        return content;
    }

    private Content Of(Policy policy) => Known(policy, static (contents, policy) =>
    {
        var content = contents.Begin();
        content.AddFlags(policy.IsPermissive, policy.IsTainted, policy.Using is null, policy.WithCheck is null);
        content.Add(contents.Of(policy.Using));
        content.Add(contents.Of(policy.WithCheck));
        if (policy.IsTainted)
            content.AddText(policy.Name);
        return content.Build();
    });

    private Content Of(Function function) => Known(function, static (contents, function) =>
    {
        var content = contents.Begin();
        content.Add((int)function.Volatility);
        content.AddFlags(function.IsProcedure, function.IsSecurityDefiner, function.IsStrict, function.IsTainted, function.IsAssumed, function.IsForeignOwned);
        content.AddTexts([function.Id.Schema, function.Id.Name, function.Returns, function.Language]);
        content.Add(function.Parameters.Count);
        foreach (var parameter in function.Parameters)
        {
            content.AddFlags(parameter.HasDefault, parameter.Name.Length > 0);
            content.Add((int)parameter.Mode);
            content.AddText(parameter.Type);
            if (parameter.Name.Length > 0)
                content.AddName(parameter.Name);
        }
        var body = contents._bodies.Of(function);
        content.AddFlags(body?.Query is not null, body?.Value is not null);
        if ((body?.Query ?? (SqlNode?)body?.Value) is { } inlined)
        {
            content.Add(contents.Of(inlined));
        }
        else
        {
            // Two states are asked whether it is the same in both.
            content.AddText(function.Body?.ToString() ?? "");
            content.Narrow(NameScope.OneState);
        }
        return content.Build();
    });

    private Content Of(IReadOnlyDictionary<QualifiedId, UserType> types) => Known(types, static (contents, types) =>
    {
        var content = contents.Begin();
        foreach (var type in types.Values)
        {
            content.Add((int)type.Kind);
            content.AddTexts([type.Id.Schema, type.Id.Name, type.BaseType]);
            content.AddTexts([.. type.Labels]);
        }
        return content.Build();
    });

    private Content Read(Relation relation)
    {
        var content = Begin();
        content.AddText(relation.Id.Schema);
        content.AddName(relation.Id.Name);
        content.AddFlags(relation.IsAssumed, relation.AreColumnsKnown, relation.IsAccessTainted);
        var columns = relation.Columns;
        content.Add(columns.Count);
        for (var i = 0; i < columns.Count; i++)
        {
            var column = columns[i];
            content.AddName(column.Name);
            content.AddText(column.Type);
            content.AddFlags(column.IsNotNull.Value, column.IsNotNull.IsKnown);
        }
        switch (relation)
        {
            case Table table:
                content.AddFlags(table.RowSecurityEnabled.Value, table.RowSecurityEnabled.IsKnown, table.RowSecurityForced.Value, table.RowSecurityForced.IsKnown);
                content.Add(table.Constraints.Count);
                for (var i = 0; i < table.Constraints.Count; i++)
                    Read(content, table.Constraints[i]);
                // Those of constraints are said.
                if (HasUniqueIndex(table))
                {
                    foreach (var key in TableKeys.Of(table))
                        content.AddNames(key);
                }
                break;
            case View view:
                content.Add(-1);
                content.AddFlags(view.IsMaterialized, view.SecurityInvoker.Value, view.SecurityInvoker.IsKnown, view.Query is null);
                content.Add(Of(view.Query));
                break;
            default:
                content.Add(-2);
                break;
        }
        return content.Build();
    }

    private static bool HasUniqueIndex(Table table)
    {
        for (var i = 0; i < table.Indexes.Count; i++)
        {
            if (table.Indexes[i] is { IsUnique: true, Constraint: null })
                return true;
        }
        return false;
    }

    private void Read(ContentBuilder content, TableConstraint constraint)
    {
        content.Add((int)constraint.Kind);
        content.AddFlags(constraint.IsValidated, constraint.NullsNotDistinct, constraint.ReferencedTable is null, constraint.Condition is null);
        content.Add(Of(constraint.Condition));
        content.AddNames(constraint.Columns);
        if (constraint.ReferencedTable is { } referenced)
        {
            content.AddText(referenced.Schema);
            content.AddName(referenced.Name);
        }
        content.AddNames(constraint.ReferencedColumns);
    }

    private void Add(ContentBuilder content, Claim claim)
    {
        switch (claim)
        {
            case Claim.Everything:
                content.Add(-1);
                break;
            case Claim.Nothing:
                content.Add(-2);
                break;
            case Claim.AllOf all:
                Add(content, -3, all.Claims);
                break;
            case Claim.AnyOf any:
                Add(content, -4, any.Claims);
                break;
            case Claim.Condition condition:
                content.Add(-5);
                content.Add((int)condition.Sight);
                content.Add(Of(condition.Expression));
                break;
            case Claim.Policies combined:
                content.Add(-6);
                content.Add((int)combined.Clause);
                content.Add(Of(combined.Applying));
                break;
            default:
                throw new InvalidOperationException("a claim of an unknown kind");
        }
    }

    private void Add(ContentBuilder content, int kind, IReadOnlyList<Claim> claims)
    {
        content.Add(kind);
        content.Add(claims.Count);
        for (var i = 0; i < claims.Count; i++)
            Add(content, claims[i]);
    }

    private Content Known<T>(T said, Func<Contents, T, Content> read)
        where T : class
    {
        if (!_known.TryGetValue(said, out var content))
            _known.Add(said, content = read(this, said));
        return content;
    }
}
