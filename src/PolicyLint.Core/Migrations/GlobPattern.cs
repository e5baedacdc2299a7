namespace PolicyLint.Core.Migrations;

/// <summary>
/// A path pattern: `*` and `?` within a segment, `**` across segments. Paths use forward slashes; letters match by case.
/// </summary>
public static class GlobPattern
{
    /// <summary>Whether the whole path matches the pattern, or the path's end does at a segment boundary where the pattern is relative.</summary>
    public static bool IsMatch(string pattern, string path)
    {
        pattern = Normalize(pattern);
        path = Normalize(path);
        if (Matches(pattern, path))
            return true;
        for (var i = 0; i < path.Length; i++)
        {
            if (path[i] == '/' && Matches(pattern, path.Substring(i + 1)))
                return true;
        }
        return false;
    }

    private static string Normalize(string path)
    {
        path = path.Replace('\\', '/');
        while (path.StartsWith("./", StringComparison.Ordinal))
            path = path.Substring(2);
        return path;
    }

    // Two-pointer matching with one place to come back to for each kind of star: linear but for nested stars.
    private static bool Matches(string pattern, string path)
    {
        int p = 0, s = 0, starPattern = -1, starPath = 0, deepPattern = -1, deepPath = 0;
        while (s < path.Length)
        {
            if (p + 1 < pattern.Length && pattern[p] == '*' && pattern[p + 1] == '*')
            {
                p += 2;
                if (p < pattern.Length && pattern[p] == '/')
                    p++;
                deepPattern = p;
                deepPath = s;
                starPattern = -1;
            }
            else if (p < pattern.Length && pattern[p] == '*')
            {
                starPattern = ++p;
                starPath = s;
            }
            else if (p < pattern.Length && (pattern[p] == path[s] || (pattern[p] == '?' && path[s] != '/')))
            {
                p++;
                s++;
            }
            else if (starPattern >= 0 && path[starPath] != '/')
            {
                p = starPattern;
                s = ++starPath;
            }
            else if (deepPattern >= 0)
            {
                // `**` stands for whole segments: go on after the next slash.
                var slash = path.IndexOf('/', deepPath);
                if (slash < 0)
                    return deepPattern == pattern.Length;
                p = deepPattern;
                s = deepPath = slash + 1;
                starPattern = -1;
            }
            else
                return false;
        }
        while (p < pattern.Length && pattern[p] == '*')
            p++;
        return p == pattern.Length;
    }
}
