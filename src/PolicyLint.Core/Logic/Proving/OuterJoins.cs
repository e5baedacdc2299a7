using PolicyLint.Core.Catalog;
using PolicyLint.Sql.Text;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Logic.Proving;

/// <summary>
/// A query with outer joins as several without, which together have its rows: a row with a partner, and a row that has none with NULLs in its place.
/// </summary>
/// <param name="catalog">Where the columns of tables are looked up.</param>
/// <param name="isCommon">Whether a name is that of a WITH query.</param>
/// <param name="isCoarse">They are not taken apart: <see cref="UndecidedException"/>.</param>
internal sealed class OuterJoins(ICatalog catalog, Func<string, bool> isCommon, bool isCoarse)
{
    private const int MaximumQueries = 16;

    private static readonly Literal s_null = new() { Kind = LiteralKind.Null, Source = new SourceText("NULL") };

    /// <summary>The queries. One without outer joins is itself.</summary>
    public IReadOnlyList<SelectQuery> Expand(SelectQuery select)
    {
        if (!Array.Exists(select.From, HasOuterJoin) || select.GroupBy is not null || select.Having is not null || select.DistinctOn.Length > 0 || select.Windows.Length > 0)
            return [select];
        var choices = new List<Choice> { new([], []) };
        foreach (var item in select.From)
            choices = Product(choices, Of(item, select), static (left, right) => new([.. left.Items, .. right.Items], [.. left.Conditions, .. right.Conditions]));
        var queries = new List<SelectQuery>();
        foreach (var choice in choices)
        {
            Expression[] conditions = select.Where is { } where ? [.. choice.Conditions, where] : [.. choice.Conditions];
            queries.Add(new()
            {
                With = select.With,
                IsDistinct = select.IsDistinct,
                Targets = select.Targets,
                Into = select.Into,
                From = choice.Items,
                Where = conditions.Length == 0 ? null : new LogicalExpression { Operator = LogicalOperator.And, Operands = conditions },
                OrderBy = select.OrderBy,
                Limit = select.Limit,
            });
        }
        return queries;
    }

    private static bool HasOuterJoin(TableReference item) =>
        item is JoinedTable join && (join.Kind is JoinKind.Left or JoinKind.Right or JoinKind.Full || HasOuterJoin(join.Left) || HasOuterJoin(join.Right));

    private List<Choice> Of(TableReference item, SelectQuery select)
    {
        if (item is not JoinedTable join || !HasOuterJoin(join))
            return [new([item], [])];
        if (isCoarse || join.IsNatural || join.Using.Length > 0 || join.Alias is not null || join.Kind is not (JoinKind.Inner or JoinKind.Cross or JoinKind.Left or JoinKind.Right))
            throw new UndecidedException(UnknownReason.OuterJoin, "an outer join", join);
        var choices = Product(Of(join.Left, select), Of(join.Right, select), (left, right) => new([Inner(left.Items, right.Items, join.On)], [.. left.Conditions, .. right.Conditions]));
        var (kept, lost) = join.Kind == JoinKind.Right ? (join.Right, join.Left) : (join.Left, join.Right);
        if (join.Kind is JoinKind.Inner or JoinKind.Cross)
            return choices;
        var nulls = Nulls(lost);
        // Where NULLs in its place let a row pass, a partner lets it pass too, if nothing asks for the NULLs: then it does not matter whether there is one.
        Expression[] none = new PartnerUses(nulls).AllowAny(select, join)
            ? []
            : [new NotExpression { Operand = new ExistsSubquery { Query = new SelectQuery { Targets = [new() { Value = s_null }], From = [lost], Where = join.On } } }];
        foreach (var alone in Of(kept, select))
            choices.Add(new([.. alone.Items, .. nulls], [.. alone.Conditions, .. none]));
        return choices;
    }

    private static JoinedTable Inner(TableReference[] left, TableReference[] right, Expression? on) =>
        new() { Kind = on is null ? JoinKind.Cross : JoinKind.Inner, Left = Cross(left), Right = Cross(right), On = on };

    private static TableReference Cross(TableReference[] items)
    {
        var joined = items[0];
        for (var i = 1; i < items.Length; i++)
            joined = new JoinedTable { Kind = JoinKind.Cross, Left = joined, Right = items[i] };
        return joined;
    }

    private List<DerivedTable> Nulls(TableReference item)
    {
        switch (item)
        {
            case JoinedTable join:
                return [.. Nulls(join.Left), .. Nulls(join.Right)];
            case NamedTable named when named.Alias is null or { Columns.Length: 0 } && !(named.Name.Schema is null && isCommon(named.Name.Name.Text)) && catalog.FindRelation(named.Name) is { AreColumnsKnown: true } relation:
                return [Nulls(named.Alias?.Name ?? named.Name.Name, relation.Columns.Select(static column => new Name(column.Name)))];
            case DerivedTable { Alias: { Columns.Length: 0 } alias, Query: SelectQuery select } when !Array.Exists(select.Targets, static target => NameOf(target).IsEmpty):
                return [Nulls(alias.Name, select.Targets.Select(NameOf))];
            default:
                throw new UndecidedException(UnknownReason.OuterJoin, "an outer join", item);
        }
    }

    private static DerivedTable Nulls(Name alias, IEnumerable<Name> columns) =>
        new() { Alias = new() { Name = alias }, Query = new SelectQuery { Targets = [.. columns.Select(static column => new SelectItem { Value = s_null, Alias = column })] } };

    private static Name NameOf(SelectItem target) => !target.Alias.IsEmpty ? target.Alias : target.Value is ColumnReference { IsStar: false } column ? column.Name.Name : default;

    private static List<Choice> Product(List<Choice> left, List<Choice> right, Func<Choice, Choice, Choice> join)
    {
        if (left.Count * right.Count > MaximumQueries)
            throw new UndecidedException(UnknownReason.OuterJoin, "many outer joins");
        var choices = new List<Choice>();
        foreach (var a in left)
        {
            foreach (var b in right)
                choices.Add(join(a, b));
        }
        return choices;
    }

    private sealed record Choice(TableReference[] Items, Expression[] Conditions);

    /// <summary>Whether the columns of a partner stand only where a value can but help: compared, not negated, and not asked for being NULL.</summary>
    private sealed class PartnerUses : SqlVisitor
    {
        private readonly HashSet<string> _aliases = new(StringComparer.Ordinal);
        private readonly HashSet<string> _columns = new(StringComparer.Ordinal);
        private bool _isMentioned;

        public PartnerUses(List<DerivedTable> partner)
        {
            foreach (var item in partner)
            {
                _aliases.Add(item.Alias!.Name.Text);
                foreach (var target in ((SelectQuery)item.Query).Targets)
                    _columns.Add(target.Alias.Text);
            }
        }

        public bool AllowAny(SelectQuery select, JoinedTable own)
        {
            foreach (var target in select.Targets)
            {
                if (Mentions(target.Value))
                    return false;
            }
            foreach (var item in select.From)
            {
                if (!AllowsAny(item, own))
                    return false;
            }
            return select.Where is null || AllowsAny(select.Where);
        }

        public override void VisitColumnReference(ColumnReference node) =>
            _isMentioned |= node.IsStar || (node.Name.Qualifier.IsEmpty ? _columns.Contains(node.Name.Name.Text) || _aliases.Contains(node.Name.Name.Text) : _aliases.Contains(node.Name.Qualifier.Text));

        private bool AllowsAny(TableReference item, JoinedTable own) => item switch
        {
            JoinedTable join => AllowsAny(join.Left, own) && AllowsAny(join.Right, own) && (ReferenceEquals(join, own) || join.On is null || AllowsAny(join.On)),
            DerivedTable { IsLateral: true } lateral => !Mentions(lateral.Query),
            _ => true,
        };

        private bool AllowsAny(Expression expression) => expression switch
        {
            LogicalExpression logical => Array.TrueForAll(logical.Operands, AllowsAny),
            OperatorExpression { Left: ColumnReference or Literal, Right: ColumnReference or Literal, IsOperatorSyntax: false } comparison
                when comparison.Operator.Name.Text is "=" or "<>" or "!=" or "<" or ">" or "<=" or ">=" => true,
            _ => !Mentions(expression),
        };

        private bool Mentions(SqlNode node)
        {
            _isMentioned = false;
            Visit(node);
            return _isMentioned;
        }
    }
}
