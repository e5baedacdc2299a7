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
                    return AnyOf(name, Evaluate(operand, frame), Assume(Functions.OpaqueSet(functions[0], frame.Sight), call.Arguments, frame));
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
            HasRaised |= condition.IsTrue && ++count > 1;
            if (!condition.IsTrue || count > 1)
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
        List<(Frame Frame, Datum IsThere)>? combinations = [(Empty(), Datum.True)];
        foreach (var item in select.From)
            combinations = combinations is null ? null : Joined(combinations, item, Extended);
        if (combinations is null)
            return open;
        var result = new List<(Frame, Datum)>();
        foreach (var (frame, isThere) in combinations)
            result.Add((frame, isThere.IsFalse || select.Where is null ? isThere : Datum.And(isThere, Condition(select.Where, frame))));
        return result;

        Frame Empty() => new(outer, outer.Sight, null) { With = select.With };

        Frame Extended(Frame frame, string alias, ModelRow row)
        {
            var extended = Empty();
            extended.Rows.AddRange(frame.Rows);
            extended.Rows.Add((alias, row));
            return extended;
        }
    }

    /// <summary>Every row so far with every row of an item that its join conditions let stand beside it; null where that is not known.</summary>
    private List<(Frame Frame, Datum IsThere)>? Joined(List<(Frame Frame, Datum IsThere)> rows, TableReference item, Func<Frame, string, ModelRow, Frame> extend)
    {
        var result = new List<(Frame, Datum)>();
        switch (item)
        {
            case NamedTable { Sample: null } or DerivedTable:
            {
                var alias = item.Alias is { } given ? given.Name.Text : item is NamedTable named ? named.Name.Name.Text : "";
                foreach (var (frame, truth) in rows)
                {
                    if (RowsOf(item, frame) is not { } found)
                        return null;
                    foreach (var (row, isThere) in found)
                        result.Add((extend(frame, alias, row), Datum.And(truth, isThere)));
                }
                break;
            }
            case JoinedTable { Kind: JoinKind.Inner or JoinKind.Cross, IsNatural: false, Using.Length: 0, Alias: null } join:
            {
                if (Joined(rows, join.Left, extend) is not { } left || Joined(left, join.Right, extend) is not { } both)
                    return null;
                foreach (var (frame, truth) in both)
                    result.Add((frame, join.On is null ? truth : Datum.And(truth, Condition(join.On, frame))));
                break;
            }
            case JoinedTable { Kind: JoinKind.Left or JoinKind.Right, IsNatural: false, Using.Length: 0, Alias: null, On: { } on } join:
            {
                var (kept, lost) = join.Kind == JoinKind.Left ? (join.Left, join.Right) : (join.Right, join.Left);
                if (Joined(rows, kept, extend) is not { } keptRows)
                    return null;
                foreach (var (frame, truth) in keptRows)
                {
                    if (Joined([(frame, truth)], lost, extend) is not { } partners || Absent(frame, lost, extend) is not { } alone)
                        return null;
                    var hasPartner = Datum.False;
                    foreach (var (partner, isThere) in partners)
                    {
                        var isPartner = Datum.And(isThere, Condition(on, partner));
                        hasPartner = Datum.Or(hasPartner, isPartner.Kind == DatumKind.Null ? Datum.False : isPartner);
                        result.Add((partner, isPartner));
                    }
                    result.Add((alone, Datum.And(truth, Datum.Not(hasPartner))));
                }
                break;
            }
            default:
                return null;
        }
        return result.Count > 1000 ? null : result;
    }

    // The row that stands for a partner that is not there: NULL in every column.
    private Frame? Absent(Frame frame, TableReference item, Func<Frame, string, ModelRow, Frame> extend)
    {
        switch (item)
        {
            case JoinedTable join:
                return Absent(frame, join.Left, extend) is { } left ? Absent(left, join.Right, extend) : null;
            case NamedTable named when Common(named.Name.Name.Text, frame, out _) is null && _catalog.FindRelation(named.Name) is { AreColumnsKnown: true } relation:
            {
                var row = new ModelRow("", null);
                foreach (var column in relation.Columns)
                    row.Values[column.Name] = Datum.Null;
                return extend(frame, named.Alias is { } alias ? alias.Name.Text : named.Name.Name.Text, row);
            }
            case DerivedTable { Alias: { Columns.Length: 0 } alias, Query: SelectQuery select }:
            {
                var row = new ModelRow("", null);
                foreach (var target in select.Targets)
                {
                    if (target.Value is ColumnReference { IsStar: true })
                        return null;
                    row.Values[!target.Alias.IsEmpty ? target.Alias.Text : target.Value is ColumnReference column ? column.Name.Name.Text : ""] = Datum.Null;
                }
                return extend(frame, alias.Name.Text, row);
            }
            default:
                return null;
        }
    }

    private static bool IsAggregate(SelectItem target) =>
        target.Value is FunctionCall call && (call.IsStar || call.Over is not null || call.Name.Name.Text is "count" or "max" or "min" or "sum" or "avg" or "bool_or" or "bool_and" or "every" or "array_agg" or "string_agg" or "json_agg" or "jsonb_agg");

    private List<(ModelRow Row, Datum IsThere)>? RowsOf(TableReference item, Frame frame)
    {
        switch (item)
        {
            case NamedTable { Name.Schema: null } named when Common(named.Name.Name.Text, frame, out var at) is { } common:
                return common is { Columns.Length: 0, Query: SelectQuery query } && at.With is { IsRecursive: false } ? Derived(query, new Frame(at.Outer, at.Sight, null)) : null;
            case NamedTable named when _catalog.FindRelation(named.Name) is View { IsMaterialized: false } view:
                return view.Query?.Tree is SelectQuery shown && view.SecurityInvoker.IsKnown && ++_calls <= MaximumCalls && ViewNames.Of(view, shown, _catalog) is { } names
                    ? Derived(shown, new Frame(null, view.SecurityInvoker.Value || frame.Sight != Sight.Role ? frame.Sight : Sight.Owner, null), names)
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

    private List<(ModelRow Row, Datum IsThere)>? Derived(SelectQuery query, Frame around, IReadOnlyList<Column>? names = null)
    {
        if (query.Limit is not null)
            return null;
        var rows = new List<(ModelRow, Datum)>();
        foreach (var (frame, condition) in Rows(query, around))
        {
            if (condition.IsFalse || condition.Kind == DatumKind.Null)
                continue;
            var row = new ModelRow("", null);
            for (var i = 0; i < query.Targets.Length; i++)
            {
                var target = query.Targets[i];
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
                var name = names is { Count: > 0 } ? names[i].Name : !target.Alias.IsEmpty ? target.Alias.Text : target.Value is ColumnReference column ? column.Name.Name.Text : "";
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
