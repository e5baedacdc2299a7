using PolicyLint.Core.Access;
using PolicyLint.Core.Catalog;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Logic.Proving;

/// <content>Subqueries: which rows they have, and what their reader sees of them.</content>
internal sealed partial class Interpreter
{
    private Datum Existence(QueryStatement query, Frame frame)
    {
        if (query is SetOperationQuery { Operator: SetOperator.Union, Limit: null, With: null } union)
            return Datum.Or(Existence(union.Left, frame), Existence(union.Right, frame));
        if (query is not SelectQuery select || (select.Limit is { } limit && (limit.Offset is not null || limit.Count is not Literal { Kind: LiteralKind.Integer } count || count.GetText() == "0")))
            return Datum.Open;
        var result = Datum.False;
        foreach (var (_, condition) in Rows(select, frame))
            result = Datum.Or(result, condition.Kind == DatumKind.Null ? Datum.False : condition);
        return result;
    }

    private Datum Membership(string name, Expression operand, Frame frame, QueryStatement query)
    {
        if (query.Limit is not null)
            return Datum.Open;
        switch (query)
        {
            case SetOperationQuery { Operator: SetOperator.Union, With: null } union:
                return Datum.Or(Membership(name, operand, frame, union.Left), Membership(name, operand, frame, union.Right));
            case ValuesQuery values:
            {
                var result = Datum.False;
                foreach (var row in values.Rows)
                    result = Datum.Or(result, Compare(name, operand, frame, row.Items.Length == 1 ? row.Items[0] : row, frame));
                return result;
            }
            case SelectQuery { From.Length: 0, Where: null, Targets: [{ Value: FunctionCall call }] } when SessionKeys.Of(call) is null:
            {
                var functions = _catalog.FindFunctions(call.Name);
                if (functions.Count == 0)
                    return Compare(name, operand, frame, call, frame);
                if (functions.Count != 1 || ++_calls > MaximumCalls)
                    return Datum.Open;
                if (!functions[0].Returns.StartsWith("setof", StringComparison.OrdinalIgnoreCase))
                    return Compare(name, operand, frame, call, frame);
                if (reading.Bodies.Of(functions[0]) is null)
                    return AnyOf(name, Evaluate(operand, frame), Assumed(Functions.OpaqueSet(functions[0], frame.Sight), call.Arguments, frame));
                return Inside(call, functions[0], frame, (self, inner, scope) => self.Membership(name, operand, frame, inner, scope));
            }
            default:
                return Membership(name, operand, frame, query, frame);
        }
    }

    private static Datum AnyOf(string name, Datum operand, Datum set)
    {
        if (set.Items is null)
            return Datum.Open;
        var result = Datum.False;
        foreach (var item in set.Items)
            result = Datum.Or(result, Compare(name, operand, item));
        return result;
    }

    // The operand is read outside; the rows inside.
    private Datum Membership(string name, Expression operand, Frame outside, QueryStatement query, Frame inside)
    {
        if (query is SetOperationQuery { Operator: SetOperator.Union, Limit: null, With: null } union)
            return Datum.Or(Membership(name, operand, outside, union.Left, inside), Membership(name, operand, outside, union.Right, inside));
        if (query is not SelectQuery { Limit: null } select)
            return Datum.Open;
        Expression right = select.Targets.Length == 1 ? select.Targets[0].Value : new RowConstructor { Items = Array.ConvertAll(select.Targets, static target => target.Value) };
        if (right is ColumnReference { IsStar: true })
            return Datum.Open;
        var result = Datum.False;
        foreach (var (row, condition) in Rows(select, inside))
        {
            if (condition.IsFalse || condition.Kind == DatumKind.Null)
                continue;
            var compared = Compare(name, operand, outside, right, row);
            result = Datum.Or(result, condition.IsTrue ? compared : Datum.Open);
        }
        return result;
    }

    private Datum Scalar(QueryStatement query, Frame frame)
    {
        if (query is not SelectQuery select || select.Targets.Length != 1 || select.Limit?.Offset is not null)
            return Datum.Open;
        var result = Datum.Null;
        var count = 0;
        foreach (var (row, condition) in Rows(select, frame))
        {
            if (condition.IsFalse || condition.Kind == DatumKind.Null)
                continue;
            if (!condition.IsTrue || ++count > 1)
                return Datum.Open;
            result = Evaluate(select.Targets[0].Value, row);
        }
        return result;
    }

    /// <summary>Every combination of the rows of FROM with the truth of its conditions. What is not read gives one open combination.</summary>
    private List<(Frame Frame, Datum Condition)> Rows(SelectQuery select, Frame outer)
    {
        List<(Frame, Datum)> open = [(outer, Datum.Open)];
        if (select.GroupBy is not null || select.Having is not null || select.DistinctOn.Length > 0 || Array.Exists(select.Targets, IsAggregate))
            return open;
        var items = new List<TableReference>();
        var conditions = new List<Expression>();
        foreach (var item in select.From)
        {
            if (!Flatten(item, items, conditions))
                return open;
        }
        if (select.Where is not null)
            conditions.Add(select.Where);
        var combinations = new List<(Frame Frame, Datum Condition)> { (new Frame(outer, outer.Sight, null) { With = select.With }, Datum.True) };
        foreach (var item in items)
        {
            var alias = item.Alias is { } given ? given.Name.Text : item is NamedTable named ? named.Name.Name.Text : "";
            var next = new List<(Frame, Datum)>();
            foreach (var (frame, truth) in combinations)
            {
                if (RowsOf(item, frame) is not { } rows)
                    return open;
                foreach (var (row, isThere) in rows)
                {
                    var extended = new Frame(outer, outer.Sight, null) { With = select.With };
                    extended.Rows.AddRange(frame.Rows);
                    extended.Rows.Add((alias, row));
                    next.Add((extended, Datum.And(truth, isThere)));
                }
            }
            if (next.Count > 1000)
                return open;
            combinations = next;
        }
        var result = new List<(Frame, Datum)>();
        foreach (var (frame, isThere) in combinations)
        {
            var truth = isThere;
            foreach (var condition in conditions)
                truth = truth.IsFalse ? truth : Datum.And(truth, Condition(condition, frame));
            result.Add((frame, truth));
        }
        return result;
    }

    private static bool IsAggregate(SelectItem target) =>
        target.Value is FunctionCall call && (call.IsStar || call.Over is not null || call.Name.Name.Text is "count" or "max" or "min" or "sum" or "avg" or "bool_or" or "bool_and" or "every" or "array_agg" or "string_agg" or "json_agg" or "jsonb_agg");

    private static bool Flatten(TableReference item, List<TableReference> items, List<Expression> conditions)
    {
        switch (item)
        {
            case NamedTable { Sample: null } or DerivedTable:
                items.Add(item);
                return true;
            case JoinedTable { Kind: JoinKind.Inner or JoinKind.Cross, IsNatural: false, Using.Length: 0, Alias: null } join:
                if (!Flatten(join.Left, items, conditions) || !Flatten(join.Right, items, conditions))
                    return false;
                if (join.On is not null)
                    conditions.Add(join.On);
                return true;
            default:
                return false;
        }
    }

    private List<(ModelRow Row, Datum IsThere)>? RowsOf(TableReference item, Frame frame)
    {
        switch (item)
        {
            case NamedTable { Name.Schema: null } named when Common(named.Name.Name.Text, frame, out var at) is { } common:
                return common is { Columns.Length: 0, Query: SelectQuery query } && at.With is { IsRecursive: false } ? Derived(query, new Frame(at.Outer, at.Sight, null)) : null;
            case NamedTable named when _catalog.FindRelation(named.Name) is View { IsMaterialized: false } view:
                return view.Query?.Tree is SelectQuery shown && view.SecurityInvoker.IsKnown && ++_calls <= MaximumCalls
                    ? Derived(shown, new Frame(null, view.SecurityInvoker.Value || frame.Sight != Sight.Role ? frame.Sight : Sight.Owner, null))
                    : null;
            case NamedTable table:
            {
                var rows = new List<(ModelRow, Datum)>();
                foreach (var row in RowsOf(table))
                    rows.Add((row, Sees(row, frame.Sight)));
                return rows;
            }
            case DerivedTable { Alias.Columns.Length: 0, Query: SelectQuery body } derived:
                return Derived(body, derived.IsLateral ? frame : new Frame(frame.Outer, frame.Sight, null) { With = frame.With });
            default:
                return null;
        }
    }

    private static CommonTableExpression? Common(string name, Frame frame, out Frame at)
    {
        for (at = frame; ; at = at.Outer)
        {
            foreach (var common in at.With?.Tables ?? [])
            {
                if (common.Name == name)
                    return common;
            }
            if (at.Outer is null)
                return null;
        }
    }

    private List<(ModelRow Row, Datum IsThere)>? Derived(SelectQuery query, Frame around)
    {
        if (query.Limit is not null)
            return null;
        var rows = new List<(ModelRow, Datum)>();
        foreach (var (frame, condition) in Rows(query, around))
        {
            if (condition.IsFalse || condition.Kind == DatumKind.Null)
                continue;
            var row = new ModelRow("", null);
            foreach (var target in query.Targets)
            {
                if (target.Value is ColumnReference { IsStar: true } star)
                {
                    foreach (var (alias, source) in frame.Rows)
                    {
                        if (!star.Name.IsEmpty && star.Name.Name != alias)
                            continue;
                        foreach (var pair in source.Values)
                            row.Values[pair.Key] = pair.Value;
                    }
                    continue;
                }
                var name = !target.Alias.IsEmpty ? target.Alias.Text : target.Value is ColumnReference column ? column.Name.Name.Text : "";
                row.Values[name] = Evaluate(target.Value, frame);
            }
            rows.Add((row, condition));
        }
        return rows;
    }

    private List<ModelRow> RowsOf(NamedTable table)
    {
        var relation = _catalog.FindRelation(table.Name);
        var key = relation?.Id.ToString() ?? "?" + table.Name;
        var rows = new List<ModelRow>();
        foreach (var row in model.Rows)
        {
            if (row.Source == key && !(model.IsTargetNew && ReferenceEquals(row, model.Target)))
                rows.Add(row);
        }
        return rows;
    }

    private Datum Sees(ModelRow row, Sight sight)
    {
        if (row.Relation is not Table shown || !_catalog.Relations.TryGetValue(shown.Id, out var known) || known is not Table table)
            return Datum.Of(row.IsVisible);
        if (sight == Sight.Everything || !table.RowSecurityEnabled.Value)
            return Datum.True;
        if (sight == Sight.Owner)
            return _policies.OwnerReadsAll(table) ? Datum.True : Datum.Open;
        if (!_policies.IsRoleKnown)
            return Datum.Of(row.IsVisible);
        if (_policies.ReadingPolicies(table) is not { } applying)
            return Datum.True;
        if (++_calls > MaximumCalls)
            return Datum.Open;
        var frame = new Frame(null, Sight.Role, null);
        frame.Rows.Add((table.Id.Name, row));
        return Combine(applying, PolicyClause.Using, frame);
    }
}
