using System.Globalization;
using System.Text;

namespace PolicyLint.Live.Scratch;

/// <summary>The folder of an installed PostgreSQL server's programs.</summary>
/// <param name="Folder">Absolute path of the folder that holds <c>initdb</c> and <c>postgres</c>.</param>
public sealed record PostgresBinaries(string Folder)
{
    private static readonly string[] Programs = ["initdb", "postgres"];

    /// <summary>
    /// Finds the server programs: in <paramref name="explicitFolder"/> alone when it is given (the folder itself or its <c>bin</c>), otherwise
    /// on PATH and then where packages put them, the newest version first.
    /// </summary>
    /// <exception cref="ScratchException">Nothing was found; the message lists the places.</exception>
    public static PostgresBinaries Find(string? explicitFolder = null)
    {
        if (explicitFolder is not null)
        {
            var full = Path.GetFullPath(explicitFolder);
            return First([full, Path.Combine(full, "bin")])
                ?? throw new ScratchException(
                    ScratchFailure.BinariesNotFound, $"There is no PostgreSQL server in '{full}': initdb and postgres are expected there.");
        }

        var places = UsualPlaces(Environment.GetEnvironmentVariable("PATH") ?? "");
        return First(places) ?? throw NotFound(places);
    }

    /// <summary>The folders to look in, in order: those of <paramref name="path"/>, then the places that packages use.</summary>
    internal static IReadOnlyList<string> UsualPlaces(string path)
    {
        var places = new List<string>();
        foreach (var entry in path.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
        {
            // A relative entry of PATH would mean another folder once the server's shell has changed to "/".
            if (Path.IsPathRooted(entry))
                places.Add(entry);
        }

        if (OperatingSystem.IsWindows())
        {
            AddVersions(places, Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ProgramFiles), "PostgreSQL"), "*");
            return places;
        }

        AddVersions(places, "/usr/lib/postgresql", "*");                       // Debian, Ubuntu
        AddVersions(places, "/usr", "pgsql-*");                                // PGDG packages for Red Hat
        AddVersions(places, "/opt/homebrew/opt", "postgresql*");               // Homebrew on Apple silicon
        AddVersions(places, "/usr/local/opt", "postgresql*");                  // Homebrew on Intel
        AddVersions(places, "/home/linuxbrew/.linuxbrew/opt", "postgresql*");  // Homebrew on Linux
        AddVersions(places, "/Applications/Postgres.app/Contents/Versions", "*");
        places.Add("/usr/local/pgsql/bin");                                    // make install
        places.Add("/usr/libexec/postgresql");                                 // Alpine
        AddVersions(places, "/usr/libexec", "postgresql*");
        return places;
    }

    internal static PostgresBinaries? First(IEnumerable<string> places)
    {
        foreach (var place in places)
        {
            if (Array.TrueForAll(Programs, program => File.Exists(Path.Combine(place, OperatingSystem.IsWindows() ? program + ".exe" : program))))
                return new PostgresBinaries(Path.GetFullPath(place));
        }

        return null;
    }

    private static void AddVersions(List<string> places, string root, string pattern)
    {
        string[] folders;
        try
        {
            folders = Directory.Exists(root) ? Directory.GetDirectories(root, pattern) : [];
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            folders = [];
        }

        // The place is listed even when it is empty, so that the error can say that it was looked at.
        if (folders.Length == 0)
            places.Add(Path.Combine(root, pattern, "bin"));

        Array.Sort(folders, static (a, b) =>
        {
            var byVersion = VersionIn(b).CompareTo(VersionIn(a));
            return byVersion != 0 ? byVersion : string.CompareOrdinal(a, b);
        });
        foreach (var folder in folders)
            places.Add(Path.Combine(folder, "bin"));
    }

    /// <summary>The number at the end of a folder's name: 15 for <c>postgresql@15</c>, 9.6 for <c>pgsql-9.6</c>, 0 where there is none.</summary>
    internal static double VersionIn(string folder)
    {
        var name = Path.GetFileName(folder);
        var start = name.Length;
        while (start > 0 && (char.IsAsciiDigit(name[start - 1]) || name[start - 1] == '.'))
            start--;

        return double.TryParse(name[start..], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var version) ? version : 0;
    }

    private static ScratchException NotFound(IReadOnlyList<string> places)
    {
        var message = new StringBuilder(
            "No PostgreSQL server was found. Install one (initdb and postgres are needed; no server has to run) or name its folder with " +
            "--postgres-bin. Looked in:");
        foreach (var place in places)
            message.Append("\n  ").Append(place);

        return new ScratchException(ScratchFailure.BinariesNotFound, message.ToString());
    }
}
