using System.Globalization;
using Npgsql;
using PolicyLint.Core.Catalog;
using PolicyLint.Live.Probing;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Live.Witnesses;

/// <summary>Puts the rows of a witness into a database that holds no others, and the parents that their foreign keys ask for.</summary>
/// <remarks>It runs without triggers and foreign keys, so that rows whose keys form a circle can be made; that every key has its parent is seen to at the end.</remarks>
internal sealed class WitnessRows(ProbeSession session, ICatalog catalog, CancellationToken cancellation)
{
    private const int MaximumParents = 60;

    private readonly RowMaker maker = new(catalog);
    private readonly List<(Table Table, RowPlace Place)> made = [];

    /// <summary>Inserts a row.</summary>
    /// <exception cref="RowException">It can't be made.</exception>
    /// <exception cref="Npgsql.PostgresException">The server refuses it.</exception>
    public async Task<RowPlace> InsertAsync(Table table, IReadOnlyDictionary<string, string> values)
    {
        var text = await InsertAsync(table, values, "").ConfigureAwait(false)
            ?? throw new RowException("the server made no row of " + table.Id);
        var place = RowPlace.Parse(text);
        made.Add((table, place));
        return place;
    }

    /// <summary>Inserts a row unless one with its key is there.</summary>
    public async Task InsertMissingAsync(Table table, IReadOnlyDictionary<string, string> values)
    {
        if (await InsertAsync(table, values, " on conflict do nothing").ConfigureAwait(false) is { } text)
            made.Add((table, RowPlace.Parse(text)));
    }

    // What was made up without a look at CHECK is made up again from it.
    private async Task<string?> InsertAsync(Table table, IReadOnlyDictionary<string, string> values, string onConflict)
    {
        values = values.Where(pair => !Overflows(table.FindColumn(pair.Key), pair.Value)).ToDictionary(static pair => pair.Key, static pair => pair.Value, StringComparer.Ordinal);
        for (var left = table.Constraints.Count; ; left--)
        {
            var statement = maker.Insert(table, values, withoutReturning: true) + onConflict + " returning tableoid::text || ' ' || ctid::text";
            try
            {
                await session.ExecuteAsync("savepoint row", cancellation).ConfigureAwait(false);
                return await session.ValueAsync(statement, cancellation).ConfigureAwait(false);
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.CheckViolation && left > 0 && WithoutChecked(table, values, e.ConstraintName) is { } others)
            {
                await session.ExecuteAsync("rollback to savepoint row", cancellation).ConfigureAwait(false);
                values = others;
            }
        }
    }

    // A number that was made up without a look at the digits that the column has: `numeric(5,2)`.
    private static bool Overflows(Column? column, string value)
    {
        if (column is null || !column.Type.StartsWith("numeric(", StringComparison.Ordinal) || !WitnessNames.IsMadeUp(value))
            return false;
        var digits = column.Type[8..^1].Split(',');
        return digits.Length == 2 && int.TryParse(digits[0], CultureInfo.InvariantCulture, out var precision) && int.TryParse(digits[1], CultureInfo.InvariantCulture, out var scale)
            && value.Length > precision - scale;
    }

    private static Dictionary<string, string>? WithoutChecked(Table table, IReadOnlyDictionary<string, string> values, string? constraint)
    {
        var check = table.Constraints.FirstOrDefault(candidate => candidate.Kind == ConstraintKind.Check && candidate.Name == constraint);
        if (check?.Condition is not { } condition)
            return null;
        var used = new ColumnNames();
        used.Visit(condition.Tree);
        var others = values.Where(pair => !used.Found.Contains(pair.Key) || !WitnessNames.IsMadeUp(pair.Value)).ToDictionary(static pair => pair.Key, static pair => pair.Value, StringComparer.Ordinal);
        return others.Count < values.Count ? others : null;
    }

    /// <summary>Inserts the parents that rows lack, those of parents included.</summary>
    public async Task CompleteAsync()
    {
        for (var i = 0; i < made.Count; i++)
        {
            foreach (var constraint in made[i].Table.Constraints)
            {
                if (ParentOf(constraint) is { } parent)
                    await CompleteAsync(made[i].Table, made[i].Place, constraint, parent).ConfigureAwait(false);
            }
            if (made.Count > MaximumParents)
                throw new RowException("the foreign keys ask for more than " + MaximumParents + " rows");
        }
    }

    private Table? ParentOf(TableConstraint constraint) =>
        constraint is { Kind: ConstraintKind.ForeignKey, IsValidated: true, ReferencedTable: { } id } && constraint.ReferencedColumns.Count == constraint.Columns.Count
            && catalog.Relations.TryGetValue(id, out var relation)
            ? relation as Table
            : null;

    private async Task CompleteAsync(Table child, RowPlace place, TableConstraint constraint, Table parent)
    {
        var pairs = constraint.Columns.Zip(constraint.ReferencedColumns, static (column, key) => (Column: Identifier.Quote(column), Key: Identifier.Quote(key))).ToList();
        var isWhole = string.Join(" and ", pairs.Select(static pair => $"c.{pair.Column} is not null"));
        var isParent = string.Join(" and ", pairs.Select(static pair => $"p.{pair.Key} = c.{pair.Column}"));
        var values = string.Join(", ", pairs.Select(static pair => $"c.{pair.Column}::text"));
        var missing = await session.ValueAsync(
            $"select to_json(array[{values}])::text from {Identifier.Of(child.Id)} c where {place.Condition("c")} and {isWhole} and not exists (select 1 from {Identifier.Of(parent.Id)} p where {isParent})",
            cancellation).ConfigureAwait(false);
        if (missing is null)
            return;
        var keys = System.Text.Json.JsonSerializer.Deserialize(missing, RowJson.Default.StringArray)!;
        var row = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < keys.Length; i++)
            row[constraint.ReferencedColumns[i]] = Identifier.Literal(keys[i]);
        await AddKnownParentsAsync(parent, row).ConfigureAwait(false);
        await InsertAsync(parent, row).ConfigureAwait(false);
    }

    // A parent that points on to a row which is there needs no further one: keys that form a circle come to an end.
    private async Task AddKnownParentsAsync(Table table, Dictionary<string, string> row)
    {
        foreach (var constraint in table.Constraints)
        {
            if (ParentOf(constraint) is not { } parent || constraint.Columns.Count != 1 || row.ContainsKey(constraint.Columns[0]))
                continue;
            if (table.FindColumn(constraint.Columns[0]) is { IsNotNull.Value: true }
                && await session.ValueAsync($"select {Identifier.Quote(constraint.ReferencedColumns[0])}::text from {Identifier.Of(parent.Id)} limit 1", cancellation).ConfigureAwait(false) is { } key)
                row[constraint.Columns[0]] = Identifier.Literal(key);
        }
    }
}

/// <summary>The names of the columns that an expression uses.</summary>
internal sealed class ColumnNames : SqlVisitor
{
    public HashSet<string> Found { get; } = new(StringComparer.Ordinal);

    public override void VisitColumnReference(ColumnReference node)
    {
        Found.Add(node.Name.Name.Text);
        base.VisitColumnReference(node);
    }
}

/// <summary>Where a row stands: its table, or partition, and its ctid.</summary>
internal sealed record RowPlace(string TableId, string Ctid)
{
    public static RowPlace Parse(string text)
    {
        var blank = text.IndexOf(' ', StringComparison.Ordinal);
        return new(text[..blank], text[(blank + 1)..]);
    }

    public string Condition(string alias) => $"{alias}.tableoid = {TableId} and {alias}.ctid = '{Ctid}'";
}

[System.Text.Json.Serialization.JsonSerializable(typeof(string[]))]
internal sealed partial class RowJson : System.Text.Json.Serialization.JsonSerializerContext;
