using PolicyLint.Core.Catalog;
using PolicyLint.Sql;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Access;

/// <summary>A condition of a policy that says by a column whose a row is.</summary>
/// <param name="Column">The column of the policy's table.</param>
/// <param name="Goal">The condition as text, over that column alone: it can be asked of another table that has the column.</param>
/// <param name="Family">Conditions of one family ask the same thing with more or less rigour: a membership of one table, one helper function.</param>
internal sealed record OwnershipCondition(string Column, string Goal, string Family)
{
    /// <summary>The family of columns compared with a value that the session carries: a claim, a setting, what a function makes of them.</summary>
    public const string SessionValue = "session value";

    /// <summary>How the families begin that compare with the user itself.</summary>
    public const string User = "user ";
}

/// <summary>
/// Reads the conditions by which policies tie rows to the session: `user_id = auth.uid()`, `org_id IN (SELECT …)` and the EXISTS that means
/// the same, `org_id = ANY (my_orgs())`, and helpers such as `is_member_of(org_id)` that ask who calls them.
/// </summary>
internal sealed class OwnershipConditions(ICatalog catalog)
{
    /// <summary>The conditions among the operands of AND and OR, in the order of the text.</summary>
    public IEnumerable<OwnershipCondition> In(Table table, Expression predicate)
    {
        var pending = new Stack<Expression>();
        pending.Push(predicate);
        while (pending.Count > 0)
        {
            var part = pending.Pop();
            if (part is LogicalExpression logical)
            {
                for (var i = logical.Operands.Length - 1; i >= 0; i--)
                    pending.Push(logical.Operands[i]);
            }
            else if (Read(table, part) is { } condition)
                yield return condition;
        }
    }

    /// <summary>Whether a predicate reads a table, or names one: what it says is of the policy's table alone. Otherwise it says the same of any.</summary>
    public static bool NamesTable(Expression predicate)
    {
        var search = new TableNames();
        search.Visit(predicate);
        return search.Found;
    }

    private OwnershipCondition? Read(Table table, Expression part)
    {
        switch (part)
        {
            case ScalarSubquery { Query: SelectQuery { From.Length: 0, Where: null, Targets.Length: 1 } wrapped }:
                return Read(table, wrapped.Targets[0].Value);
            case OperatorExpression { Left: { } left, Right: var right } comparison when comparison.Operator.Name == "=":
                if (left is ScalarSubquery { Query: SelectQuery { From.Length: > 0 } owner } && SessionTerms.IsSessionExpression(right))
                    return ReadOwner(table, owner, right);
                if (right is ScalarSubquery { Query: SelectQuery { From.Length: > 0 } parent } && SessionTerms.IsSessionExpression(left))
                    return ReadOwner(table, parent, left);
                if (ColumnOf(left, table) is { } first && SessionTerms.IsSessionExpression(right))
                    return new(first, $"{Tenancy.Quote(first)} = {SqlPrinter.Print(right)}", FamilyOf(right));
                return ColumnOf(right, table) is { } second && SessionTerms.IsSessionExpression(left) ? new(second, $"{Tenancy.Quote(second)} = {SqlPrinter.Print(left)}", FamilyOf(left)) : null;
            case InSubquery { IsNegated: false } membership when ColumnOf(membership.Operand, table) is { } member && IsOfSession(membership.Query, table):
                return new(member, $"{Tenancy.Quote(member)} IN ({SqlPrinter.Print(membership.Query)})", FamilyOf(membership.Query));
            case QuantifiedComparison { Quantifier: Quantifier.Any } any when any.Operator.Name == "=" && ColumnOf(any.Operand, table) is { } column:
                if (any.Query is { } query)
                    return IsOfSession(query, table) ? new(column, $"{Tenancy.Quote(column)} IN ({SqlPrinter.Print(query)})", FamilyOf(query)) : null;
                if (any.Array is ArraySubquery { Query: var items })
                    return IsOfSession(items, table) ? new(column, $"{Tenancy.Quote(column)} IN ({SqlPrinter.Print(items)})", FamilyOf(items)) : null;
                return any.Array is { } array && SessionTerms.IsSessionExpression(array) ? new(column, $"{Tenancy.Quote(column)} = ANY ({SqlPrinter.Print(array)})", FamilyOf(array)) : null;
            case ExistsSubquery { Query: SelectQuery select }:
                return ReadExists(table, select);
            case FunctionCall call:
                return ReadHelper(table, call);
            default:
                return null;
        }
    }

    // (SELECT p.user_id FROM parents p WHERE p.id = t.parent_id) = auth.uid() is t.parent_id IN (SELECT p.id FROM parents p WHERE p.user_id = auth.uid()).
    private OwnershipCondition? ReadOwner(Table table, SelectQuery select, Expression session)
    {
        if (select.Targets.Length != 1)
            return null;
        var isOwn = new OperatorExpression { Operator = new(new Name("=")), Left = select.Targets[0].Value, Right = session };
        return ReadExists(table, select, isOwn);
    }

    // EXISTS (SELECT … FROM members m WHERE m.org_id = t.org_id AND m.user_id = auth.uid()) is t.org_id IN (SELECT m.org_id FROM members m WHERE m.user_id = auth.uid()).
    private OwnershipCondition? ReadExists(Table table, SelectQuery select, Expression? also = null)
    {
        if (select is not { GroupBy: null, Having: null, With: null, Limit: null, Where: { } where } || select.From.Length == 0 || Hides(select.From, table))
            return null;
        var links = new List<(ColumnReference Ours, Expression Theirs)>();
        var rest = new List<Expression>();
        foreach (var conjunct in Connectives.Conjuncts(where))
        {
            if (conjunct is OperatorExpression { Left: ColumnReference left, Right: ColumnReference right } equality && equality.Operator.Name == "=" && IsOuter(left, table, select.From) != IsOuter(right, table, select.From))
                links.Add(IsOuter(left, table, select.From) ? (left, right) : (right, left));
            else
                rest.Add(conjunct);
        }
        if (also is not null)
            rest.Add(also);
        if (links.Count != 1)
            return null;
        var query = new SelectQuery
        {
            Targets = [new SelectItem { Value = links[0].Theirs }],
            From = select.From,
            Where = rest.Count == 0 ? null : QueryBlock.Conjunction([.. rest]),
        };
        var column = links[0].Ours.Name.Name.Text;
        return IsOfSession(query, table) ? new(column, $"{Tenancy.Quote(column)} IN ({SqlPrinter.Print(query)})", FamilyOf(query)) : null;
    }

    // One column goes in, all else is constant or the session's, and the function asks who calls it.
    private OwnershipCondition? ReadHelper(Table table, FunctionCall call)
    {
        if (SessionTerms.IsSessionFunction(call) || call.Over is not null || call.IsStar)
            return null;
        string? column = null;
        var asksSession = false;
        foreach (var argument in call.Arguments)
        {
            if (ColumnOf(argument, table) is { } name && column is null)
                column = name;
            else if (SessionTerms.IsSessionExpression(argument))
                asksSession = true;
            else if (argument is not (Literal or CastExpression { Operand: Literal }))
                return null;
        }
        if (column is null || HelperOf(call) is not { } helper || !(asksSession || FunctionReach.MayAskForCaller(catalog, helper)))
            return null;
        var asked = new FunctionCall
        {
            Name = call.Name,
            Arguments = Array.ConvertAll(call.Arguments, argument => ColumnOf(argument, table) is null ? argument : new ColumnReference { Name = new(new Name(column)) }),
        };
        return new(column, SqlPrinter.Print(asked), "helper " + helper.Id);
    }

    private Function? HelperOf(FunctionCall call)
    {
        foreach (var function in catalog.FindFunctions(call.Name))
        {
            if (!function.IsForeignOwned && function.Returns == "boolean" && function.InputTypes.Count() == call.Arguments.Length)
                return function;
        }
        return null;
    }

    // A query of the session's own values: it reads no column of the table that the policy is for.
    private bool IsOfSession(QueryStatement query, Table table)
    {
        if (OuterColumns.Any(query, table))
            return false;
        if (SessionTerms.Contains(query))
            return true;
        return query is SelectQuery { Where: null } select
            && (select is { From.Length: 0, Targets.Length: 1 } ? SessionTerms.IsSessionExpression(select.Targets[0].Value) : IsCallOfSession(select.From));
    }

    private bool IsCallOfSession(TableReference[] from) =>
        from is [FunctionTable { Functions: [{ Function: FunctionCall { Arguments.Length: 0 } call }] }] && catalog.FindFunctions(call.Name) is [{ IsForeignOwned: false } function] && FunctionReach.MayAskForCaller(catalog, function);

    private static string FamilyOf(Expression value)
    {
        var core = Core(value);
        return core is FunctionCall { Name: { Schema: "auth", Name.Text: "uid" or "email" or "role" } } or SqlValueFunction ? OwnershipCondition.User + SqlPrinter.Print(core) : OwnershipCondition.SessionValue;
    }

    private string FamilyOf(QueryStatement query)
    {
        var relations = new SortedSet<string>(StringComparer.Ordinal);
        if (query is SelectQuery select)
        {
            foreach (var item in select.From)
            {
                if (item is NamedTable named)
                    relations.Add(catalog.FindRelation(named.Name)?.Id.ToString() ?? named.Name.ToString());
                else
                    return "query " + SqlPrinter.Print(query);
            }
        }
        return relations.Count == 0 ? "query " + SqlPrinter.Print(query) : "members of " + string.Join(", ", relations);
    }

    private static Expression Core(Expression expression) => expression switch
    {
        CastExpression cast => Core(cast.Operand),
        ScalarSubquery { Query: SelectQuery { From.Length: 0, Targets.Length: 1 } select } => Core(select.Targets[0].Value),
        _ => expression,
    };

    // A cast of the column does not change whose the row is.
    private static string? ColumnOf(Expression expression, Table table) => expression switch
    {
        CastExpression cast => ColumnOf(cast.Operand, table),
        ColumnReference { IsStar: false } column when column.Name.Qualifier.IsEmpty || column.Name.Qualifier == table.Id.Name => column.Name.Name.Text,
        _ => null,
    };

    private static bool IsOuter(ColumnReference column, Table table) => !column.IsStar && !column.Name.Qualifier.IsEmpty && column.Name.Qualifier == table.Id.Name;

    // A bare name is the innermost relation's that has it.
    private bool IsOuter(ColumnReference column, Table table, TableReference[] from)
    {
        if (!column.Name.Qualifier.IsEmpty)
            return IsOuter(column, table);
        if (column.IsStar || table.FindColumn(column.Name.Name.Text) is null)
            return false;
        foreach (var item in from)
        {
            if (item is not NamedTable named || catalog.FindTable(named.Name) is not { AreColumnsKnown: true } inner || inner.FindColumn(column.Name.Name.Text) is not null)
                return false;
        }
        return true;
    }

    // A relation of FROM takes the name, so that what is qualified by it is not the policy's table.
    private static bool Hides(TableReference[] from, Table table)
    {
        foreach (var item in from)
        {
            if (item is NamedTable named && (named.Alias is { } alias ? alias.Name : named.Name.Name) == table.Id.Name)
                return true;
        }
        return false;
    }

    private sealed class OuterColumns(Table table) : SqlVisitor
    {
        private bool _found;

        public static bool Any(QueryStatement query, Table table)
        {
            var search = new OuterColumns(table);
            search.Visit(query);
            return search._found;
        }

        public override void VisitSelectQuery(SelectQuery node)
        {
            if (!Hides(node.From, table))
                base.VisitSelectQuery(node);
        }

        public override void VisitColumnReference(ColumnReference node) => _found |= IsOuter(node, table);
    }

    private sealed class TableNames : SqlVisitor
    {
        public bool Found { get; private set; }

        public override void VisitSelectQuery(SelectQuery node)
        {
            Found |= node.From.Length > 0;
            base.VisitSelectQuery(node);
        }

        public override void VisitColumnReference(ColumnReference node) => Found |= node.IsStar || !node.Name.Qualifier.IsEmpty;
    }
}
