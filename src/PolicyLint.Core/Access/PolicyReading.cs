using PolicyLint.Core.Catalog;
using PolicyLint.Sql;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Access;

/// <summary>The expressions by which a policy knows who is there: `auth.uid()`, `current_setting('app.user', true)`.</summary>
internal sealed class UserTerms : SqlVisitor
{
    private readonly List<string> _found = [];

    /// <summary>As printed, each once. A setting that raises an error where it is missing is not among them: it cannot be NULL.</summary>
    public static IReadOnlyList<string> Of(Expression expression)
    {
        var terms = new UserTerms();
        terms.Visit(expression);
        return terms._found;
    }

    public static bool Is(FunctionCall call) =>
        call.Name.Schema == "auth" ? call.Name.Name == "uid" && call.Arguments.Length == 0
        : call.Name.Schema is null or "pg_catalog" && call.Name.Name == "current_setting" && call.Arguments is [Literal or CastExpression { Operand: Literal }, Literal { Kind: LiteralKind.True }];

    public override void VisitFunctionCall(FunctionCall node)
    {
        if (Is(node) && SqlPrinter.Print(node) is var printed && !_found.Contains(printed))
            _found.Add(printed);
        base.VisitFunctionCall(node);
    }
}

/// <summary>Puts somebody whom no row names in the place of a user term.</summary>
internal sealed class StrangerFor(string user) : SqlRewriter
{
    private const string Nobody = "ffffffff-ffff-4fff-bfff-ffffffffffff";

    public override T Rewrite<T>(T node) =>
        node is FunctionCall call && UserTerms.Is(call) && SqlPrinter.Print(call) == user
            && Tenancy.Parse(call.Name.Schema == "auth" ? $"'{Nobody}'::uuid" : $"'{Nobody}'::text") is { Tree: T stranger }
            ? stranger
            : base.Rewrite(node);
}

/// <summary>Whether an expression asks more than operators: functions that are not built in, or other tables.</summary>
internal sealed class CallsOrReads(Table? table) : SqlVisitor
{
    private bool _found;

    public static bool Any(Expression expression)
    {
        var search = new CallsOrReads(null);
        search.Visit(expression);
        return search._found;
    }

    /// <summary>Whether the whole row or one of its columns goes into a function.</summary>
    public static bool HasRowArgument(Expression expression, Table table)
    {
        var search = new CallsOrReads(table);
        search.Visit(expression);
        return search._found;
    }

    public override void VisitFunctionCall(FunctionCall node)
    {
        _found |= table is null && !SessionTerms.IsSessionFunction(node);
        base.VisitFunctionCall(node);
    }

    public override void VisitNamedTable(NamedTable node)
    {
        _found |= table is null;
        base.VisitNamedTable(node);
    }

    public override void VisitColumnReference(ColumnReference node)
    {
        _found |= table is not null && (node.IsStar ? node.Name.Name == table.Id.Name : node.Name.Qualifier.IsEmpty && node.Name.Name == table.Id.Name);
        base.VisitColumnReference(node);
    }
}

/// <summary>
/// A subquery that asks whether the user is a member of anything: it reads a table of users and tenants, compares the user, and leaves the tenant open
/// although the row has one.
/// </summary>
internal sealed class UnkeyedMembership : SqlVisitor
{
    private readonly ICatalog _catalog;
    private readonly Table _table;
    private (QualifiedId Members, SqlFragment<Expression> Keyed)? _found;

    private UnkeyedMembership(ICatalog catalog, Table table)
    {
        _catalog = catalog;
        _table = table;
    }

    /// <summary>The membership table and the condition with its key, or null. The part refers to no column of the row.</summary>
    public static (QualifiedId Members, SqlFragment<Expression> Keyed)? Find(ICatalog catalog, Table table, Expression part)
    {
        var search = new UnkeyedMembership(catalog, table);
        search.Visit(part);
        return search._found;
    }

    public override void VisitSelectQuery(SelectQuery node)
    {
        if (_found is null && node.From is [NamedTable named] && node.Where is { } where && _catalog.FindTable(named.Name) is { IsAssumed: false, AreColumnsKnown: true } members && members.Id != _table.Id
            && Conjuncts.UserComparison(where) is { } user && !IsOneRowPerUser(members, where) && SharedKey(members) is { } key
            && Tenancy.Parse($"EXISTS (SELECT 1 FROM {Name(members.Id)} AS keyed WHERE keyed.{Tenancy.Quote(user.Column)} = {SqlPrinter.Print(user.Session)} AND keyed.{Tenancy.Quote(key.Theirs)} = {Tenancy.Quote(_table.Id.Name)}.{Tenancy.Quote(key.Ours)})") is { } keyed)
            _found = (members.Id, keyed);
        base.VisitSelectQuery(node);
    }

    private static string Name(QualifiedId id) => Tenancy.Quote(id.Schema) + "." + Tenancy.Quote(id.Name);

    // Both point to the same tenant by foreign keys to one table, or the membership points to the row's own table.
    private (string Theirs, string Ours)? SharedKey(Table members)
    {
        foreach (var theirs in members.Constraints)
        {
            if (theirs is not { Kind: ConstraintKind.ForeignKey, ReferencedTable: { } referenced, Columns.Count: 1, ReferencedColumns.Count: 1 } || IsUsers(referenced))
                continue;
            if (referenced == _table.Id)
                return (theirs.Columns[0], theirs.ReferencedColumns[0]);
            foreach (var ours in _table.Constraints)
            {
                if (ours is { Kind: ConstraintKind.ForeignKey, Columns.Count: 1 } && ours.ReferencedTable == referenced)
                    return (theirs.Columns[0], ours.Columns[0]);
            }
        }
        return null;
    }

    private static bool IsUsers(QualifiedId id) => id.Schema == "auth" || id.Name is "users" or "profiles" or "accounts";

    // One row a user says who the user is (an administrator, say) and not where.
    private static bool IsOneRowPerUser(Table members, Expression where)
    {
        foreach (var constraint in members.Constraints)
        {
            if (constraint is { Kind: ConstraintKind.PrimaryKey or ConstraintKind.Unique, Columns.Count: 1 } && Conjuncts.ComparesUser(where, constraint.Columns[0]))
                return true;
        }
        return false;
    }

    private static class Conjuncts
    {
        public static (string Column, Expression Session)? UserComparison(Expression where)
        {
            foreach (var conjunct in Connectives.Conjuncts(where))
            {
                if (Compared(conjunct) is { } compared)
                    return compared;
            }
            return null;
        }

        public static bool ComparesUser(Expression where, string column)
        {
            foreach (var conjunct in Connectives.Conjuncts(where))
            {
                if (Compared(conjunct)?.Column == column)
                    return true;
            }
            return false;
        }

        private static (string Column, Expression Session)? Compared(Expression conjunct)
        {
            if (conjunct is not OperatorExpression { Left: { } left, Right: var right } comparison || comparison.Operator.Name != "=")
                return null;
            return left is ColumnReference first && SessionTerms.IsSessionExpression(right) ? (first.Name.Name.Text, right)
                : right is ColumnReference second && SessionTerms.IsSessionExpression(left) ? (second.Name.Name.Text, left)
                : null;
        }
    }
}
