using Npgsql;

namespace PolicyLint.Live.Catalog;

// What there is much of, in the columns of relations.sql, columns.sql, policies.sql and parts.sql. Numbers are PostgreSQL's: oids and attnums.

internal sealed record RelationRow(
    uint Id,
    string Schema,
    string Name,
    char Kind,
    char Persistence,
    uint Owner,
    bool IsFromExtension,
    bool RowSecurityEnabled,
    bool RowSecurityForced,
    bool IsPartition,
    string[] Options,
    string? Definition,
    string? Comment,
    uint? OwningTable,
    int? OwningColumn,
    uint[] Parents,
    string[] Privileges)
{
    public static RelationRow Read(NpgsqlDataReader row) => new(
        row.Id(0), row.GetString(1), row.GetString(2), row.GetChar(3), row.GetChar(4), row.Id(5), row.GetBoolean(6), row.GetBoolean(7),
        row.GetBoolean(8), row.GetBoolean(9), row.Array<string>(10), row.Text(11), row.Text(12), row.Number<uint>(13), row.Number<int>(14),
        row.Array<uint>(15), row.Array<string>(16));
}

internal sealed record ColumnRow(
    uint Relation,
    short Number,
    string Name,
    string Type,
    bool IsNotNull,
    bool IsGenerated,
    bool IsIdentity,
    string? Default,
    string[] Privileges)
{
    public static ColumnRow Read(NpgsqlDataReader row) => new(
        row.Id(0), row.GetInt16(1), row.GetString(2), row.GetString(3), row.GetBoolean(4), row.GetBoolean(5), row.GetBoolean(6), row.Text(7),
        row.Array<string>(8));
}

internal sealed record PolicyRow(
    uint Relation, string Name, char Command, bool IsPermissive, uint[] Roles, string? Using, string? WithCheck, string? Comment)
{
    public static PolicyRow Read(NpgsqlDataReader row) => new(
        row.Id(0), row.GetString(1), row.GetChar(2), row.GetBoolean(3), row.Array<uint>(4), row.Text(5), row.Text(6), row.Text(7));
}

/// <summary>What a relation has besides columns and policies.</summary>
internal abstract record PartRow(uint Relation, uint Id, string Name, short[] Columns)
{
    public static PartRow Read(NpgsqlDataReader row)
    {
        var (relation, id, name, columns) = (row.Id(1), row.Id(2), row.GetString(3), row.Array<short>(5));
        return row.GetString(0) switch
        {
            "constraint" => new ConstraintRow(
                relation, id, name, columns, row.GetChar(4), row.Id(6), row.Array<short>(7), row.GetChar(8), row.GetChar(9), row.Text(10),
                row.GetBoolean(11), row.Id(14)),
            "index" => new IndexRow(
                relation, id, name, columns, row.GetInt16(15), row.Array<string?>(16), row.Text(10), row.GetBoolean(11), row.GetBoolean(12),
                row.GetBoolean(13), row.GetString(18)),
            _ => new TriggerRow(relation, id, name, columns, row.GetInt16(15), row.GetBoolean(11), row.GetString(17), row.GetString(18)),
        };
    }
}

internal sealed record ConstraintRow(
    uint Relation,
    uint Id,
    string Name,
    short[] Columns,
    char Type,
    uint Referenced,
    short[] ReferencedColumns,
    char OnDelete,
    char OnUpdate,
    string? Condition,
    bool IsValidated,
    uint Index)
    : PartRow(Relation, Id, Name, Columns);

/// <param name="Relation">The table or materialized view.</param>
/// <param name="Id">Its oid.</param>
/// <param name="Name">Its name.</param>
/// <param name="Columns">The keys, then what is included; zero where a key is an expression.</param>
/// <param name="KeyCount">How many of the columns are keys.</param>
/// <param name="Expressions">As many as columns, null where a column is meant; empty where no key is an expression.</param>
/// <param name="Predicate">WHERE, as PostgreSQL prints it.</param>
/// <param name="IsValid">Not left behind by a build that failed.</param>
/// <param name="IsUnique">UNIQUE.</param>
/// <param name="NullsNotDistinct">NULLS NOT DISTINCT.</param>
/// <param name="Method">The access method.</param>
internal sealed record IndexRow(
    uint Relation,
    uint Id,
    string Name,
    short[] Columns,
    short KeyCount,
    string?[] Expressions,
    string? Predicate,
    bool IsValid,
    bool IsUnique,
    bool NullsNotDistinct,
    string Method)
    : PartRow(Relation, Id, Name, Columns);

internal sealed record TriggerRow(
    uint Relation, uint Id, string Name, short[] Columns, int Type, bool IsEnabled, string FunctionSchema, string FunctionName)
    : PartRow(Relation, Id, Name, Columns);

file static class Values
{
    public static uint Id(this NpgsqlDataReader row, int column) => row.GetFieldValue<uint>(column);

    public static string? Text(this NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    public static T? Number<T>(this NpgsqlDataReader row, int column)
        where T : struct => row.IsDBNull(column) ? null : row.GetFieldValue<T>(column);

    public static T[] Array<T>(this NpgsqlDataReader row, int column) => row.IsDBNull(column) ? [] : row.GetFieldValue<T[]>(column);
}
