using PolicyLint.Core.Catalog;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Access;

/// <summary>A column of a user's own row by which policies decide what the user may do.</summary>
/// <param name="Column">Its name.</param>
/// <param name="IsLink">It says where the user belongs to (a tenant, a group); otherwise what the user is there (a role, a flag).</param>
/// <param name="Reader">What reads it: `the policy members on public.documents`, `public.is_admin()`.</param>
internal sealed record DecidingColumn(string Column, bool IsLink, string Reader);

/// <summary>
/// The columns that policies, the functions that they call and SECURITY DEFINER functions look up in the row of the user who asks: compared with
/// constants, handed on, or compared with the row in question.
/// </summary>
internal sealed class DecidingColumns : SqlVisitor
{
    private readonly ICatalog _catalog;
    private readonly Dictionary<QualifiedId, List<DecidingColumn>> _found = [];
    private readonly HashSet<Function> _entered = [];
    private string _reader = "";

    /// <param name="catalog">The catalog.</param>
    /// <param name="tables">Those whose policies are read, in order: one of several that are alike will do, because they look at no user's row.</param>
    public DecidingColumns(ICatalog catalog, IEnumerable<Table> tables)
    {
        _catalog = catalog;
        foreach (var table in tables)
        {
            foreach (var policy in table.Policies)
            {
                _reader = $"the policy {policy.Name} on {table.Id}";
                Visit(policy.Using?.Tree);
                Visit(policy.WithCheck?.Tree);
            }
        }
        foreach (var function in catalog.FunctionsInOrder())
        {
            if (function.IsSecurityDefiner && !function.IsForeignOwned)
                Enter(function);
        }
    }

    /// <summary>Those of a table, in the order in which they are read.</summary>
    public IReadOnlyList<DecidingColumn> Of(Table table) => _found.TryGetValue(table.Id, out var columns) ? columns : [];

    public override void VisitFunctionCall(FunctionCall node)
    {
        foreach (var function in _catalog.FindFunctions(node.Name))
        {
            if (!function.IsForeignOwned)
                Enter(function);
        }
        base.VisitFunctionCall(node);
    }

    public override void VisitSelectQuery(SelectQuery node)
    {
        if (node is { From: [NamedTable named], Where: { } where } && _catalog.FindTable(named.Name) is { IsAssumed: false, IsForeignOwned: false, AreColumnsKnown: true } table)
            Read(node, where, table, named.Alias is { } alias ? alias.Name.Text : table.Id.Name);
        base.VisitSelectQuery(node);
    }

    private void Enter(Function function)
    {
        if (!_entered.Add(function) || FunctionBodies.Of(function) is not { } roots)
            return;
        var outer = _reader;
        _reader = $"{function.Id}()";
        foreach (var root in roots)
            Visit(root);
        _reader = outer;
    }

    private void Read(SelectQuery query, Expression where, Table table, string alias)
    {
        var users = new HashSet<string>(StringComparer.Ordinal);
        foreach (var conjunct in Connectives.Conjuncts(where))
        {
            if (conjunct is OperatorExpression { Left: { } left } comparison && comparison.Operator.Name == "="
                && (SessionTerms.IsSessionExpression(comparison.Right) ? Own(left) : SessionTerms.IsSessionExpression(left) ? Own(comparison.Right) : null) is { } user)
                users.Add(user);
        }
        if (users.Count == 0)
            return;
        foreach (var conjunct in Connectives.Conjuncts(where))
        {
            switch (conjunct)
            {
                case OperatorExpression { Left: { } left } comparison when comparison.Operator.Name == "=":
                    Add(Own(left), IsLink: !IsConstant(comparison.Right));
                    Add(Own(comparison.Right), IsLink: !IsConstant(left));
                    break;
                case InList { IsNegated: false } list when Array.TrueForAll(list.Items, IsConstant):
                    Add(Own(list.Operand), IsLink: false);
                    break;
                case QuantifiedComparison { Quantifier: Quantifier.Any } any:
                    Add(Own(any.Operand), IsLink: false);
                    break;
                case ColumnReference flag:
                    Add(Own(flag), IsLink: false);
                    break;
            }
        }
        foreach (var target in query.Targets)
            Add(Own(target.Value), IsLink: true);

        string? Own(Expression expression) => expression switch
        {
            CastExpression cast => Own(cast.Operand),
            ColumnReference { IsStar: false } column when column.Name.Qualifier.IsEmpty || column.Name.Qualifier == alias => table.FindColumn(column.Name.Name.Text)?.Name,
            _ => null,
        };

        void Add(string? column, bool IsLink)
        {
            // What a row is known by says which one it is: `project_id IN (SELECT id FROM projects WHERE owner_id = auth.uid())`.
            if (column is null || users.Contains(column) || (IsLink && TableKeys.Of(table).Any(key => key.Count == 1 && key[0] == column)))
                return;
            if (!_found.TryGetValue(table.Id, out var columns))
                _found.Add(table.Id, columns = []);
            if (!columns.Exists(known => known.Column == column))
                columns.Add(new(column, IsLink, _reader));
        }
    }

    private static bool IsConstant(Expression expression) => expression is Literal or CastExpression { Operand: Literal };
}

/// <summary>What keeps a user from writing a column of a row that policies let through: privileges, and triggers that look at it.</summary>
internal static class ColumnGuards
{
    /// <summary>Whether a role may write the column as far as grants say, and no trigger looks at it, or does what is not known.</summary>
    public static bool MayWrite(ICatalog catalog, Table table, string role, PolicyCommand command, Column column)
    {
        if (column.IsGenerated || !TablePrivileges.Has(catalog, table, role, command, column))
            return false;
        foreach (var trigger in table.Triggers)
        {
            if (trigger.IsEnabled && (command == PolicyCommand.Insert ? trigger.OnInsert : trigger.OnUpdate) && LooksAt(catalog, trigger, column.Name))
                return false;
        }
        return true;
    }

    private static bool LooksAt(ICatalog catalog, Trigger trigger, string column)
    {
        if (trigger.UpdateColumns.Contains(column) || !catalog.Functions.TryGetValue(trigger.Function, out var functions))
            return true;
        foreach (var function in functions)
        {
            if (function.IsTainted || FunctionBodies.Of(function) is not { } roots)
                return true;
            var search = new ColumnSearch(column);
            foreach (var root in roots)
                search.Visit(root);
            if (search.Found)
                return true;
        }
        return false;
    }

    private sealed class ColumnSearch(string column) : SqlVisitor
    {
        public bool Found { get; private set; }

        public override void VisitColumnReference(ColumnReference node)
        {
            Found |= node.Name.Name.Text == column;
            base.VisitColumnReference(node);
        }

        // The whole row is handed on.
        public override void VisitFunctionCall(FunctionCall node)
        {
            Found |= Array.Exists(node.Arguments, static argument => argument is ColumnReference { Name.Qualifier.IsEmpty: true } row && row.Name.Name.Text is "new" or "old");
            base.VisitFunctionCall(node);
        }
    }
}
