using System.Text;
using PolicyLint.Core.Catalog.Replay;
using PolicyLint.Sql;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Catalog;

/// <summary>Type names as format_type prints them (PostgreSQL source, format_type.c).</summary>
internal sealed class TypeNames(CatalogState state)
{
    private static readonly Dictionary<string, string> s_spelled = new(StringComparer.Ordinal)
    {
        ["int2"] = "smallint",
        ["int4"] = "integer",
        ["int8"] = "bigint",
        ["float4"] = "real",
        ["float8"] = "double precision",
        ["bool"] = "boolean",
        ["varchar"] = "character varying",
        ["timestamp"] = "timestamp without time zone",
        ["timestamptz"] = "timestamp with time zone",
        ["time"] = "time without time zone",
        ["timetz"] = "time with time zone",
        ["varbit"] = "bit varying",
        ["decimal"] = "numeric",
    };

    private static readonly HashSet<string> s_system = new(StringComparer.Ordinal)
    {
        "text", "uuid", "json", "jsonb", "jsonpath", "bytea", "date", "numeric", "interval", "bit", "bpchar", "name", "oid", "inet", "cidr", "macaddr",
        "macaddr8", "money", "xml", "point", "line", "lseg", "box", "path", "polygon", "circle", "tsvector", "tsquery", "regclass", "regproc",
        "regprocedure", "regoper", "regoperator", "regtype", "regrole", "regnamespace", "regconfig", "regdictionary", "record", "void", "trigger",
        "event_trigger", "anyelement", "anyarray", "anynonarray", "anyenum", "anyrange", "anymultirange", "anycompatible", "anycompatiblearray",
        "anycompatiblenonarray", "anycompatiblerange", "anycompatiblemultirange", "any", "cstring", "internal", "language_handler", "fdw_handler",
        "index_am_handler", "table_am_handler", "tsm_handler", "int4range", "int8range", "numrange", "tsrange", "tstzrange", "daterange",
        "int4multirange", "int8multirange", "nummultirange", "tsmultirange", "tstzmultirange", "datemultirange", "pg_lsn", "txid_snapshot",
        "pg_snapshot", "xid", "xid8", "cid", "tid", "refcursor", "aclitem", "char", "unknown", "int2vector", "oidvector", "gtsvector", "pg_node_tree",
    };

    /// <summary>The type of a column, modifiers included.</summary>
    public string OfColumn(TypeName type) => Format(type, withModifiers: true);

    /// <summary>The type of a parameter or result: modifiers are not kept there.</summary>
    public string OfParameter(TypeName type) => Format(type, withModifiers: false);

    /// <summary>Whether the name is that of a built-in type.</summary>
    public static bool IsSystem(string name) => s_system.Contains(name) || s_spelled.ContainsKey(name);

    /// <summary>The project's type that a name means.</summary>
    public UserType? Find(ObjectName name)
    {
        if (name.Schema is { } schema)
            return state.Types.TryGetValue(new(schema, name.Name.Text), out var qualified) ? qualified : null;
        foreach (var searched in state.SearchPath)
        {
            if (state.Types.TryGetValue(new(searched, name.Name.Text), out var type))
                return type;
        }
        return null;
    }

    /// <summary>An object of a schema as the server prints it with an empty search_path: qualified, so that the text means one thing.</summary>
    public static string Display(QualifiedId id) => Quote(id.Schema) + "." + Quote(id.Name);

    /// <summary>An object as regclass prints it in a session: unqualified where its schema is searched.</summary>
    public string Visible(QualifiedId id) => Lists.Has(state.SearchPath, id.Schema) ? Quote(id.Name) : Display(id);

    public static string Quote(string name) => SqlPrinter.Print(new ColumnReference { Name = new(new Name(name)) });

    private string Format(TypeName type, bool withModifiers)
    {
        if (type.IsColumnType)
            return OfReferencedColumn(type);
        var text = Base(type, withModifiers);
        return type.ArrayDimensions > 0 ? text + "[]" : text;
    }

    private string OfReferencedColumn(TypeName type)
    {
        if (type.Name.Qualifier.IsEmpty)
            return "";
        var schema = type.Name.Outer.Count > 0 ? type.Name.Outer[type.Name.Outer.Count - 1] : default;
        var relation = state.FindRelation(new ObjectName(type.Name.Qualifier, schema));
        return relation?.FindColumn(type.Name.Name.Text)?.Type ?? "";
    }

    private string Base(TypeName type, bool withModifiers)
    {
        var name = type.Name.Name.Text;
        var schema = type.Name.Schema;
        var isSystem = type.IsSystemName || schema == "pg_catalog" || (schema is null && IsSystem(name));
        if (!isSystem)
            return User(type, name, schema) + (withModifiers ? Modifiers(type) : "");
        switch (name)
        {
            case "serial" or "serial4":
                return "integer";
            case "bigserial" or "serial8":
                return "bigint";
            case "smallserial" or "serial2":
                return "smallint";
            case "char" when !type.IsSystemName:
                return "\"char\"";
            case "char" or "bpchar":
                if (!withModifiers)
                    return "character";
                if (type.Modifiers.Length > 0)
                    return "character" + Modifiers(type);
                return type.IsSystemName ? "character(1)" : "bpchar";
            case "bit":
                return withModifiers ? type.Modifiers.Length > 0 ? "bit" + Modifiers(type) : "bit(1)" : "bit";
            case "interval":
                return "interval" + (withModifiers ? Fields(type.IntervalFields) + Modifiers(type) : "");
            case "timestamp" or "timestamptz" or "time" or "timetz" when withModifiers && type.Modifiers.Length > 0:
                var plain = s_spelled[name];
                var blank = plain.IndexOf(' ');
                return plain.Substring(0, blank) + Modifiers(type) + plain.Substring(blank);
            case "numeric" or "decimal" when withModifiers && type.Modifiers.Length == 1:
                return "numeric(" + SqlPrinter.Print(type.Modifiers[0]) + ",0)";
        }
        var text = s_spelled.TryGetValue(name, out var spelled) ? spelled : name == "any" ? "\"any\"" : name;
        return withModifiers ? text + Modifiers(type) : text;
    }

    private string User(TypeName type, string name, string? schema)
    {
        if (schema is null && name is "serial" or "serial4" or "bigserial" or "serial8" or "smallserial" or "serial2")
            return name is "serial" or "serial4" ? "integer" : name is "bigserial" or "serial8" ? "bigint" : "smallint";
        if (Find(type.Name) is { } user)
            return Display(user.Id);
        if (state.FindRelation(type.Name) is { } relation)
            return Display(relation.Id);
        if (schema is not null)
            return Display(new(schema, name));
        if (ExtensionTypes.Owner(name) is { } extension && state.ExtensionSchemas.TryGetValue(extension, out var home))
            return Display(new(home, name));
        return Quote(name);
    }

    private static string Modifiers(TypeName type)
    {
        if (type.Modifiers.Length == 0)
            return "";
        var text = new StringBuilder("(");
        for (var i = 0; i < type.Modifiers.Length; i++)
        {
            if (i > 0)
                text.Append(',');
            text.Append(type.Modifiers[i] switch
            {
                Literal { Kind: LiteralKind.String } word => word.GetText(),
                var modifier => SqlPrinter.Print(modifier),
            });
        }
        return text.Append(')').ToString();
    }

    private static string Fields(IntervalFields fields) => fields switch
    {
        IntervalFields.Year => " year",
        IntervalFields.Month => " month",
        IntervalFields.Day => " day",
        IntervalFields.Hour => " hour",
        IntervalFields.Minute => " minute",
        IntervalFields.Second => " second",
        IntervalFields.YearToMonth => " year to month",
        IntervalFields.DayToHour => " day to hour",
        IntervalFields.DayToMinute => " day to minute",
        IntervalFields.DayToSecond => " day to second",
        IntervalFields.HourToMinute => " hour to minute",
        IntervalFields.HourToSecond => " hour to second",
        IntervalFields.MinuteToSecond => " minute to second",
        _ => "",
    };
}
