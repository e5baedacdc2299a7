namespace PolicyLint.Live;

/// <summary>Reads connection service files (manual 34.17): sections in brackets, a parameter a line.</summary>
internal static class ServiceFile
{
    /// <summary>The parameters of a service in the first file that has it: PGSERVICEFILE or the user's, then the system's. Null with an error.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>>? Read(string service, Func<string, string?> variable, out string error)
    {
        var files = Files(variable).ToList();
        foreach (var file in files)
        {
            IReadOnlyList<KeyValuePair<string, string>>? found;
            try
            {
                if (!File.Exists(file))
                    continue;
                found = Section(File.ReadLines(file), service, out error);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                error = $"The service file '{file}' can't be read: {e.Message}";
                return null;
            }
            if (error.Length > 0)
            {
                error = $"The service file '{file}': {error}";
                return null;
            }
            if (found is not null)
                return found;
        }
        error = $"The service '{service}' is in none of the service files: {string.Join(", ", files)}.";
        return null;
    }

    private static IEnumerable<string> Files(Func<string, string?> variable)
    {
        if (variable("PGSERVICEFILE") is { Length: > 0 } named)
            yield return named;
        else if (OperatingSystem.IsWindows() && variable("APPDATA") is { Length: > 0 } data)
            yield return Path.Combine(data, "postgresql", ".pg_service.conf");
        else if (variable("HOME") is { Length: > 0 } home)
            yield return Path.Combine(home, ".pg_service.conf");
        if (variable("PGSYSCONFDIR") is { Length: > 0 } system)
            yield return Path.Combine(system, "pg_service.conf");
    }

    // A value goes to the end of its line (fe-connect.c, parseServiceFile). No message shows a line, which may be a password's.
    private static List<KeyValuePair<string, string>>? Section(IEnumerable<string> lines, string service, out string error)
    {
        error = "";
        List<KeyValuePair<string, string>>? found = null;
        var number = 0;
        foreach (var raw in lines)
        {
            number++;
            var line = raw.Trim();
            if (line.Length == 0 || line[0] == '#')
                continue;
            if (line[0] == '[')
            {
                if (found is not null)
                    return found;
                if (line == $"[{service}]")
                    found = [];
                continue;
            }
            if (found is null)
                continue;
            var equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                error = line.StartsWith("ldap", StringComparison.Ordinal) ? $"line {number} asks a directory server, which is not done here." : $"line {number} is not name=value.";
                return null;
            }
            if (line[..equals].Trim() == "service")
            {
                error = $"line {number} names a service inside of one.";
                return null;
            }
            found.Add(new(line[..equals].Trim(), line[(equals + 1)..].Trim()));
        }
        return found;
    }
}
