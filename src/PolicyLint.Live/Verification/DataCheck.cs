using System.Globalization;
using PolicyLint.Core.Verification;

namespace PolicyLint.Live.Verification;

/// <summary>A query and what its rows say of the expectations that it serves.</summary>
/// <param name="Expectations">Those that share it.</param>
/// <param name="Sql">One SELECT.</param>
/// <param name="Settings">For the query alone.</param>
/// <param name="Judge">From the rows to one answer for each expectation, in order.</param>
internal sealed record DataCheck(
    IReadOnlyList<DataExpectation> Expectations, string Sql, IReadOnlyList<KeyValuePair<string, string>> Settings,
    Func<IReadOnlyList<IReadOnlyList<string>>, IReadOnlyList<(CheckOutcome Outcome, string Found)>> Judge)
{
    private static readonly IReadOnlyList<KeyValuePair<string, string>> NoSettings = [];

    // A small table is read whole whatever indexes it has; the question is whether the index can serve the query.
    private static readonly IReadOnlyList<KeyValuePair<string, string>> WithoutWholeTables = [new("enable_seqscan", "off")];

    /// <summary>The queries for a plan's expectations: one for all counts of a table, one for each of the others.</summary>
    public static IReadOnlyList<DataCheck> For(IEnumerable<DataExpectation> expectations, decimal? samplePercent)
    {
        var checks = new List<DataCheck>();
        var counts = new List<TableCounts>();
        var buckets = new List<BucketExpected>();
        foreach (var expectation in expectations)
        {
            switch (expectation)
            {
                case FilledExpected or NoOrphansExpected or RowsExpected:
                    TableCounts.AddTo(counts, expectation);
                    break;
                case EachHasExpected each:
                    checks.Add(Count(each, EachHasSql(each), "rows have not"));
                    break;
                case NoDuplicatesExpected duplicates:
                    checks.Add(Count(duplicates, DuplicatesSql(duplicates), "values stand more than once"));
                    break;
                case BucketExpected bucket:
                    buckets.Add(bucket);
                    break;
                case QueryExpected query:
                    checks.Add(new([query], query.Sql, NoSettings, rows => [Rows(query, rows)]));
                    break;
                case PlanUsesExpected plan:
                    checks.Add(new([plan], "explain (format json) " + plan.Sql, WithoutWholeTables, rows => [Uses(plan, rows)]));
                    break;
                case NoLongTransactionExpected transaction:
                    checks.Add(new([transaction], ActivitySql(transaction.Limit), NoSettings, static rows => [Transactions(rows[0])]));
                    break;
                case SizeExpected size:
                    checks.Add(new([size], SizeSql(size), NoSettings, rows => [Size(size, rows[0][0])]));
                    break;
            }
        }
        foreach (var table in counts)
            checks.Add(table.ToCheck(samplePercent));
        if (buckets.Count > 0)
            checks.Add(Buckets.ToCheck(buckets));
        return checks;
    }

    private static DataCheck Count(DataExpectation expectation, string sql, string what) =>
        new([expectation], sql, NoSettings, rows =>
        {
            var count = long.Parse(rows[0][0], CultureInfo.InvariantCulture);
            return [(count == 0 ? CheckOutcome.Passed : CheckOutcome.Failed, count == 0 ? "all do" : $"{count} {what}")];
        });

    // An outer join and a grouping, so that the planner may hash both sides: a correlated subquery would read the other table once a row.
    private static string EachHasSql(EachHasExpected each)
    {
        var bounds = new List<string>();
        if (each.AtLeast is { } least)
            bounds.Add(string.Create(CultureInfo.InvariantCulture, $"found.number < {least}"));
        if (each.AtMost is { } most)
            bounds.Add(string.Create(CultureInfo.InvariantCulture, $"found.number > {most}"));
        return $"""
            select count(*) from (
              select count(has) as number
              from {Identifier.Of(each.Table)} each left join {Identifier.Of(each.Other)} has on ({each.On})
              {(each.Where.Length > 0 ? $"where ({each.Where})" : "")}
              group by each.tableoid, each.ctid) found
            where {(bounds.Count > 0 ? string.Join(" or ", bounds) : "false")}
            """;
    }

    private static string DuplicatesSql(NoDuplicatesExpected expected)
    {
        var columns = string.Join(", ", expected.Columns.Select(static column => "each." + Identifier.Quote(column)));
        var filled = string.Join(" and ", expected.Columns.Select(static column => $"each.{Identifier.Quote(column)} is not null"));
        return $"""
            select count(*) from (
              select from {Identifier.Of(expected.Table)} each
              where {filled}{(expected.Where.Length > 0 ? $" and ({expected.Where})" : "")}
              group by {columns} having count(*) > 1) found
            """;
    }

    private static string ActivitySql(TimeSpan limit) => string.Create(CultureInfo.InvariantCulture, $"""
        select count(*) filter (where a.xact_start < pg_catalog.clock_timestamp() - interval '{limit.TotalSeconds} seconds'),
          coalesce(max(pg_catalog.clock_timestamp() - a.xact_start)::text, ''),
          count(*) filter (where a.query = '<insufficient privilege>')
        from pg_catalog.pg_stat_activity a
        where a.backend_type = 'client backend' and a.datname = pg_catalog.current_database() and a.pid <> pg_catalog.pg_backend_pid()
        """);

    private static (CheckOutcome, string) Transactions(IReadOnlyList<string> row)
    {
        if (row[0] != "0")
            return (CheckOutcome.Failed, $"{row[0]} are open for longer, the oldest for {row[1]}");
        return row[2] == "0"
            ? (CheckOutcome.Passed, row[1].Length == 0 ? "none is open" : $"the oldest is open for {row[1]}")
            : (CheckOutcome.NotChecked, $"{row[2]} sessions of other users can't be seen: grant pg_read_all_stats to the user that checks");
    }

    private static string SizeSql(SizeExpected size) => size.Table is { } table
        ? $"select pg_catalog.pg_total_relation_size({Identifier.Literal(Identifier.Of(table))}::regclass)"
        : "select pg_catalog.pg_database_size(pg_catalog.current_database())";

    private static (CheckOutcome, string) Size(SizeExpected size, string bytes)
    {
        var actual = long.Parse(bytes, CultureInfo.InvariantCulture);
        return (actual <= size.AtMost ? CheckOutcome.Passed : CheckOutcome.Failed, ExpectationWords.Bytes(actual));
    }

    private static (CheckOutcome, string) Rows(QueryExpected query, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        var same = rows.Count == query.Rows.Count;
        for (var i = 0; same && i < rows.Count; i++)
            same = rows[i].SequenceEqual(query.Rows[i], StringComparer.Ordinal);
        var shown = string.Join("; ", rows.Take(5).Select(static row => string.Join(" | ", row)));
        return (same ? CheckOutcome.Passed : CheckOutcome.Failed, rows.Count == 0 ? "no rows" : rows.Count > 5 ? $"{shown}; … ({rows.Count} rows)" : shown);
    }

    private static (CheckOutcome, string) Uses(PlanUsesExpected expected, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        var indexes = new SortedSet<string>(StringComparer.Ordinal);
        using var plan = System.Text.Json.JsonDocument.Parse(rows[0][0]);
        Collect(plan.RootElement, indexes);
        return indexes.Contains(expected.Index)
            ? (CheckOutcome.Passed, "the plan uses it")
            : (CheckOutcome.Failed, indexes.Count == 0 ? "the plan uses no index" : "the plan uses " + string.Join(", ", indexes));
    }

    private static void Collect(System.Text.Json.JsonElement node, SortedSet<string> indexes)
    {
        if (node.ValueKind == System.Text.Json.JsonValueKind.Array)
        {
            foreach (var item in node.EnumerateArray())
                Collect(item, indexes);
        }
        else if (node.ValueKind == System.Text.Json.JsonValueKind.Object)
        {
            foreach (var property in node.EnumerateObject())
            {
                if (property.NameEquals("Index Name"))
                    indexes.Add(property.Value.GetString()!);
                else
                    Collect(property.Value, indexes);
            }
        }
    }
}
