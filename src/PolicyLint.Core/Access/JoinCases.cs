using PolicyLint.Core.Catalog;
using PolicyLint.Sql.Text;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Access;

/// <summary>One way in which the outer joins of FROM have matched or not: without them, a list of relations and conditions.</summary>
/// <param name="Items">Relations without joins.</param>
/// <param name="Conditions">What joins them.</param>
/// <param name="Missing">Aliases whose columns are all NULL here.</param>
/// <param name="IsIncomplete">Not every join condition could be read: there may be more of them.</param>
internal sealed record JoinCase(IReadOnlyList<TableReference> Items, IReadOnlyList<Expression> Conditions, IReadOnlyCollection<string> Missing, bool IsIncomplete);

/// <summary>Joins taken apart into cases.</summary>
internal sealed class JoinCases(ICatalog catalog, IReadOnlyList<CommonTableExpression> with)
{
    public const int Most = 16;

    private static readonly Literal s_null = new() { Kind = LiteralKind.Null, Source = new SourceText("NULL") };

    /// <summary>The cases of an item of FROM; null where there are too many.</summary>
    public List<JoinCase>? Of(TableReference item)
    {
        if (item is not JoinedTable join)
            return [new([Readable(item)], [], [], false)];
        if (Of(join.Left) is not { } left || Of(join.Right) is not { } right || left.Count * right.Count > Most)
            return null;
        var conditions = new List<Expression>();
        var isIncomplete = join.IsNatural;
        if (join.On is not null)
            conditions.Add(join.On);
        foreach (var name in join.Using)
        {
            if (Owner(join.Left, name.Text) is { } first && Owner(join.Right, name.Text) is { } second)
                conditions.Add(Equal(Column(first, name.Text), Column(second, name.Text)));
            else
                isIncomplete = true;
        }
        var cases = new List<JoinCase>();
        foreach (var matched in Product(left, right))
            cases.Add(matched with { Conditions = [.. matched.Conditions, .. conditions], IsIncomplete = matched.IsIncomplete || isIncomplete });
        if (join.Kind is JoinKind.Left or JoinKind.Full)
            cases.AddRange(Unmatched(left, join.Right, conditions, isIncomplete));
        if (join.Kind is JoinKind.Right or JoinKind.Full)
            cases.AddRange(Unmatched(right, join.Left, conditions, isIncomplete));
        return cases.Count > Most ? null : cases;
    }

    public static List<JoinCase> Product(List<JoinCase> left, List<JoinCase> right)
    {
        var cases = new List<JoinCase>();
        foreach (var a in left)
        {
            foreach (var b in right)
                cases.Add(new([.. a.Items, .. b.Items], [.. a.Conditions, .. b.Conditions], [.. a.Missing, .. b.Missing], a.IsIncomplete || b.IsIncomplete));
        }
        return cases;
    }

    public static string AliasOf(TableReference item) =>
        item.Alias is { } alias ? alias.Name.Text : item is NamedTable table ? table.Name.Name.Text : "";

    // The rows of one side that no row of the other joins: there the other's columns are NULL.
    private List<JoinCase> Unmatched(List<JoinCase> kept, TableReference other, List<Expression> conditions, bool isIncomplete)
    {
        var missing = new List<string>();
        var nulls = new List<TableReference>();
        foreach (var relation in Relations(other))
        {
            missing.Add(AliasOf(relation));
            nulls.Add(NullRow(relation));
        }
        Expression? match = null;
        if (Of(other) is [{ Missing.Count: 0, IsIncomplete: false } joined])
            match = new ExistsSubquery { Query = new SelectQuery { From = [.. joined.Items], Where = QueryBlock.Conjunction([.. joined.Conditions, .. conditions]) } };
        var cases = new List<JoinCase>();
        foreach (var side in kept)
        {
            cases.Add(new(
                [.. side.Items, .. nulls],
                match is null ? side.Conditions : [.. side.Conditions, new NotExpression { Operand = match }],
                [.. side.Missing, .. missing],
                side.IsIncomplete || isIncomplete || match is null));
        }
        return cases;
    }

    private static IEnumerable<TableReference> Relations(TableReference item)
    {
        if (item is not JoinedTable join)
            return [item];
        return [.. Relations(join.Left), .. Relations(join.Right)];
    }

    // `(SELECT NULL AS a, NULL AS b) AS alias`.
    private DerivedTable NullRow(TableReference item)
    {
        var targets = new List<SelectItem>();
        if (item is NamedTable table && catalog.FindRelation(table.Name) is { } relation && !IsWith(table))
        {
            foreach (var column in relation.Columns)
                targets.Add(new SelectItem { Value = s_null, Alias = new Name(column.Name) });
        }
        return new DerivedTable { Query = new SelectQuery { Targets = [.. targets] }, Alias = new TableAlias { Name = new Name(AliasOf(item)) } };
    }

    // What the prover cannot read stands as a relation of which nothing is known.
    private TableReference Readable(TableReference item)
    {
        var isReadable = item switch
        {
            NamedTable { Sample: null } table when table.Alias is null or { Columns.Length: 0, Definitions.Length: 0 } => !IsWith(table) || IsPlain(WithOf(table)),
            DerivedTable { Alias.Columns.Length: 0, Query: SelectQuery select } => IsPlain(select),
            _ => false,
        };
        return isReadable ? item : new NamedTable { Name = new(new Name("?" + AliasOf(item))), Alias = new TableAlias { Name = new Name(AliasOf(item)) } };
    }

    private bool IsPlain(CommonTableExpression? common) =>
        common is { Columns.Length: 0, Query: SelectQuery select } && IsPlain(select) && !MentionsTable.Of(select, common.Name.Text);

    private bool IsPlain(SelectQuery select)
    {
        if (select.GroupBy is not null || select.Having is not null || select.DistinctOn.Length > 0 || select.Windows.Length > 0 || select.Limit is not null || select.With is not null)
            return false;
        foreach (var target in select.Targets)
        {
            if (target.Value is FunctionCall or CaseExpression or ScalarSubquery || (target.Alias.IsEmpty && target.Value is not ColumnReference))
                return false;
        }
        return Array.TrueForAll(select.From, IsPlainItem);
    }

    private bool IsPlainItem(TableReference item) => item switch
    {
        NamedTable => ReferenceEquals(Readable(item), item),
        DerivedTable => ReferenceEquals(Readable(item), item),
        JoinedTable { Kind: JoinKind.Inner or JoinKind.Cross, IsNatural: false, Using.Length: 0 } join => IsPlainItem(join.Left) && IsPlainItem(join.Right),
        _ => false,
    };

    private bool IsWith(NamedTable table) => table.Name.Schema is null && WithOf(table) is not null;

    private CommonTableExpression? WithOf(NamedTable table)
    {
        foreach (var common in with)
        {
            if (common.Name.Text == table.Name.Name.Text)
                return common;
        }
        return null;
    }

    // The alias of the relation that has the column, where only one is known to.
    private string? Owner(TableReference item, string column)
    {
        string? owner = null;
        foreach (var relation in Relations(item))
        {
            if (relation is not NamedTable table || IsWith(table) || catalog.FindRelation(table.Name) is not { AreColumnsKnown: true } known)
                return null;
            if (known.FindColumn(column) is null)
                continue;
            if (owner is not null)
                return null;
            owner = AliasOf(relation);
        }
        return owner;
    }

    private static ColumnReference Column(string alias, string name) => new() { Name = new(new Name(name), new Name(alias)) };

    private static OperatorExpression Equal(Expression left, Expression right) => new() { Operator = new(new Name("=")), Left = left, Right = right };

    private sealed class MentionsTable(string name) : SqlVisitor
    {
        private bool _found;

        public static bool Of(SqlNode node, string name)
        {
            var search = new MentionsTable(name);
            search.Visit(node);
            return search._found;
        }

        public override void VisitNamedTable(NamedTable node) => _found |= node.Name.Schema is null && node.Name.Name == name;
    }
}
