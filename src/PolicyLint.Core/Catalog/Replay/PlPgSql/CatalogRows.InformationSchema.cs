namespace PolicyLint.Core.Catalog.Replay.PlPgSql;

/// <content>The information schema.</content>
internal static partial class CatalogRows
{
    private static List<PlRow>? OfInformationSchema(CatalogState state, string table)
    {
        switch (table)
        {
            case "tables":
                return [.. Relations(state).Where(static r => r is not Sequence && r is not View { IsMaterialized: true }).Select(TablesRow)];
            case "columns":
                return [.. Columns(state).Select(c => ColumnsRow(c.Relation, c.Column, c.Number))];
            case "views":
                return [.. Views(state, isMaterialized: false).Select(TablesRow)];
            case "schemata":
                return [.. SchemaNames(state).Select(s => Row(column => column switch { "schema_name" => s, _ => Other(column, "catalog_name", "schema_owner") }))];
            case "sequences":
                return [.. Relations(state).OfType<Sequence>().Select(s => Row(c => c switch { "sequence_schema" => s.Id.Schema, "sequence_name" => s.Id.Name, _ => Unknown.Value }))];
            case "table_constraints":
                return [.. Constraints(state).Select(c => TableConstraintsRow(c.Table, c.Constraint))];
            case "check_constraints":
                return [.. Constraints(state).Where(static c => c.Constraint.Kind == ConstraintKind.Check).Select(c => TableConstraintsRow(c.Table, c.Constraint))];
            case "referential_constraints":
                return [.. Constraints(state).Where(static c => c.Constraint.Kind == ConstraintKind.ForeignKey).Select(c => TableConstraintsRow(c.Table, c.Constraint))];
            case "key_column_usage":
                return KeyColumnUsage(state);
            case "constraint_column_usage":
                return ConstraintColumnUsage(state);
            case "routines":
                return [.. Functions(state).Select(RoutinesRow)];
            case "triggers":
                return [.. Triggers(state).Select(t => TriggersRow(t.Table, t.Trigger))];
            default:
                return null;
        }
    }

    private static PlRow TablesRow(Relation relation) => Row(column => column switch
    {
        "table_schema" => relation.Id.Schema,
        "table_name" => relation.Id.Name,
        "table_type" => relation is View ? "VIEW" : relation is Table { Kind: TableKind.Foreign } ? "FOREIGN" : "BASE TABLE",
        "table_catalog" => "postgres",
        _ => Other(column, "is_insertable_into", "view_definition", "is_updatable", "check_option"),
    });

    private static PlRow ColumnsRow(Relation relation, Column attribute, long number) => Row(column => column switch
    {
        "table_schema" => relation.Id.Schema,
        "table_name" => relation.Id.Name,
        "column_name" => attribute.Name,
        "ordinal_position" => number,
        "is_nullable" => relation.Taints.Count > 0 || !attribute.IsNotNull.IsKnown ? Unknown.Value : attribute.IsNotNull.Value ? "NO" : "YES",
        "data_type" => DataType(attribute.Type),
        "is_identity" => attribute.IsIdentity ? "YES" : "NO",
        "is_generated" => attribute.IsGenerated ? "ALWAYS" : "NEVER",
        "column_default" => attribute.Default is null ? null : Unknown.Value,
        "table_catalog" => "postgres",
        _ => Other(column, "udt_name", "udt_schema", "character_maximum_length", "numeric_precision", "numeric_scale", "collation_name"),
    });

    // The view's words for arrays and the project's own types (manual 36.17).
    private static object DataType(string type)
    {
        if (type.Length == 0)
            return Unknown.Value;
        if (type.EndsWith("[]", StringComparison.Ordinal))
            return "ARRAY";
        var open = type.IndexOf('(');
        var close = type.IndexOf(')');
        var bare = open >= 0 && close > open ? type.Substring(0, open) + type.Substring(close + 1) : type;
        return bare is "smallint" or "integer" or "bigint" or "real" or "double precision" or "boolean" or "character varying" or "timestamp without time zone"
            or "timestamp with time zone" or "time without time zone" or "time with time zone" or "bit varying" or "character" || TypeNames.IsSystem(bare)
            ? bare
            : "USER-DEFINED";
    }

    private static PlRow TableConstraintsRow(Table table, TableConstraint constraint) => Row(column => column switch
    {
        "table_schema" or "constraint_schema" => table.Id.Schema,
        "table_name" => table.Id.Name,
        "constraint_name" => constraint.Name,
        "constraint_type" => constraint.Kind switch
        {
            ConstraintKind.PrimaryKey => "PRIMARY KEY",
            ConstraintKind.Unique => "UNIQUE",
            ConstraintKind.ForeignKey => "FOREIGN KEY",
            ConstraintKind.Check => "CHECK",
            _ => "EXCLUDE",
        },
        _ => Other(column, "constraint_catalog", "table_catalog", "check_clause", "delete_rule", "update_rule", "unique_constraint_name", "unique_constraint_schema"),
    });

    private static List<PlRow> KeyColumnUsage(CatalogState state)
    {
        var rows = new List<PlRow>();
        foreach (var (table, constraint) in Constraints(state))
        {
            if (constraint.Kind is ConstraintKind.Check or ConstraintKind.Exclusion)
                continue;
            foreach (var key in constraint.Columns)
                rows.Add(UsageRow(table.Id, key, table.Id.Schema, constraint.Name));
        }
        return rows;
    }

    private static List<PlRow> ConstraintColumnUsage(CatalogState state)
    {
        var rows = new List<PlRow>();
        foreach (var (table, constraint) in Constraints(state))
        {
            var target = constraint.ReferencedTable ?? table.Id;
            foreach (var key in constraint.ReferencedTable is null ? constraint.Columns : constraint.ReferencedColumns)
                rows.Add(UsageRow(target, key, table.Id.Schema, constraint.Name));
        }
        return rows;
    }

    private static PlRow UsageRow(QualifiedId table, string key, string schema, string constraint) => Row(column => column switch
    {
        "table_schema" => table.Schema,
        "table_name" => table.Name,
        "column_name" => key,
        "constraint_schema" => schema,
        "constraint_name" => constraint,
        _ => Other(column, "ordinal_position", "position_in_unique_constraint", "table_catalog", "constraint_catalog"),
    });

    private static PlRow RoutinesRow(Function function) => Row(column => column switch
    {
        "routine_schema" or "specific_schema" => function.Id.Schema,
        "routine_name" => function.Id.Name,
        "routine_type" => function.IsProcedure ? "PROCEDURE" : "FUNCTION",
        "security_type" => function.IsSecurityDefiner ? "DEFINER" : "INVOKER",
        _ => Other(column, "specific_name", "data_type", "routine_definition", "external_language"),
    });

    private static PlRow TriggersRow(Table table, Trigger trigger) => Row(column => column switch
    {
        "trigger_schema" or "event_object_schema" => table.Id.Schema,
        "trigger_name" => trigger.Name,
        "event_object_table" => table.Id.Name,
        _ => Other(column, "event_manipulation", "action_statement", "action_timing"),
    });
}
