using System.Globalization;
using System.Text;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Verification;

namespace PolicyLint.Live.Verification;

/// <summary>All counts of one table in one pass over it.</summary>
internal sealed class TableCounts(QualifiedId table)
{
    private readonly List<DataExpectation> _expectations = [];
    private readonly List<string> _columns = [];
    private readonly List<Func<IReadOnlyList<long>, (CheckOutcome, string)>> _judges = [];
    private readonly StringBuilder _joins = new();

    /// <summary>Adds an expectation to the counts of its table.</summary>
    public static void AddTo(List<TableCounts> counts, DataExpectation expectation)
    {
        var table = expectation switch
        {
            FilledExpected filled => filled.Table,
            NoOrphansExpected orphans => orphans.Table,
            RowsExpected rows => rows.Table,
            _ => throw new ArgumentOutOfRangeException(nameof(expectation)),
        };
        var own = counts.Find(other => other.Table == table);
        if (own is null)
            counts.Add(own = new(table));
        own.Add(expectation);
    }

    private QualifiedId Table => table;

    /// <summary>One query for all that was added.</summary>
    public DataCheck ToCheck(decimal? samplePercent)
    {
        var sample = samplePercent is { } percent ? string.Create(CultureInfo.InvariantCulture, $" tablesample system ({percent})") : "";
        var sql = $"select {string.Join(", ", _columns)} from {Identifier.Of(table)} each{sample}{_joins}";
        return new(_expectations, sql, [], rows =>
        {
            var numbers = rows[0].Select(static text => long.Parse(text, CultureInfo.InvariantCulture)).ToArray();
            return [.. _judges.Select(judge => judge(numbers)).Select(answer => samplePercent is null ? answer : (answer.Item1, answer.Item2 + " of a sample"))];
        });
    }

    private void Add(DataExpectation expectation)
    {
        _expectations.Add(expectation);
        _judges.Add(expectation switch
        {
            FilledExpected filled => Filled(filled),
            NoOrphansExpected orphans => Orphans(orphans),
            RowsExpected rows => Rows(rows),
            _ => throw new ArgumentOutOfRangeException(nameof(expectation)),
        });
    }

    private Func<IReadOnlyList<long>, (CheckOutcome, string)> Filled(FilledExpected expected)
    {
        var total = Column(expected.Where, "");
        var nulls = Column(expected.Where, $"each.{Identifier.Quote(expected.Column)} is null");
        return numbers =>
        {
            var (all, missing) = (numbers[total], numbers[nulls]);
            var percent = all == 0 ? 100 : 100m * (all - missing) / all;
            var passed = expected.AtMostNulls is { } most ? missing <= most : percent >= expected.AtLeastPercent;
            // Rounded down: 99.999 % must not look like all.
            var shown = (Math.Floor(percent * 100) / 100).ToString("0.##", CultureInfo.InvariantCulture);
            return (passed ? CheckOutcome.Passed : CheckOutcome.Failed, string.Create(CultureInfo.InvariantCulture, $"{missing} null in {all} rows ({shown} % filled)"));
        };
    }

    // The distinct keys of the other table are joined, so that each row is met once and the planner may hash.
    private Func<IReadOnlyList<long>, (CheckOutcome, string)> Orphans(NoOrphansExpected expected)
    {
        var alias = string.Create(CultureInfo.InvariantCulture, $"referenced_{_expectations.Count}");
        var key = Identifier.Quote(expected.ReferencedColumn);
        var column = "each." + Identifier.Quote(expected.Column);
        _joins.Append(CultureInfo.InvariantCulture, $" left join (select distinct r.{key} as key from {Identifier.Of(expected.References)} r) {alias} on {alias}.key = {column}");
        var orphans = Column(expected.Where, $"{column} is not null and {alias}.key is null");
        return numbers => numbers[orphans] == 0
            ? (CheckOutcome.Passed, "none")
            : (CheckOutcome.Failed, string.Create(CultureInfo.InvariantCulture, $"{numbers[orphans]} rows refer to nothing"));
    }

    private Func<IReadOnlyList<long>, (CheckOutcome, string)> Rows(RowsExpected expected)
    {
        var count = Column(expected.Where, "");
        return numbers =>
        {
            var rows = numbers[count];
            var passed = !(rows < expected.AtLeast) && !(rows > expected.AtMost);
            return (passed ? CheckOutcome.Passed : CheckOutcome.Failed, string.Create(CultureInfo.InvariantCulture, $"{rows} rows"));
        };
    }

    private int Column(string where, string condition)
    {
        var filter = (where.Length, condition.Length) switch
        {
            (0, 0) => "",
            (_, 0) => $" filter (where {where})",
            (0, _) => $" filter (where {condition})",
            _ => $" filter (where ({where}) and {condition})",
        };
        _columns.Add("count(*)" + filter);
        return _columns.Count - 1;
    }
}
