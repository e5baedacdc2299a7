namespace PolicyLint.Core.Catalog.Replay.Binding;

/// <summary>Result types of the built-in functions that views and queries use most (PostgreSQL manual, chapter 9).</summary>
internal static class SystemFunctions
{
    /// <summary>The result type; empty where not listed.</summary>
    /// <param name="name">The function.</param>
    /// <param name="argument">Type of the first argument, without modifiers: no function keeps them.</param>
    /// <param name="count">Number of arguments.</param>
    public static string Result(string name, string argument, int count)
    {
        switch (name)
        {
            case "count" or "row_number" or "rank" or "dense_rank" or "nextval" or "currval" or "setval":
                return "bigint";
            case "length" or "char_length" or "array_length" or "cardinality" or "position" or "strpos" or "jsonb_array_length" or "json_array_length" or "ascii":
                return "integer";
            case "sum":
                return argument is "smallint" or "integer" ? "bigint" : argument is "bigint" ? "numeric" : argument;
            case "avg":
                return argument is "real" or "double precision" ? "double precision" : argument == "interval" ? argument : argument.Length == 0 ? "" : "numeric";
            case "min" or "max":
                return argument is "character varying" or "name" ? "text" : argument;
            case "abs" or "first_value" or "last_value" or "nth_value" or "lag" or "lead":
                return argument;
            case "round" or "ceil" or "ceiling" or "floor" or "trunc":
                return argument is "double precision" or "real" || (CommonTypes.IsWholeNumber(argument) && count == 1) ? "double precision" : argument.Length == 0 ? "" : "numeric";
            case "sqrt" or "power":
                return argument == "numeric" ? argument : argument.Length == 0 ? "" : "double precision";
            case "array_agg":
                return argument.Length == 0 ? "" : argument.EndsWith("[]", StringComparison.Ordinal) ? argument : argument + "[]";
            case "now" or "transaction_timestamp" or "statement_timestamp" or "clock_timestamp" or "to_timestamp":
                return "timestamp with time zone";
            case "date_trunc":
                return "";
            case "extract" or "random_normal":
                return "numeric";
            case "date_part" or "random" or "similarity" or "ts_rank":
                return name is "similarity" or "ts_rank" ? "real" : "double precision";
            case "gen_random_uuid" or "uuid_generate_v4" or "uuid_generate_v1":
                return "uuid";
            case "lower" or "upper" or "btrim" or "ltrim" or "rtrim" or "trim" or "concat" or "concat_ws" or "format" or "to_char" or "md5" or "string_agg" or "substring"
                or "substr" or "replace" or "regexp_replace" or "split_part" or "left" or "right" or "initcap" or "repeat" or "lpad" or "rpad" or "quote_ident"
                or "quote_literal" or "current_setting" or "set_config" or "version" or "encode" or "array_to_string" or "jsonb_extract_path_text" or "json_extract_path_text"
                or "pg_get_expr" or "obj_description" or "format_type" or "translate" or "reverse" or "chr":
                return "text";
            case "jsonb_build_object" or "jsonb_agg" or "to_jsonb" or "jsonb_object_agg" or "jsonb_build_array" or "jsonb_set" or "jsonb_array_elements":
                return "jsonb";
            case "json_build_object" or "json_agg" or "to_json" or "row_to_json" or "json_object_agg" or "json_build_array":
                return "json";
            case "bool_and" or "bool_or" or "every" or "starts_with" or "has_table_privilege":
                return "boolean";
            case "age" or "make_interval" or "justify_interval":
                return "interval";
            case "to_date" or "make_date":
                return "date";
            case "to_tsvector":
                return "tsvector";
            case "to_tsquery" or "plainto_tsquery" or "websearch_to_tsquery" or "phraseto_tsquery":
                return "tsquery";
            case "string_to_array" or "regexp_split_to_array" or "regexp_match":
                return "text[]";
            default:
                return "";
        }
    }

    /// <summary>Columns of functions that return rows; null where not listed.</summary>
    public static IReadOnlyList<OutputColumn>? RowColumns(string name) => name switch
    {
        "jsonb_each" => [new("key", "text"), new("value", "jsonb")],
        "json_each" => [new("key", "text"), new("value", "json")],
        "jsonb_each_text" or "json_each_text" => [new("key", "text"), new("value", "text")],
        "jsonb_array_elements" => [new("value", "jsonb")],
        "json_array_elements" => [new("value", "json")],
        "jsonb_array_elements_text" or "json_array_elements_text" => [new("value", "text")],
        _ => null,
    };

    /// <summary>Functions of FROM whose one column is named after the alias.</summary>
    public static bool IsScalarSet(string name) => name is "unnest" or "generate_series" or "generate_subscripts" or "regexp_split_to_table" or "string_to_table"
        or "regexp_matches" or "jsonb_object_keys" or "json_object_keys" or "jsonb_path_query" or "current_setting" or "now";
}
