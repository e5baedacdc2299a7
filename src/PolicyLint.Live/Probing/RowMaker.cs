using System.Globalization;
using PolicyLint.Core.Access;
using PolicyLint.Core.Catalog;

namespace PolicyLint.Live.Probing;

/// <summary>
/// Writes INSERTs for rows of which only some values matter: the rest is what the table's types, NOT NULL, CHECK and UNIQUE ask for. Each row is
/// different from the ones before.
/// </summary>
internal sealed class RowMaker(ICatalog catalog)
{
    /// <summary>The end of a statement that gives back where a row lies, as a condition.</summary>
    public const string ReturningPlace = " returning pg_catalog.format('ctid = %L and tableoid = %s', ctid, tableoid::oid)";

    private const int DeepestDomain = 4;

    private readonly LastingEffects effects = new(catalog);
    private int made;

    /// <summary>An INSERT that returns the condition by which the row is found again: its ctid and the table or partition that it lies in.</summary>
    /// <param name="table">Where to.</param>
    /// <param name="values">Column to SQL literal; what is NULL there stays NULL unless the column does not allow it.</param>
    /// <param name="withoutReturning">Leaves RETURNING out, which asks for the right to read.</param>
    /// <exception cref="RowException">A column's type is not one that values can be made of.</exception>
    public string Insert(Table table, IReadOnlyDictionary<string, string> values, bool withoutReturning = false)
    {
        made++;
        var columns = new List<string>();
        var literals = new List<string>();
        foreach (var column in table.Columns)
        {
            if (column.IsGenerated)
                continue;
            var given = values.TryGetValue(column.Name, out var literal) && literal is not ("NULL" or "?") ? literal : null;
            if (literal == "NULL" && !column.IsNotNull.Value && !IsDomain(column.Type))
            {
                // A default would make it something else.
                given = "NULL";
            }
            else if (literal == "?")
            {
                given = Value(table, column);
            }
            else if (given is null)
            {
                // A sequence's next number is gone for good even when the transaction is rolled back, so it is never asked for one. A domain may
                // have a default of its own.
                var isOptional = !column.IsNotNull.Value;
                var isGivenByServer = column.Default is not null && !HasLastingDefault(column) && CheckedText.Of(table, column, made) is null;
                if (isGivenByServer || (isOptional && column.Default is null && !column.IsIdentity && !IsDomain(column.Type)))
                    continue;
                given = isOptional && column.Default is null && !column.IsIdentity ? "NULL" : Value(table, column);
            }
            columns.Add(Identifier.Quote(column.Name));
            literals.Add(column.Type.Length > 0 ? $"({given})::{column.Type}" : given);
        }
        var target = Identifier.Of(table.Id);
        var returning = withoutReturning ? "" : ReturningPlace;
        return columns.Count == 0
            ? $"insert into {target} default values{returning}"
            : $"insert into {target} ({string.Join(", ", columns)}) overriding system value values ({string.Join(", ", literals)}){returning}";
    }

    /// <summary>The values without those that must be unique: for a second row like the first.</summary>
    public static IReadOnlyDictionary<string, string> WithoutKeys(Table table, IReadOnlyDictionary<string, string> values, IReadOnlyCollection<string> kept)
    {
        var unique = new HashSet<string>(StringComparer.Ordinal);
        foreach (var index in table.Indexes)
        {
            if (!index.IsUnique || index.Keys.Any(key => key.Column is { } column && kept.Contains(column)))
                continue;
            foreach (var key in index.Keys)
            {
                if (key.Column is { } column)
                    unique.Add(column);
            }
        }
        return values.Where(pair => !unique.Contains(pair.Key)).ToDictionary(static pair => pair.Key, static pair => pair.Value, StringComparer.Ordinal);
    }

    private bool HasLastingDefault(Column column) => column.IsIdentity || effects.Of(column.Default?.Tree) is not null;

    private bool IsDomain(string type) => TypeNamed(type) is { Kind: TypeKind.Domain };

    private string Value(Table table, Column column)
    {
        if (CheckedText.Of(table, column, made) is { } matching)
            return Identifier.Literal(matching);
        if (!HasLastingDefault(column) && UsualValue.Of(table, column) is { } usual)
            return Identifier.Literal(usual);
        return OfType(column.Type, $"{table.Id}.{column.Name}", 0);
    }

    private UserType? TypeNamed(string type)
    {
        var name = type.Replace("\"", "", StringComparison.Ordinal);
        return catalog.Types.Values.FirstOrDefault(candidate => candidate.Id.ToString() == name) ?? catalog.Types.Values.FirstOrDefault(candidate => candidate.Id.Name == name);
    }

    private string OfType(string type, string what, int depth)
    {
        var number = (100_000 + made).ToString(CultureInfo.InvariantCulture);
        var parenthesis = type.IndexOf('(', StringComparison.Ordinal);
        var name = parenthesis > 0 ? type[..parenthesis] + type[(type.IndexOf(')', StringComparison.Ordinal) + 1)..] : type;
        if (name.EndsWith("[]", StringComparison.Ordinal))
            return "'{}'";
        switch (name)
        {
            case "uuid":
                return "'cccccccc-0000-4000-8000-" + made.ToString("x12", CultureInfo.InvariantCulture) + "'";
            case "text" or "citext" or "name" or "character varying" or "character" or "bpchar":
                // A length limit holds for what is made up, too; what differs stands at the end.
                var limit = parenthesis > 0 && int.TryParse(type[(parenthesis + 1)..type.IndexOf(')', StringComparison.Ordinal)], CultureInfo.InvariantCulture, out var length) ? length : int.MaxValue;
                var text = "p" + number;
                return $"'{(text.Length > limit ? text[^limit..] : text)}'";
            case "smallint":
                return (made % 30_000).ToString(CultureInfo.InvariantCulture);
            case "integer" or "bigint" or "numeric" or "real" or "double precision" or "oid":
                return parenthesis > 0 ? "1" : number;
            case "money":
                return "'1.00'";
            case "boolean":
                return "false";
            case "json" or "jsonb":
                return "'{}'";
            case "bytea":
                return "'\\x00'";
            case "date" or "timestamp without time zone" or "timestamp with time zone":
                return "'2026-01-02'";
            case "time without time zone" or "time with time zone":
                return "'10:00'";
            case "interval":
                return "'1 day'";
            case "inet" or "cidr":
                return "'10.0.0.1'";
            case "macaddr":
                return "'08:00:2b:01:02:03'";
            case "bit" or "bit varying":
                return "B'1'";
            case "tsvector" or "tsquery":
                return "''";
            case "xml":
                return "'<a/>'";
            case "point":
                return "'(0,0)'";
            case "int4range" or "int8range" or "numrange" or "tsrange" or "tstzrange" or "daterange":
                return "'empty'";
        }
        if (depth <= DeepestDomain && TypeNamed(name) is { } own)
        {
            if (own is { Kind: TypeKind.Enum, Labels.Count: > 0 })
                return Identifier.Literal(own.Labels[0]);
            if (own.Kind == TypeKind.Domain)
                return OfType(own.BaseType, what, depth + 1);
        }
        throw new RowException($"no value can be made for {what}, of type {type}");
    }
}

/// <summary>A row could not be made up.</summary>
internal sealed class RowException(string message) : Exception(message);
