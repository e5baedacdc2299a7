using PolicyLint.Core.Catalog;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Logic.Proving;

/// <summary>What is known of functions by the names that the encoder gives them.</summary>
internal static class Functions
{
    /// <summary>The name of a function that is not looked into. One that runs as whoever calls it may read other rows inside a function that runs as its owner.</summary>
    public static string Opaque(Function function, Sight sight) => "opaque:" + Reader(function, sight) + function.Id + "(" + string.Join(",", function.InputTypes) + ")";

    /// <summary>The same for the rows that it returns.</summary>
    public static string OpaqueSet(Function function, Sight sight) => "opaque:set of " + Reader(function, sight) + function.Id;

    /// <summary>The same for a function that no file makes.</summary>
    public static string Opaque(FunctionCall call) => "opaque:" + call.Name + (call.Syntax == FunctionSyntax.Ordinary ? "" : " " + call.Syntax);

    /// <summary>NULL for a NULL argument.</summary>
    public static bool IsStrict(string name) =>
        name.StartsWith("strict:", StringComparison.Ordinal) || name.StartsWith("total:", StringComparison.Ordinal) || name.StartsWith("cast:", StringComparison.Ordinal)
        || name.StartsWith("~", StringComparison.Ordinal);

    /// <summary>A value for every value.</summary>
    public static bool IsTotal(string name) =>
        name is "array" or "cast:uuid>text" or "cast:integer>text" or "cast:boolean>text" || name.StartsWith("total:", StringComparison.Ordinal);

    /// <summary>The interpreter computes it.</summary>
    public static bool IsInterpreted(string name) => name is "array" or "total:lower" or "total:upper" || name.StartsWith("cast:", StringComparison.Ordinal);

    /// <summary>The value for constants: text and whether it is NULL; null where it is not computed here.</summary>
    public static (string Type, string? Text)? Fold(string name, IReadOnlyList<TermNode> arguments)
    {
        if (arguments.Count != 1)
            return null;
        var text = arguments[0].Name;
        switch (name)
        {
            // Case mapping of other letters depends on the locale.
            case "total:lower" when IsAscii(text):
                return (TypeFamily.Text, text.ToLowerInvariant());
            case "total:upper" when IsAscii(text):
                return (TypeFamily.Text, text.ToUpperInvariant());
            case "cast:text>uuid":
                return (TypeFamily.Uuid, Constants.Coerce(text, TypeFamily.Uuid));
            case "cast:text>integer":
                return (TypeFamily.Integer, Constants.Coerce(text, TypeFamily.Integer));
            case "cast:text>boolean":
                return (TypeFamily.Boolean, Constants.Coerce(text, TypeFamily.Boolean));
            case "cast:uuid>text" or "cast:integer>text" or "cast:boolean>text":
                return (TypeFamily.Text, text);
            default:
                return null;
        }
    }

    private static bool IsAscii(string text)
    {
        foreach (var c in text)
        {
            if (c > 127)
                return false;
        }
        return true;
    }

    private static string Reader(Function function, Sight sight) => sight == Sight.Owner && !function.IsSecurityDefiner ? "the owner's " : "";
}
