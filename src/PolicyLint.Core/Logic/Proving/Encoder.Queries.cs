using PolicyLint.Core.Access;
using PolicyLint.Core.Catalog;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Logic.Proving;

/// <content>Subqueries: rows that exist.</content>
internal sealed partial class Encoder
{
    // No identifier holds a NUL.
    private const string OperandOfMembership = "\0operand";

    /// <summary>Selects of a query and its UNION branches, outer joins taken apart.</summary>
    private List<QueryStatement> Branches(QueryStatement query, Scope scope)
    {
        var branches = new List<QueryStatement>();
        var pending = new Stack<QueryStatement>();
        pending.Push(query);
        while (pending.Count > 0)
        {
            var current = pending.Pop();
            if (current is SelectQuery select)
            {
                branches.AddRange(new OuterJoins(_catalog, name => IsCommon(name, select, scope), IsCoarse).Expand(select));
                continue;
            }
            if (current is not SetOperationQuery operation)
            {
                branches.Add(current);
                continue;
            }
            if (operation.Operator != SetOperator.Union || operation.Limit is not null || operation.With is not null)
                throw new UndecidedException(UnknownReason.SetOperation, "a set operation other than a plain UNION", operation);
            pending.Push(operation.Right);
            pending.Push(operation.Left);
        }
        return branches;
    }

    /// <summary>
    /// Where blocks, each inside the one before, all have a row and one of the goals is not true of the innermost. The rows that FROM asks for are given
    /// back: they exist by themselves, not because a condition asks for them.
    /// </summary>
    public (Prop Leak, HashSet<int> Given) EncodeRows(IReadOnlyList<SelectQuery> blocks, IReadOnlyList<Expression> goals)
    {
        var scope = new Scope(null, Sight.Everything);
        var rows = new List<int>();
        var conditions = new List<Prop>();
        foreach (var block in blocks)
        {
            var (own, condition, inner) = From(block, scope);
            rows.AddRange(own);
            conditions.Add(condition);
            scope = inner;
        }
        foreach (var goal in goals)
            conditions.Add(Prop.Not(Truth(goal, scope, true)));
        return (Prop.Exists([.. rows], Prop.And([.. conditions])), [.. rows]);
    }

    private static bool IsCommon(string name, SelectQuery select, Scope scope) =>
        (select.With is { } with && Array.Exists(with.Tables, table => table.Name == name)) || IsCommonAround(name, scope);

    private Prop ExistenceCore(QueryStatement query, Scope scope)
    {
        var items = new List<Prop>();
        foreach (var branch in Branches(query, scope))
        {
            if (branch is not SelectQuery select)
                throw new UndecidedException(UnknownReason.UnsupportedSyntax, "this kind of query", branch);
            if (select.Limit is { } limit)
            {
                if (limit.Offset is not null || (!limit.IsAll && limit.Count is not Literal { Kind: LiteralKind.Integer }))
                    throw new UndecidedException(UnknownReason.Limit, "LIMIT or OFFSET that is not known", limit);
                if (limit.Count is Literal count && count.GetText() == "0")
                    continue;
            }
            var (rows, condition, _) = From(select, scope);
            items.Add(Prop.Exists(rows, condition));
        }
        return Prop.Or([.. items]);
    }

    private Prop MembershipCore(string name, Expression operand, Scope scope, QueryStatement query, bool positive)
    {
        var items = new List<Prop>();
        foreach (var branch in Branches(query, scope))
        {
            if (branch.Limit is not null)
                throw new UndecidedException(UnknownReason.Limit, "LIMIT in a list of values", branch);
            if (branch is ValuesQuery values)
            {
                foreach (var row in values.Rows)
                {
                    var compared = Compare(name, operand, scope, row.Items.Length == 1 ? row.Items[0] : row, scope, positive);
                    items.Add(Signed(compared, positive));
                }
                continue;
            }
            if (branch is not SelectQuery select)
                throw new UndecidedException(UnknownReason.UnsupportedSyntax, "this kind of query", branch);
            if (select.From.Length == 0 && select.Targets.Length == 1 && select.Where is null && SetFunction(select.Targets[0].Value) is { } call)
            {
                items.Add(MemberOfFunction(name, operand, scope, call, positive));
                continue;
            }
            var (rows, condition, inner) = From(select, scope);
            Expression right = select.Targets.Length == 1 ? select.Targets[0].Value : new RowConstructor { Items = Array.ConvertAll(select.Targets, static target => target.Value) };
            if (right is ColumnReference { IsStar: true })
                throw new UndecidedException(UnknownReason.UnsupportedSyntax, "SELECT * as a list of values", right);
            // TRUE: some row compares TRUE. Not FALSE: some row does not compare FALSE.
            var comparison = Compare(name, operand, scope, right, inner, positive);
            items.Add(Prop.Exists(rows, Prop.And(condition, Signed(comparison, positive))));
        }
        return Signed(Prop.Or([.. items]), positive);
    }

    private FunctionCall? SetFunction(Expression expression) =>
        expression is FunctionCall call && SessionKeys.Of(call) is null && FindFunction(call) is { } function && function.Returns.StartsWith("setof", StringComparison.OrdinalIgnoreCase) ? call : null;

    // Where the operand is in the rows that the function returns; for a negative reading: where it is not FALSE.
    private Prop MemberOfFunction(string name, Expression operand, Scope scope, FunctionCall call, bool positive)
    {
        var function = FindFunction(call)!;
        if (function.IsTainted)
            throw new UndecidedException(UnknownReason.Tainted, call.Name + "() may have been changed by a statement that could not be read", call);
        if (reading.Bodies.Of(function) is { Query: { } query } && !function.IsStrict && !IsCoarse && !IsActive(function))
        {
            var inner = Enter(call, function, scope);
            // The operand is looked up outside: the body must not capture its names.
            inner.Parameters![OperandOfMembership] = Values(operand, scope);
            var membership = Membership(name, new ColumnReference { Name = new(new Name(OperandOfMembership)) }, inner, query, positive);
            Leave();
            return Signed(membership, positive);
        }
        if (name != "=" || !positive)
            throw new UndecidedException(UnknownReason.OpaqueFunction, call.Name + "() returns a set that is not known", call);
        if (function.Volatility == Volatility.Volatile)
            _assumptions.Add(call.Name + "() gives the same rows for the same arguments");
        _notEntered.Add(new(scope.Sight, function, null));
        return Pairs(Values(operand, scope), Apply(Functions.OpaqueSet(function, scope.Sight), call.Arguments, scope, "set", isStrict: false), (element, set) =>
            element == TermTable.Null ? Prop.False : Prop.And(Prop.IsNotNull(terms, element), Prop.Atom(PropKind.Member, element, set)));
    }

    private List<ValueCase> ScalarCore(QueryStatement query, Scope scope, SqlNode node)
    {
        if (query is not SelectQuery select || select.Targets.Length != 1)
            throw new UndecidedException(UnknownReason.SetOperation, "a scalar subquery that is no plain SELECT", node);
        if (select.Limit is not null && select.From.Length == 0)
            throw new UndecidedException(UnknownReason.Limit, "LIMIT in a scalar subquery", select.Limit);
        var (rows, condition, inner) = From(select, scope);
        var target = select.Targets[0].Value;
        if (rows.Length == 0)
        {
            var values = Values(target, inner);
            if (condition.Kind == PropKind.True)
                return values;
            var guarded = new List<ValueCase> { new([], Prop.Not(condition), TermTable.Null) };
            foreach (var value in values)
                guarded.Add(value with { Guard = Prop.And(condition, value.Guard) });
            return Living(guarded);
        }
        if (select.Limit?.Offset is not null || !IsAtMostOneRow(select, inner))
            return OneOfSeveral(select, rows, condition, Values(target, inner), node);
        var result = new List<ValueCase> { new([], Prop.Not(Prop.Exists(rows, condition)), TermTable.Null) };
        foreach (var value in Values(target, inner))
            result.Add(new([.. rows, .. value.Rows], Prop.And(condition, value.Guard), value.Term));
        return Living(result);
    }

    // Several rows may be found. Without LIMIT that raises an error; with it one of them is taken. Either way the value is one of them, the same one
    // wherever the same subquery stands: a name for it, and what is known of it.
    private List<ValueCase> OneOfSeveral(SelectQuery select, int[] rows, Prop condition, List<ValueCase> values, SqlNode node)
    {
        var own = new HashSet<int>(rows);
        foreach (var value in values)
            own.UnionWith(value.Rows);
        var key = new PropKey(terms, own);
        foreach (var row in rows)
            key.AddRow(row);
        key.Add(condition);
        foreach (var value in values)
        {
            foreach (var row in value.Rows)
                key.AddRow(row);
            key.Add(value.Guard);
            key.Add(value.Term);
        }
        // Of a row that is not yet chosen there is one value for each.
        if (key.HasOuterVariable(_target))
            throw new UndecidedException(UnknownReason.ScalarCardinality, "a scalar subquery that may find several rows", node);
        var type = "";
        foreach (var value in values)
            type = terms[value.Term].Type.Length > 0 ? terms[value.Term].Type : type;
        var chosen = terms.Function("one of " + key + (select.Limit is null ? "" : " limited"), [], type.Length == 0 ? TypeFamily.Any : type);
        var choices = new List<Prop> { Prop.And(Prop.IsNull(terms, chosen), Prop.Not(Prop.Exists(rows, condition))) };
        foreach (var value in values)
            choices.Add(Prop.Exists([.. rows, .. value.Rows], Prop.And(condition, value.Guard, Prop.Same(terms, chosen, value.Term))));
        _assumptions.Add(select.Limit is null ? "a scalar subquery finds at most one row" : "LIMIT 1 picks the same row each time");
        Definitions.Add(chosen, Prop.Or([.. choices]));
        return One(chosen);
    }

    // WHERE fixes every column of a key of the only table by values from outside of it.
    private static bool IsAtMostOneRow(SelectQuery select, Scope inner)
    {
        if (inner.Bindings.Count != 1 || inner.Bindings[0].Source?.Table is not { } table || select.Where is null)
            return false;
        var alias = inner.Bindings[0].Alias;
        var own = new HashSet<string>(StringComparer.Ordinal);
        var conjuncts = select.Where is LogicalExpression { Operator: LogicalOperator.And } and ? and.Operands : [select.Where];
        foreach (var conjunct in conjuncts)
        {
            if (conjunct is not OperatorExpression { Left: { } left } comparison || ComparisonOf(comparison) != "=")
                continue;
            if (OwnColumn(left) is { } first && IsOutside(comparison.Right))
                own.Add(first);
            else if (OwnColumn(comparison.Right) is { } second && IsOutside(left))
                own.Add(second);
        }
        foreach (var key in TableKeys.Of(table))
        {
            if (All(key, own))
                return true;
        }
        return false;

        string? OwnColumn(Expression expression) =>
            expression is ColumnReference { IsStar: false } column && (column.Name.Qualifier.IsEmpty ? table.FindColumn(column.Name.Name.Text) is not null : column.Name.Qualifier == alias)
                ? column.Name.Name.Text
                : null;

        bool IsOutside(Expression expression) => expression switch
        {
            ColumnReference => OwnColumn(expression) is null,
            Literal or ParameterReference => true,
            CastExpression cast => IsOutside(cast.Operand),
            _ => SessionTerms.IsSessionExpression(expression),
        };
    }

    private static bool All(IReadOnlyList<string> columns, HashSet<string> own)
    {
        foreach (var column in columns)
        {
            if (!own.Contains(column))
                return false;
        }
        return true;
    }

    /// <summary>Rows of FROM, and the condition under which they count: joins, WHERE, and what the inner tables' own policies show.</summary>
    private (int[] Rows, Prop Condition, Scope Inner) From(SelectQuery select, Scope scope)
    {
        if (select.GroupBy is not null || select.Having is not null || select.DistinctOn.Length > 0 || select.Windows.Length > 0 || select.Into is not null)
            throw new UndecidedException(UnknownReason.Aggregate, "GROUP BY, HAVING, DISTINCT ON or a window", select);
        foreach (var target in select.Targets)
        {
            if (target.Value is FunctionCall call && (call.IsStar || call.Over is not null || s_aggregates.Contains(call.Name.Name.Text)))
                throw new UndecidedException(UnknownReason.Aggregate, "an aggregate", call);
        }
        var inner = new Scope(scope, scope.Sight);
        if (select.With is { } with)
        {
            inner.IsWithRecursive = with.IsRecursive;
            inner.With = new(StringComparer.Ordinal);
            foreach (var table in with.Tables)
                inner.With[table.Name.Text] = table;
        }
        var rows = new List<int>();
        var conditions = new List<Prop>();
        foreach (var item in select.From)
            AddItem(item, inner, rows, conditions);
        if (select.Where is not null)
            conditions.Add(Truth(select.Where, inner, true));
        return ([.. rows], Prop.And([.. conditions]), inner);
    }

    private void AddItem(TableReference item, Scope inner, List<int> rows, List<Prop> conditions)
    {
        switch (item)
        {
            case NamedTable { Sample: null } named when named.Alias is null or { Columns.Length: 0, Definitions.Length: 0 }:
                AddTable(named, inner, rows, conditions);
                break;
            case JoinedTable { Kind: JoinKind.Inner or JoinKind.Cross, IsNatural: false, Using.Length: 0, Alias: null } join:
                AddItem(join.Left, inner, rows, conditions);
                AddItem(join.Right, inner, rows, conditions);
                if (join.On is not null)
                    conditions.Add(Truth(join.On, inner, true));
                break;
            case JoinedTable { Kind: JoinKind.Left or JoinKind.Right or JoinKind.Full } outer:
                throw new UndecidedException(UnknownReason.OuterJoin, "an outer join", outer);
            case DerivedTable { Alias: { Columns.Length: 0 } alias, Query: SelectQuery { Limit: null } select } derived:
                AddDerived(alias.Name.Text, select, derived.IsLateral ? inner : new Scope(inner.Outer, inner.Sight) { With = inner.With }, inner, rows, conditions);
                break;
            default:
                throw new UndecidedException(UnknownReason.UnsupportedSyntax, "this item of FROM", item);
        }
    }

    private void AddDerived(string alias, SelectQuery select, Scope around, Scope inner, List<int> rows, List<Prop> conditions, IReadOnlyList<Column>? names = null)
    {
        var (own, condition, scope) = From(select, around);
        var targets = new Dictionary<string, Expression>(StringComparer.Ordinal);
        for (var i = 0; i < select.Targets.Length; i++)
        {
            var target = select.Targets[i];
            if (target.Value is ColumnReference { IsStar: true } star)
            {
                AddAllColumns(star, scope, targets);
                continue;
            }
            var name = names is { Count: > 0 } ? names[i].Name : !target.Alias.IsEmpty ? target.Alias.Text : target.Value is ColumnReference { IsStar: false } column ? column.Name.Name.Text : "";
            if (name.Length == 0 || targets.ContainsKey(name))
                throw new UndecidedException(UnknownReason.UnsupportedSyntax, "the columns of a derived table", target);
            targets.Add(name, target.Value);
        }
        rows.AddRange(own);
        conditions.Add(condition);
        inner.Bindings.Add(new(alias, -1, null, targets, scope));
    }

    private static void AddAllColumns(ColumnReference star, Scope scope, Dictionary<string, Expression> targets)
    {
        foreach (var binding in scope.Bindings)
        {
            if (!star.Name.IsEmpty && star.Name.Name != binding.Alias)
                continue;
            var names = new List<string>();
            if (binding.Targets is not null)
                names.AddRange(binding.Targets.Keys);
            else if (binding.Source!.Relation is { AreColumnsKnown: true } relation)
                names.AddRange(relation.Columns.Select(static column => column.Name));
            else
                throw new UndecidedException(UnknownReason.SchemaMissing, "the columns of " + binding.Alias, star);
            foreach (var name in names)
            {
                if (targets.ContainsKey(name))
                    throw new UndecidedException(UnknownReason.UnsupportedSyntax, "the columns of a derived table", star);
                targets.Add(name, new ColumnReference { Name = new(new Name(name), new Name(binding.Alias)) });
            }
        }
    }

    private void AddTable(NamedTable named, Scope inner, List<int> rows, List<Prop> conditions)
    {
        var alias = named.Alias is { } given ? given.Name.Text : named.Name.Name.Text;
        if (named.Name.Schema is null)
        {
            for (var current = inner; current is not null; current = current.Outer)
            {
                if (current.With is null || !current.With.TryGetValue(named.Name.Name.Text, out var common))
                    continue;
                if (current.IsWithRecursive)
                    throw new UndecidedException(UnknownReason.CyclicDependency, "WITH RECURSIVE", common);
                if (common.Columns.Length > 0 || common.Query is not SelectQuery { Limit: null } select)
                    throw new UndecidedException(UnknownReason.UnsupportedSyntax, "this WITH query", common);
                AddDerived(alias, select, new Scope(current.Outer, current.Sight) { With = Without(current.With, named.Name.Name.Text) }, inner, rows, conditions);
                return;
            }
        }
        var relation = _catalog.FindRelation(named.Name);
        if (relation is View view)
        {
            if (TryAddView(view, alias, inner, rows, conditions))
                return;
            _notEntered.Add(new(inner.Sight, null, named));
        }
        if (relation is not null && !ReferenceEquals(schema, _catalog) && !schema.Relations.TryGetValue(relation.Id, out relation))
            throw new UndecidedException(UnknownReason.SchemaMissing, named.Name + " is no longer there", named);
        var source = terms.Source(relation?.Id.ToString() ?? "?" + named.Name, relation);
        var row = terms.NewRow(source);
        rows.Add(row);
        inner.Bindings.Add(new(alias, row, source));
        if (inner.Sight == Sight.Role)
            conditions.Add(Sees(source, row, named));
        else if (inner.Sight == Sight.Owner && relation is Table owned && !_policies.OwnerReadsAll(owned))
            conditions.Add(Prop.Atom(PropKind.Visible, row));
    }

    // A view reads as its owner unless it says that it reads as whoever asks. One that cannot be read stands as rows of which nothing is known.
    private bool TryAddView(View view, string alias, Scope inner, List<int> rows, List<Prop> conditions)
    {
        if (view is not { IsMaterialized: false, SecurityInvoker.IsKnown: true, IsAccessTainted: false, Query.Tree: SelectQuery { Limit: null } shown } || _inlining >= MaximumInlining || ViewNames.Of(view, shown, _catalog) is not { } names)
            return false;
        var (depth, inlining, sight) = (_depth, _inlining, _sight);
        try
        {
            _inlining++;
            AddDerived(alias, shown, new Scope(null, view.SecurityInvoker.Value || inner.Sight != Sight.Role ? inner.Sight : Sight.Owner), inner, rows, conditions, names);
            return true;
        }
        catch (UndecidedException)
        {
            return false;
        }
        finally
        {
            (_depth, _inlining, _sight) = (depth, inlining, sight);
        }
    }

    private static Dictionary<string, CommonTableExpression> Without(Dictionary<string, CommonTableExpression> with, string name)
    {
        var rest = new Dictionary<string, CommonTableExpression>(with, StringComparer.Ordinal);
        rest.Remove(name);
        return rest;
    }

    // What the role sees of a row of another table: PostgreSQL applies that table's own policies inside a policy too.
    private Prop Sees(RowSource source, int row, SqlNode node)
    {
        if (source.Table is not { } shown || !_catalog.Relations.TryGetValue(shown.Id, out var known) || known is not Table table)
            return Prop.Atom(PropKind.Visible, row);
        if (table.IsAccessTainted || !table.RowSecurityEnabled.IsKnown)
            throw new UndecidedException(UnknownReason.Tainted, table.Id + " may have been changed by a statement that could not be read", node);
        if (!table.RowSecurityEnabled.Value)
            return Prop.True;
        if (!_policies.IsRoleKnown)
            return Prop.Atom(PropKind.Visible, row);
        if (_policies.ReadingPolicies(table) is not { } applying)
            return Prop.True;
        if (++_sight > MaximumSight)
            throw new UndecidedException(UnknownReason.PolicyRecursion, "the policies of " + table.Id + " read each other", node);
        var seen = Combine(applying, PolicyClause.Using, row, table.Id.Name);
        _sight--;
        return seen;
    }
}
