using System.Text;

namespace PolicyLint.Core.Verification;

/// <summary>Reads and writes names as people write them in a plan: `goals`, `public.goals`, `public."Odd name".id`. What is not quoted is folded to lower case.</summary>
public static class DottedName
{
    /// <summary>The parts of a name, or null where the text is none. A keyword is a name like any other here.</summary>
    public static IReadOnlyList<string>? Parse(string text)
    {
        var parts = new List<string>();
        var position = 0;
        while (true)
        {
            var part = position < text.Length && text[position] == '"' ? Quoted(text, ref position) : Plain(text, ref position);
            if (part is null)
                return null;
            parts.Add(part);
            if (position == text.Length)
                return parts;
            if (text[position++] != '.')
                return null;
        }
    }

    /// <summary>The parts as one name, quoted where they need it: <see cref="Parse"/> reads them back.</summary>
    public static string Write(params string[] parts) => string.Join(".", parts.Select(Write));

    private static string Write(string part)
    {
        var position = 0;
        return Plain(part, ref position) == part && position == part.Length ? part : "\"" + part.Replace("\"", "\"\"") + "\"";
    }

    private static string? Quoted(string text, ref int position)
    {
        var part = new StringBuilder();
        for (position++; position < text.Length; position++)
        {
            if (text[position] != '"')
                part.Append(text[position]);
            else if (position + 1 < text.Length && text[position + 1] == '"')
                part.Append(text[position++]);
            else
            {
                position++;
                return part.Length == 0 ? null : part.ToString();
            }
        }
        return null;
    }

    private static string? Plain(string text, ref int position)
    {
        var start = position;
        while (position < text.Length && (char.IsLetterOrDigit(text[position]) || text[position] is '_' or '$' or >= '\u0080'))
            position++;
        return position == start || char.IsDigit(text[start]) ? null : text.Substring(start, position - start).ToLowerInvariant();
    }
}
