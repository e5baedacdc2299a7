namespace PolicyLint.Core.Logic.Proving;

/// <summary>Type names folded to what the prover tells apart: types whose values compare alike share a name.</summary>
internal static class TypeFamily
{
    public const string Any = "any";
    public const string Unknown = "unknown";
    public const string Integer = "integer";
    public const string Numeric = "numeric";
    public const string Text = "text";
    public const string Uuid = "uuid";
    public const string Boolean = "boolean";

    /// <summary>Of a value whose type is not known, so that it is not known either when two of them are equal.</summary>
    public const string NotRead = "not read";

    public static string Of(string type)
    {
        if (type.Length == 0)
            return Any;
        if (type.EndsWith("[]", StringComparison.Ordinal))
            return Of(type.Substring(0, type.Length - 2)) + "[]";
        var open = type.IndexOf('(');
        var bare = open < 0 ? type : (type.Substring(0, open) + type.Substring(type.IndexOf(')') + 1)).TrimEnd();
        return bare switch
        {
            "int2" or "int4" or "int8" or "int" or "integer" or "bigint" or "smallint" => Integer,
            "numeric" or "decimal" => Numeric,
            "bool" or "boolean" => Boolean,
            "text" or "varchar" or "character varying" or "name" => Text,
            "timestamptz" or "timestamp with time zone" => "timestamptz",
            "timestamp" or "timestamp without time zone" => "timestamp",
            "float8" or "double precision" => "float8",
            "float4" or "real" => "float4",
            _ => bare,
        };
    }

    public static bool IsNumber(string type) => type is Integer or Numeric;

    public static bool IsArray(string type) => type.EndsWith("[]", StringComparison.Ordinal);

    /// <summary>Values of the two compare by one equality that is identity of values.</summary>
    public static bool AreComparable(string left, string right)
    {
        if (left is "float4" or "float8" or "citext" or "bpchar" or "character" or NotRead || right is "float4" or "float8" or "citext" or "bpchar" or "character" or NotRead)
            return false;
        return left == right || left == Any || right == Any || (IsNumber(left) && IsNumber(right));
    }

    /// <summary>Two constants of the type that are written differently, in canonical form, are different values.</summary>
    public static bool HasDistinctConstants(string type) => type is Integer or Numeric or Text or Uuid or Boolean || type.StartsWith("enum:", StringComparison.Ordinal);
}
