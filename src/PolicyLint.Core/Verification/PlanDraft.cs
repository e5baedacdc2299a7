using PolicyLint.Core.Analysis;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Catalog.Replay;
using PolicyLint.Sql;
using PolicyLint.Sql.Text;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Verification;

/// <summary>A plan as the migrations themselves suggest it: what they add, change and take away, for a person to go over.</summary>
public static class PlanDraft
{
    private static readonly QualifiedId s_buckets = new("storage", "buckets");

    /// <summary>
    /// Drafts the plan of a change: its migration files from one on. What is expected before them, after them and after the rollbacks is what a replay
    /// of the files holds at these points.
    /// </summary>
    /// <param name="input">All files of the database.</param>
    /// <param name="from">The path of the change's first file; null for the last migration.</param>
    /// <param name="cancellation">Stops the replays.</param>
    /// <returns>The plan, without a text; null where no migration has the path.</returns>
    public static VerificationPlan? Of(AnalysisInput input, string? from, CancellationToken cancellation = default)
    {
        var migrations = input.Files.Where(static file => file.Role == ScriptRole.Migration).ToList();
        var start = from is null ? migrations.Count - 1 : migrations.FindIndex(file => file.Source.Path == from);
        if (start < 0)
            return null;
        // A document's blocks are files of one path.
        start = migrations.FindIndex(file => file.Source.Path == migrations[start].Source.Path);

        var end = SqlAnalyzer.Replay(input, cancellation);
        var options = input.Options with { Platform = end.Catalog.Platform };
        var before = SqlAnalyzer.Replay(input with { Files = migrations.GetRange(0, start), Options = options }, cancellation).Catalog;
        var change = new ChangedRows(before, end.Catalog);
        foreach (var file in migrations.Skip(start))
            change.Read(file, cancellation);
        return new()
        {
            Source = new SourceText(""),
            From = migrations[start].Source.Path,
            Before =
            [
                .. ExpectedDifference.Between(before, end.Catalog, "the state before the change"),
                .. change.Buckets.Select(static bucket => new BucketExpected(bucket.Key, false, null, null, []) { Span = default }),
                new NoLongTransactionExpected(TimeSpan.FromMinutes(1)) { Span = default },
            ],
            After = [.. ExpectedDifference.Between(end.Catalog, before, ""), .. change.Filled, .. change.Buckets.Select(static bucket => bucket.Value)],
            Rollback = end.RolledBack is null ? [] : ExpectedDifference.Between(end.RolledBack, end.Catalog, "the state after the rollback"),
        };
    }

    // What migrations do with rows, as far as a plan can say it: columns of older tables that they fill, and storage buckets.
    private sealed class ChangedRows(ICatalog before, ICatalog after) : SqlVisitor
    {
        private readonly HashSet<(QualifiedId? Table, string Column)> _written = [];

        public SortedDictionary<string, BucketExpected> Buckets { get; } = new(StringComparer.Ordinal);

        public IEnumerable<FilledExpected> Filled
        {
            get
            {
                foreach (var table in after.TablesInOrder())
                {
                    if (table.IsForeignOwned || table.IsAssumed || table.Taints.Count > 0 || !before.Relations.TryGetValue(table.Id, out var older) || older.IsAssumed)
                        continue;
                    foreach (var column in table.Columns)
                    {
                        if (older.FindColumn(column.Name)?.IsNotNull.Value != true && (IsNowNotNull(column) || IsBackfilled(table, older, column)))
                            yield return new(table.Id, column.Name, 100, 0, "") { Span = default };
                    }
                }
            }
        }

        public void Read(InputFile file, CancellationToken cancellation)
        {
            foreach (var range in file.Ranges?.Select(static range => (TextSpan?)range) ?? [null])
            {
                foreach (var statement in SqlParser.Parse(file.Source, SqlParseOptions.Bounded with { Range = range }, cancellation).Statements)
                    Visit(statement);
            }
        }

        public override void VisitUpdateStatement(UpdateStatement node)
        {
            foreach (var assignment in node.Assignments)
            {
                // Which rows a join reaches is not known; without WHERE, and where the column is NULL, it is all that need it.
                if (node.From.Length > 0 || assignment.Value is Literal { Kind: LiteralKind.Null })
                    continue;
                foreach (var target in assignment.Targets)
                {
                    if (node.Where is null || (node.Where is IsTest { Test: TestKind.Null, IsNegated: false, Operand: ColumnReference tested } && tested.Name.Name == target.Column))
                        _written.Add((after.FindTable(node.Table.Name)?.Id, target.Column.Text));
                }
            }
        }

        public override void VisitInsertStatement(InsertStatement node)
        {
            if (node.Table.Name.Text != s_buckets.Name || node.Table.Schema != s_buckets.Schema || node.Source is not ValuesQuery values)
                return;
            var id = IndexOf(node, "id");
            var isPublic = IndexOf(node, "public");
            foreach (var row in values.Rows)
            {
                if (id >= 0 && id < row.Items.Length && row.Items[id] is Literal { Kind: LiteralKind.String } name)
                    Buckets[name.GetText()] = new(name.GetText(), true, PublicOf(row, isPublic), null, []) { Span = default };
            }
        }

        private static int IndexOf(InsertStatement insert, string column)
        {
            for (var i = 0; i < insert.Columns.Length; i++)
            {
                if (insert.Columns[i].Column.Text == column)
                    return i;
            }
            return -1;
        }

        private static bool? PublicOf(RowConstructor row, int column) =>
            column < 0 || column >= row.Items.Length ? null : row.Items[column] switch
            {
                Literal { Kind: LiteralKind.True } => true,
                Literal { Kind: LiteralKind.False } => false,
                _ => null,
            };

        private static bool IsNowNotNull(Column column) => column.IsNotNull is { Value: true, IsKnown: true };

        private bool IsBackfilled(Table table, Relation older, Column column) =>
            older.FindColumn(column.Name) is null && _written.Contains((table.Id, column.Name));
    }
}
