using PolicyLint.Core.Catalog.Replay.Binding;
using PolicyLint.Core.Migrations;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Catalog.Replay.PlPgSql;

/// <summary>Rows of a query.</summary>
/// <param name="Items">Those that are certain.</param>
/// <param name="IsCertain">There are no others.</param>
internal sealed record PlRows(IReadOnlyList<PlRow> Items, bool IsCertain);

/// <content>Queries on the system catalogs and on values.</content>
internal sealed partial class Evaluator
{
    private const int RowLimit = 200_000;

    /// <summary>The rows of a query; null where it reads what is not known.</summary>
    public PlRows? Run(QueryStatement query)
    {
        switch (query)
        {
            case SelectQuery select when select.With is null:
                return RunSelect(select);
            case ValuesQuery values:
                return new([.. values.Rows.Select(row => RowOfValues(Array.ConvertAll(row.Items, Evaluate)))], true);
            case SetOperationQuery { Operator: SetOperator.Union, With: null } union:
                return Run(union.Left) is { } left && Run(union.Right) is { } right
                    ? new([.. left.Items, .. right.Items], left.IsCertain && right.IsCertain)
                    : null;
            default:
                return null;
        }
    }

    /// <summary>The first column of a row.</summary>
    public static object? First(PlRow row) => row.Names is { Count: > 0 } names ? row.Get(names[0]) : Unknown.Value;

    private static PlRow RowOfValues(object?[] values)
    {
        var names = new string[values.Length];
        for (var i = 0; i < names.Length; i++)
            names[i] = "column" + (i + 1).ToString(System.Globalization.CultureInfo.InvariantCulture);
        return RowOf(names, values);
    }

    private static PlRow RowOf(IReadOnlyList<string> names, IReadOnlyList<object?> values) => new(
        name =>
        {
            for (var i = 0; i < names.Count; i++)
            {
                if (names[i] == name)
                    return values[i];
            }
            return PlRow.NoColumn;
        },
        names);

    private object? Exists(QueryStatement query)
    {
        if (Run(query) is not { } rows)
            return Unknown.Value;
        if (rows.Items.Count > 0)
            return true;
        if (!rows.IsCertain || context.State.UnknownEffects.Count > 0)
            return Unknown.Value;
        return context.State.IsIncomplete && CatalogRows.ReadsCatalog(query) ? Unknown.Absent : false;
    }

    private object? Scalar(QueryStatement query)
    {
        if (Run(query) is not { IsCertain: true } rows)
            return Unknown.Value;
        return rows.Items.Count == 0 ? null : First(rows.Items[0]);
    }

    private object ArrayOf(QueryStatement query)
    {
        if (Run(query) is not { IsCertain: true } rows)
            return Unknown.Value;
        var items = new object?[rows.Items.Count];
        for (var i = 0; i < items.Length; i++)
            items[i] = First(rows.Items[i]);
        return new PlArray(items);
    }

    private PlRows? RunSelect(SelectQuery select)
    {
        if (select.GroupBy is not null || select.Having is not null || select.Windows.Length > 0)
            return null;
        if (select.Targets is [{ Value: FunctionCall { Name.Name.Text: "unnest" or "generate_series" } set } target] && select.Where is null && select.From.Length == 0)
            return SetOf(set, target.Alias.IsEmpty ? set.Name.Name.Text : target.Alias.Text);
        var source = new List<List<(string, PlRow)>> { new() };
        foreach (var item in select.From)
        {
            if (Join(source, item) is not { } joined || joined.Count > RowLimit)
                return null;
            source = joined;
        }
        var isCertain = true;
        var kept = new List<List<(string, PlRow)>>();
        foreach (var row in source)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            var condition = select.Where is { } where ? In(row, where) : true;
            if (condition is true)
                kept.Add(row);
            else if (condition is Unknown)
                isCertain = false;
        }
        if (IsAggregate(select))
            return isCertain ? Aggregate(select, kept) : null;
        Sort(select, kept);
        var rows = new List<PlRow>(kept.Count);
        foreach (var row in kept)
            rows.Add(Project(select, row));
        if (select.IsDistinct)
            rows = Distinct(rows);
        if (select.Limit?.Count is { } count && Values.Number(Evaluate(count)) is { } limit && limit < rows.Count)
            rows.RemoveRange((int)limit, rows.Count - (int)limit);
        return new(rows, isCertain);
    }

    private object? In(List<(string, PlRow)> row, Expression expression)
    {
        _scopes.Add(row);
        var value = Evaluate(expression);
        _scopes.RemoveAt(_scopes.Count - 1);
        return value;
    }

    private List<List<(string, PlRow)>>? Join(List<List<(string, PlRow)>> rows, TableReference item)
    {
        if (item is JoinedTable join)
            return JoinBoth(rows, join);
        var joined = new List<List<(string, PlRow)>>();
        foreach (var row in rows)
        {
            _scopes.Add(row);
            var items = RowsOf(item);
            _scopes.RemoveAt(_scopes.Count - 1);
            if (items is null)
                return null;
            foreach (var other in items)
            {
                if (joined.Count > RowLimit)
                    return null;
                joined.Add([.. row, (AliasOf(item), other)]);
            }
        }
        return joined;
    }

    private List<List<(string, PlRow)>>? JoinBoth(List<List<(string, PlRow)>> rows, JoinedTable join)
    {
        if (join.Kind is JoinKind.Full or JoinKind.Right || join.IsNatural || Join(rows, join.Left) is not { } left)
            return null;
        var joined = new List<List<(string, PlRow)>>();
        foreach (var row in left)
        {
            if (Join([row], join.Right) is not { } candidates)
                return null;
            var found = false;
            foreach (var candidate in candidates)
            {
                var condition = join.On is { } on ? In(candidate, on) : UsingHolds(candidate, row.Count, join.Using);
                if (condition is Unknown)
                    return null;
                if (condition is not true)
                    continue;
                found = true;
                joined.Add(candidate);
            }
            if (!found && join.Kind == JoinKind.Left)
                joined.Add([.. row, (join.Right is NamedTable named ? AliasOf(named) : "", new PlRow(static _ => null))]);
            if (joined.Count > RowLimit)
                return null;
        }
        return joined;
    }

    private object? UsingHolds(List<(string, PlRow Row)> row, int leftCount, Name[] columns)
    {
        foreach (var column in columns)
        {
            object? left = PlRow.NoColumn;
            for (var i = 0; i < leftCount && ReferenceEquals(left, PlRow.NoColumn); i++)
                left = row[i].Row.Get(column.Text);
            var equal = Compare("=", Known(left), Known(row[row.Count - 1].Row.Get(column.Text)));
            if (equal is not true)
                return equal;
        }
        return true;
    }

    private static string AliasOf(TableReference item) => item switch
    {
        { Alias.Name.IsEmpty: false } => item.Alias!.Name.Text,
        NamedTable table => table.Name.Name.Text,
        FunctionTable { Functions.Length: > 0 } function => OutputNames.Of(function.Functions[0].Function),
        _ => "",
    };

    private IReadOnlyList<PlRow>? RowsOf(TableReference item)
    {
        switch (item)
        {
            case NamedTable table when MigrationAccount.IsAskedByScripts(table.Name.Name.Text):
                // Files are replayed on a new database, where nothing has run.
                return [];
            case NamedTable table:
                return CatalogRows.Of(context, table.Name);
            case DerivedTable derived:
                if (Run(derived.Query) is not { IsCertain: true } rows)
                    return null;
                return derived.Alias is { Columns.Length: > 0 } alias ? [.. rows.Items.Select(row => Renamed(row, Lists.Texts(alias.Columns)))] : rows.Items;
            case FunctionTable { Functions.Length: 1 } function when function.Functions[0].Function is FunctionCall call:
                return RowsOf(function, call);
            default:
                return null;
        }
    }

    private static PlRow Renamed(PlRow row, IReadOnlyList<string> names)
    {
        if (row.Names is not { } old)
            return row;
        var values = new object?[old.Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = row.Get(old[i]);
        return RowOf([.. names.Take(values.Length), .. old.Skip(names.Count)], values);
    }

    // SELECT unnest(…): a row for each element.
    private PlRows? SetOf(FunctionCall call, string name) => ItemsOf(call) is { } items ? new([.. items.Select(item => RowOf([name], [item]))], true) : null;

    private List<PlRow>? RowsOf(FunctionTable table, FunctionCall call)
    {
        if (ItemsOf(call) is not { } items)
            return null;
        var alias = AliasOf(table);
        var name = table.Alias is { Columns.Length: > 0 } columns ? columns.Columns[0].Text : alias;
        var rows = new List<PlRow>();
        foreach (var item in items)
            rows.Add(RowOf([name], [item]));
        return rows;
    }

    private IReadOnlyList<object?>? ItemsOf(FunctionCall call)
    {
        IReadOnlyList<object?>? items = null;
        if (call.Name.Name == "unnest" && call.Arguments.Length == 1)
        {
            var argument = Evaluate(call.Arguments[0]);
            items = argument is string text && text.StartsWith("{", StringComparison.Ordinal) ? Values.ParseArray(text).Items : (argument as PlArray)?.Items;
        }
        else if (call.Name.Name == "generate_series" && call.Arguments.Length == 2
            && Evaluate(call.Arguments[0]) is long from && Evaluate(call.Arguments[1]) is long to && to - from < RowLimit)
        {
            var numbers = new List<object?>();
            for (var i = from; i <= to; i++)
                numbers.Add(i);
            items = numbers;
        }
        return items;
    }

    private PlRow Project(SelectQuery select, List<(string Alias, PlRow Row)> row)
    {
        // `SELECT *` of one relation is its row.
        if (select.Targets is [{ Value: ColumnReference { IsStar: true } }] && row.Count == 1)
            return row[0].Row;
        var names = new List<string>();
        var values = new List<object?>();
        foreach (var target in select.Targets)
        {
            if (target.Value is ColumnReference { IsStar: true })
                continue;
            names.Add(target.Alias.IsEmpty ? OutputNames.Of(target.Value) : target.Alias.Text);
            values.Add(In(row, target.Value));
        }
        return RowOf(names, values);
    }

    private void Sort(SelectQuery select, List<List<(string, PlRow)>> rows)
    {
        if (select.OrderBy.Length == 0 || rows.Count < 2)
            return;
        var keyed = rows.ConvertAll(row => (Row: row, Keys: Array.ConvertAll(select.OrderBy, item => In(row, SortKey(select, item.Value)))));
        var order = keyed.Select(static (item, index) => (item.Row, item.Keys, Index: index)).ToList();
        order.Sort((a, b) =>
        {
            for (var i = 0; i < a.Keys.Length; i++)
            {
                if (a.Keys[i] is null or Unknown || b.Keys[i] is null or Unknown)
                    continue;
                var compared = Order(a.Keys[i]!, b.Keys[i]!) ?? 0;
                if (compared != 0)
                    return select.OrderBy[i].Direction == SortDirection.Descending ? -compared : compared;
            }
            return a.Index.CompareTo(b.Index);
        });
        rows.Clear();
        foreach (var item in order)
            rows.Add(item.Row);
    }

    // A number or an output name stands for a target.
    private static Expression SortKey(SelectQuery select, Expression value)
    {
        if (value is Literal { Kind: LiteralKind.Integer } && OfLiteral((Literal)value) is long number && number >= 1 && number <= select.Targets.Length)
            return select.Targets[number - 1].Value;
        if (value is ColumnReference { Name.PartCount: 1 } name)
        {
            foreach (var target in select.Targets)
            {
                if (target.Alias == name.Name.Name)
                    return target.Value;
            }
        }
        return value;
    }

    private List<PlRow> Distinct(List<PlRow> rows)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var distinct = new List<PlRow>();
        foreach (var row in rows)
        {
            var key = new System.Text.StringBuilder();
            foreach (var name in row.Names ?? [])
                key.Append(Values.Text(row.Get(name), Types)).Append('\u0001');
            if (seen.Add(key.ToString()))
                distinct.Add(row);
        }
        return distinct;
    }

    private static bool IsAggregate(SelectQuery select)
    {
        foreach (var target in select.Targets)
        {
            if (AggregateOf(target.Value) is not null)
                return true;
        }
        return false;
    }

    private static FunctionCall? AggregateOf(Expression expression) => expression switch
    {
        FunctionCall { Name.Name.Text: "count" or "string_agg" or "array_agg" or "min" or "max" or "bool_or" or "bool_and" } call => call,
        OperatorExpression { Left: { } left } operation => AggregateOf(left) ?? AggregateOf(operation.Right),
        CastExpression cast => AggregateOf(cast.Operand),
        ConditionalExpression { Arguments: [var first, ..] } => AggregateOf(first),
        _ => null,
    };

    private PlRows Aggregate(SelectQuery select, List<List<(string, PlRow)>> rows)
    {
        var names = new List<string>();
        var values = new List<object?>();
        foreach (var target in select.Targets)
        {
            names.Add(target.Alias.IsEmpty ? OutputNames.Of(target.Value) : target.Alias.Text);
            values.Add(AggregateValue(target.Value, rows));
        }
        return new([RowOf(names, values)], true);
    }

    private object? AggregateValue(Expression expression, List<List<(string, PlRow)>> rows)
    {
        switch (expression)
        {
            case OperatorExpression { Left: { } left } operation:
                var l = AggregateValue(left, rows);
                var r = AggregateValue(operation.Right, rows);
                return l is Unknown || r is Unknown ? Unknown.Value : operation.Operator.Name == "||" ? Concatenate(l, r) : Compare(operation.Operator.Name.Text, l, r);
            case CastExpression cast:
                return Cast(AggregateValue(cast.Operand, rows), cast.Type);
            case ConditionalExpression { Function: ConditionalFunction.Coalesce, Arguments: [var first, var second] }:
                return AggregateValue(first, rows) ?? AggregateValue(second, rows);
            case FunctionCall call when AggregateOf(call) is not null:
                return AggregateCall(call, rows);
            default:
                return Evaluate(expression);
        }
    }

    private object? AggregateCall(FunctionCall call, List<List<(string, PlRow)>> rows)
    {
        if (call.Filter is not null)
            return Unknown.Value;
        if (call.IsStar)
            return (long)rows.Count;
        var items = new List<object?>();
        foreach (var row in rows)
        {
            var value = In(row, call.Arguments[0]);
            if (value is Unknown)
                return Unknown.Value;
            if (value is not null)
                items.Add(value);
        }
        switch (call.Name.Name.Text)
        {
            case "count":
                return (long)items.Count;
            case "array_agg":
                return items.Count == 0 ? null : new PlArray(items);
            case "string_agg":
                return items.Count == 0 ? null : call.Arguments.Length == 2 && Evaluate(call.Arguments[1]) is string separator ? Join(new PlArray(items), separator) : Unknown.Value;
            case "bool_or":
                return items.Count == 0 ? null : items.Contains(true);
            case "bool_and":
                return items.Count == 0 ? null : !items.Contains(false);
            default:
                return items.Count == 0 ? null : items.Count == 1 ? items[0] : Unknown.Value;
        }
    }
}
