namespace PolicyLint.Core.Catalog;

/// <summary>LIKE as PostgreSQL has it (manual 9.7.1): `%` for any characters, `_` for one, a backslash before what is meant as it stands.</summary>
internal static class LikePattern
{
    public static bool Matches(string pattern, string text, char escape = '\\')
    {
        int p = 0, t = 0, star = -1, mark = 0;
        while (t < text.Length)
        {
            var isEscaped = p + 1 < pattern.Length && pattern[p] == escape;
            if (p < pattern.Length && pattern[p] == '%')
            {
                star = p++;
                mark = t;
            }
            else if (p < pattern.Length && (isEscaped ? pattern[p + 1] == text[t] : pattern[p] == '_' || pattern[p] == text[t]))
            {
                p += isEscaped ? 2 : 1;
                t++;
            }
            else if (star >= 0)
            {
                p = star + 1;
                t = ++mark;
            }
            else
                return false;
        }
        while (p < pattern.Length && pattern[p] == '%')
            p++;
        return p == pattern.Length;
    }
}
