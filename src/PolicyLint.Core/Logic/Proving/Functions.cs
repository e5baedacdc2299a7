using PolicyLint.Core.Catalog;
using PolicyLint.Core.Catalog.Difference;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Logic.Proving;

/// <summary>What is known of functions by the names that the encoder gives them.</summary>
internal static class Functions
{
    /// <summary>The name of a function that is not looked into.</summary>
    public static string Opaque(Function function) => "opaque:" + function.Id + "(" + string.Join(",", function.InputTypes) + ")";

    /// <summary>The same for the rows that it returns.</summary>
    public static string OpaqueSet(Function function) => "opaque:set of " + function.Id;

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

    /// <summary>The first function among opaque terms of which two catalogs hold different definitions; null: none.</summary>
    public static string? Replaced(ICatalog before, ICatalog after, IEnumerable<string> opaque)
    {
        var changed = new ChangedFunctions(before, after);
        if (changed.IsEmpty)
            return null;
        foreach (var term in opaque)
        {
            foreach (var id in changed.Ids)
            {
                // `public.f(uuid)`, `set of public.f`, or the name as it is called.
                var name = term.StartsWith("set of ", StringComparison.Ordinal) ? term.Substring(7) : term;
                var end = name.IndexOf('(');
                name = end < 0 ? name : name.Substring(0, end);
                if (name == id.ToString() || name == id.Name)
                    return id.ToString();
            }
        }
        return null;
    }
}
