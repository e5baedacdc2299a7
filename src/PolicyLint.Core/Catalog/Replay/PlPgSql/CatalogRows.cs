using System.Globalization;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Catalog.Replay.PlPgSql;

/// <summary>
/// Rows of the system catalogs and the information schema, answered from the replay's own catalog: the relations and columns that migrations
/// ask for (PostgreSQL manual, chapters 53 and 36). A column that is not listed is not known.
/// </summary>
internal static partial class CatalogRows
{
    /// <summary>Whether a query reads the system catalogs.</summary>
    public static bool ReadsCatalog(QueryStatement query)
    {
        if (query is not SelectQuery select)
            return true;
        foreach (var item in select.From)
        {
            if (item is not FunctionTable)
                return true;
        }
        return false;
    }

    /// <summary>The rows of a relation; null where it is none of those that are known.</summary>
    public static IReadOnlyList<PlRow>? Of(ReplayContext context, ObjectName name)
    {
        var state = context.State;
        var schema = name.Schema;
        var table = name.Name.Text;
        if (schema == "information_schema")
            return OfInformationSchema(state, table);
        if (schema is not (null or "pg_catalog") || state.FindRelation(name) is not null)
            return null;
        switch (table)
        {
            case "pg_tables":
                return [.. Tables(state).Select(PgTables)];
            case "pg_views" or "pg_matviews":
                return [.. Views(state, table == "pg_matviews").Select(v => PgViews(v))];
            case "pg_class":
                return PgClass(state);
            case "pg_namespace":
                return [.. SchemaNames(state).Select(s => Row(c => c switch { "oid" => new Oid("namespace", new(s, "")), "nspname" => s, _ => Other(c, "nspowner", "nspacl") }))];
            case "pg_policies":
                return [.. Policies(state).Select(p => PgPolicies(p.Table, p.Policy))];
            case "pg_policy":
                return [.. Policies(state).Select(p => PgPolicy(p.Table, p.Policy))];
            case "pg_indexes":
                return [.. Indexes(state).Select(i => PgIndexes(i.Owner, i.Index))];
            case "pg_index":
                return [.. Indexes(state).Select(i => PgIndex(i.Owner, i.Index))];
            case "pg_attribute":
                return [.. Columns(state).Select(c => PgAttribute(c.Relation, c.Column, c.Number))];
            case "pg_constraint":
                return [.. Constraints(state).Select(c => PgConstraint(c.Table, c.Constraint))];
            case "pg_type":
                return PgType(state);
            case "pg_enum":
                return PgEnum(state);
            case "pg_proc":
                return [.. Functions(state).Select(PgProc)];
            case "pg_trigger":
                return [.. Triggers(state).Select(t => PgTrigger(t.Table, t.Trigger))];
            case "pg_roles" or "pg_authid" or "pg_user" or "pg_shadow":
                return [.. InOrder(state.Roles.Values, static r => r.Name).Select(PgRoles)];
            case "pg_auth_members":
                return PgAuthMembers(state);
            case "pg_extension":
                return [.. InOrder(state.Extensions, static e => e).Select(e => Row(c => c == "extname" ? e : Other(c, "oid", "extversion", "extnamespace")))];
            case "pg_sequences":
                return [.. Relations(state).OfType<Sequence>().Select(s => Row(c => c switch { "schemaname" => s.Id.Schema, "sequencename" => s.Id.Name, "sequenceowner" => s.Owner, _ => Unknown.Value }))];
            default:
                return null;
        }
    }

    private static PlRow Row(Func<string, object?> get) => new(get);

    // A column that exists but is not answered; anything else is no column of the row.
    private static object Other(string column, params string[] known) => Array.IndexOf(known, column) >= 0 ? Unknown.Value : PlRow.NoColumn;

    private static List<T> InOrder<T>(IEnumerable<T> items, Func<T, string> key)
    {
        var list = new List<T>(items);
        list.Sort((a, b) => string.CompareOrdinal(key(a), key(b)));
        return list;
    }

    private static List<Relation> Relations(CatalogState state)
    {
        var list = new List<Relation>(state.Relations.Values);
        list.Sort(static (a, b) => CatalogLookup.CompareIds(a.Id, b.Id));
        return list;
    }

    private static IEnumerable<Table> Tables(CatalogState state) => Relations(state).OfType<Table>();

    private static IEnumerable<View> Views(CatalogState state, bool isMaterialized) => Relations(state).OfType<View>().Where(v => v.IsMaterialized == isMaterialized);

    private static IEnumerable<string> SchemaNames(CatalogState state) =>
        InOrder(state.Schemas.Keys.Concat(["pg_catalog", "information_schema"]), static s => s);

    private static IEnumerable<(Table Table, Policy Policy)> Policies(CatalogState state) => Tables(state).SelectMany(static t => t.Policies.Select(p => (t, p)));

    private static IEnumerable<(Table Table, Trigger Trigger)> Triggers(CatalogState state) => Tables(state).SelectMany(static t => t.Triggers.Select(g => (t, g)));

    private static IEnumerable<(Table Table, TableConstraint Constraint)> Constraints(CatalogState state) =>
        Tables(state).SelectMany(static t => t.Constraints.Select(c => (t, c)));

    private static IEnumerable<(Relation Owner, TableIndex Index)> Indexes(CatalogState state) =>
        Relations(state).SelectMany(static r => (r as Table)?.Indexes.Select(i => (r, i)) ?? (r as View)?.Indexes.Select(i => (r, i)) ?? []);

    private static IEnumerable<(Relation Relation, Column Column, long Number)> Columns(CatalogState state) =>
        Relations(state).SelectMany(static r => r.Columns.Select((c, i) => (r, c, (long)i + 1)));

    private static IEnumerable<Function> Functions(CatalogState state) => InOrder(state.Functions, static f => f.Key.ToString()).SelectMany(static f => f.Value);

    private static object Known(Fact<bool> fact, bool isTainted) => fact.IsKnown && !isTainted ? fact.Value : Unknown.Value;

    private static PlRow PgTables(Table table) => Row(column => column switch
    {
        "schemaname" => table.Id.Schema,
        "tablename" => table.Id.Name,
        "tableowner" => table.Owner ?? (object)Unknown.Value,
        "rowsecurity" => Known(table.RowSecurityEnabled, table.Taints.Count > 0),
        "hasindexes" => table.Indexes.Count > 0,
        "hastriggers" => table.Triggers.Count > 0,
        _ => Other(column, "tablespace", "hasrules"),
    });

    private static PlRow PgViews(View view) => Row(column => column switch
    {
        "schemaname" => view.Id.Schema,
        "viewname" or "matviewname" => view.Id.Name,
        "viewowner" or "matviewowner" => view.Owner,
        _ => Other(column, "definition", "hasindexes", "ispopulated"),
    });

    private static List<PlRow> PgClass(CatalogState state)
    {
        var rows = new List<PlRow>();
        foreach (var relation in Relations(state))
        {
            var table = relation as Table;
            var kind = relation switch
            {
                View { IsMaterialized: true } => "m",
                View => "v",
                Sequence => "S",
                Table { Kind: TableKind.Partitioned } => "p",
                Table { Kind: TableKind.Foreign } => "f",
                _ => "r",
            };
            rows.Add(Row(column => column switch
            {
                "oid" => new Oid("class", relation.Id),
                "relname" => relation.Id.Name,
                "relnamespace" => new Oid("namespace", new(relation.Id.Schema, "")),
                "relkind" => kind,
                "relowner" => relation.Owner is { } owner ? new Oid("role", new("", owner)) : Unknown.Value,
                "relrowsecurity" => table is null ? false : Known(table.RowSecurityEnabled, table.Taints.Count > 0),
                "relforcerowsecurity" => table is null ? false : Known(table.RowSecurityForced, table.Taints.Count > 0),
                "relispartition" => table?.PartitionOf is not null,
                "relpersistence" => relation.Id.Schema == CatalogState.TemporarySchema ? "t" : "p",
                "relhasindex" => table?.Indexes.Count > 0,
                _ => Other(column, "reltuples", "relpages", "relacl", "reloptions", "relhastriggers", "reltype", "relam"),
            }));
        }
        foreach (var (owner, index) in Indexes(state))
        {
            var id = new QualifiedId(owner.Id.Schema, index.Name);
            rows.Add(Row(column => column switch
            {
                "oid" => new Oid("class", id),
                "relname" => id.Name,
                "relnamespace" => new Oid("namespace", new(id.Schema, "")),
                "relkind" => "i",
                "relrowsecurity" or "relforcerowsecurity" => false,
                _ => Other(column, "relowner", "relispartition", "relpersistence", "relhasindex", "reltuples", "relpages", "relacl", "reloptions"),
            }));
        }
        return rows;
    }

    private static PlRow PgPolicies(Table table, Policy policy) => Row(column => column switch
    {
        "schemaname" => table.Id.Schema,
        "tablename" => table.Id.Name,
        "policyname" => policy.Name,
        "permissive" => policy.IsPermissive ? "PERMISSIVE" : "RESTRICTIVE",
        "roles" => new PlArray([.. policy.Roles]),
        "cmd" => policy.Command.ToString().ToUpperInvariant(),
        "qual" => policy.Using is null ? null : Unknown.Present,
        "with_check" => policy.WithCheck is null ? null : Unknown.Present,
        _ => PlRow.NoColumn,
    });

    private static PlRow PgPolicy(Table table, Policy policy) => Row(column => column switch
    {
        "polname" => policy.Name,
        "polrelid" => new Oid("class", table.Id),
        "polpermissive" => policy.IsPermissive,
        "polcmd" => policy.Command switch
        {
            PolicyCommand.Select => "r",
            PolicyCommand.Insert => "a",
            PolicyCommand.Update => "w",
            PolicyCommand.Delete => "d",
            _ => "*",
        },
        "polqual" => policy.Using is null ? null : Unknown.Present,
        "polwithcheck" => policy.WithCheck is null ? null : Unknown.Present,
        _ => Other(column, "oid", "polroles"),
    });

    private static PlRow PgIndexes(Relation owner, TableIndex index) => Row(column => column switch
    {
        "schemaname" => owner.Id.Schema,
        "tablename" => owner.Id.Name,
        "indexname" => index.Name,
        "indexdef" => Unknown.Present,
        _ => Other(column, "tablespace"),
    });

    private static PlRow PgIndex(Relation owner, TableIndex index) => Row(column => column switch
    {
        "indexrelid" => new Oid("class", new(owner.Id.Schema, index.Name)),
        "indrelid" => new Oid("class", owner.Id),
        "indisunique" => index.IsUnique,
        "indisvalid" => index.IsValid,
        _ => Other(column, "indisprimary", "indkey", "indpred", "indexprs"),
    });

    private static PlRow PgAttribute(Relation relation, Column attribute, long number) => Row(column => column switch
    {
        "attrelid" => new Oid("class", relation.Id),
        "attname" => attribute.Name,
        "attnum" => number,
        "attisdropped" => false,
        "attnotnull" => Known(attribute.IsNotNull, relation.Taints.Count > 0),
        "atthasdef" => attribute.Default is not null,
        "atttypmod" => Modifier(attribute.Type),
        _ => Other(column, "atttypid", "attidentity", "attgenerated", "attlen"),
    });

    // A length counts its own four bytes (varchar.c), pgvector's number of dimensions is as written; -1 where there is none.
    private static object Modifier(string type)
    {
        var open = type.IndexOf('(');
        if (open < 0)
            return type.Length == 0 ? Unknown.Value : -1L;
        var close = type.IndexOf(')', open);
        var name = type.Substring(type.LastIndexOf('.', open) + 1, open - type.LastIndexOf('.', open) - 1);
        if (close < 0 || !long.TryParse(type.Substring(open + 1, close - open - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return Unknown.Value;
        return name switch
        {
            "vector" or "halfvec" => number,
            "character varying" or "character" => number + 4,
            _ => Unknown.Value,
        };
    }

    private static PlRow PgConstraint(Table table, TableConstraint constraint) => Row(column => column switch
    {
        "conname" => constraint.Name,
        "conrelid" => new Oid("class", table.Id),
        "connamespace" => new Oid("namespace", new(table.Id.Schema, "")),
        "contype" => constraint.Kind switch
        {
            ConstraintKind.PrimaryKey => "p",
            ConstraintKind.Unique => "u",
            ConstraintKind.ForeignKey => "f",
            ConstraintKind.Exclusion => "x",
            _ => "c",
        },
        "convalidated" => constraint.IsValidated,
        "confrelid" => constraint.ReferencedTable is { } referenced ? new Oid("class", referenced) : 0L,
        _ => Other(column, "oid", "conkey", "confkey", "conindid", "confdeltype", "confupdtype", "conbin"),
    });

    private static List<PlRow> PgType(CatalogState state)
    {
        var rows = new List<PlRow>();
        foreach (var type in InOrder(state.Types.Values, static t => t.Id.ToString()))
        {
            var kind = type.Kind switch { TypeKind.Enum => "e", TypeKind.Composite => "c", TypeKind.Domain => "d", TypeKind.Range => "r", _ => "b" };
            rows.Add(TypeRow(type.Id, kind));
        }
        foreach (var relation in Relations(state))
            rows.Add(TypeRow(relation.Id, "c"));
        return rows;
    }

    private static PlRow TypeRow(QualifiedId id, string kind) => Row(column => column switch
    {
        "oid" => new Oid("type", id),
        "typname" => id.Name,
        "typnamespace" => new Oid("namespace", new(id.Schema, "")),
        "typtype" => kind,
        _ => Other(column, "typrelid", "typelem", "typowner", "typcategory", "typarray", "typbasetype"),
    });

    private static List<PlRow> PgEnum(CatalogState state)
    {
        var rows = new List<PlRow>();
        foreach (var type in InOrder(state.Types.Values, static t => t.Id.ToString()))
        {
            for (var i = 0; i < type.Labels.Count; i++)
            {
                var label = type.Labels[i];
                var order = (long)i + 1;
                rows.Add(Row(column => column switch
                {
                    "enumtypid" => new Oid("type", type.Id),
                    "enumlabel" => label,
                    "enumsortorder" => order,
                    _ => Other(column, "oid"),
                }));
            }
        }
        return rows;
    }

    private static PlRow PgProc(Function function) => Row(column => column switch
    {
        "oid" => new Oid("proc", function.Id, FunctionStatements.Signature(function)),
        "proname" => function.Id.Name,
        "pronamespace" => new Oid("namespace", new(function.Id.Schema, "")),
        "prosecdef" => function.IsSecurityDefiner,
        "prokind" => function.IsProcedure ? "p" : "f",
        "pronargs" => (long)function.InputTypes.Count(),
        _ => Other(column, "proowner", "prolang", "prosrc", "proacl", "proconfig", "provolatile", "proargtypes", "prorettype"),
    });

    private static PlRow PgTrigger(Table table, Trigger trigger) => Row(column => column switch
    {
        "tgname" => trigger.Name,
        "tgrelid" => new Oid("class", table.Id),
        "tgisinternal" => false,
        "tgfoid" => new Oid("proc", trigger.Function),
        "tgenabled" => trigger.IsEnabled ? "O" : "D",
        _ => Other(column, "oid", "tgtype"),
    });

    private static PlRow PgRoles(Role role) => Row(column => column switch
    {
        "oid" or "usesysid" => new Oid("role", new("", role.Name)),
        "rolname" or "usename" => role.Name,
        "rolsuper" or "usesuper" => role.IsSuperuser,
        "rolbypassrls" or "usebypassrls" => role.BypassesRowSecurity,
        "rolcanlogin" => role.CanLogin,
        "rolinherit" => role.Inherits,
        _ => Other(column, "rolcreaterole", "rolcreatedb", "rolreplication", "rolconnlimit", "rolconfig", "rolpassword", "rolvaliduntil"),
    });

    private static List<PlRow> PgAuthMembers(CatalogState state)
    {
        var rows = new List<PlRow>();
        foreach (var role in InOrder(state.Roles.Values, static r => r.Name))
        {
            foreach (var membership in role.MemberOf)
            {
                rows.Add(Row(column => column switch
                {
                    "roleid" => new Oid("role", new("", membership.Role)),
                    "member" => new Oid("role", new("", role.Name)),
                    "admin_option" => membership.WithAdmin,
                    _ => Other(column, "grantor", "inherit_option", "set_option"),
                }));
            }
        }
        return rows;
    }
}
