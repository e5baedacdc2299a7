using PolicyLint.Core.Analysis;
using PolicyLint.Core.Catalog.Replay;
using PolicyLint.Core.Options;
using PolicyLint.Sql.Text;

namespace PolicyLint.Core.Migrations;

/// <summary>
/// Tells what each SQL file of a project is and in which order the migrations run: as configured, otherwise by the conventions
/// of Supabase, Flyway, Prisma, Drizzle, golang-migrate, goose, dbmate and plain numbered files.
/// </summary>
public static class MigrationLayout
{
    /// <summary>The files of one database in the order in which they are applied: migrations, then rollbacks, then the rest as queries.</summary>
    /// <param name="files">Paths relative to the project, forward slashes.</param>
    /// <param name="options">The configuration.</param>
    public static IReadOnlyList<InputFile> Arrange(IReadOnlyList<SourceText> files, PolicyLintOptions options)
    {
        var sorted = new List<NamedFile>(files.Count);
        foreach (var file in files)
            sorted.Add(new(file));
        sorted.Sort(CompareByVersion);
        List<InputFile> migrations = [], rollbacks = [], queries = [];
        foreach (var named in sorted)
        {
            var file = named.Text;
            var role = RoleOf(named, options);
            var isOneTransaction = options.TransactionPerFile ?? RunsInOneTransaction(named);
            if (role == ScriptRole.Migration && MigrationSections.Find(file) is { } sections)
            {
                migrations.Add(new(file, ScriptRole.Migration, options.TransactionPerFile ?? sections.IsUpOneTransaction, sections.Up));
                rollbacks.Add(new(file, ScriptRole.Rollback, options.TransactionPerFile ?? sections.IsDownOneTransaction, sections.Down));
                continue;
            }
            var input = new InputFile(file, role, isOneTransaction);
            (role switch { ScriptRole.Migration => migrations, ScriptRole.Rollback => rollbacks, _ => queries }).Add(input);
        }
        // Rollbacks undo the newest migration first.
        rollbacks.Reverse();
        migrations.AddRange(rollbacks);
        migrations.AddRange(queries);
        return migrations;
    }

    private static ScriptRole RoleOf(NamedFile file, PolicyLintOptions options)
    {
        if (MatchesAny(options.Rollbacks, file.Path) || IsDownScript(file))
            return ScriptRole.Rollback;
        return options.Migrations.Count == 0 || MatchesAny(options.Migrations, file.Path) ? ScriptRole.Migration : ScriptRole.Query;
    }

    private static bool MatchesAny(IReadOnlyList<string> patterns, string path)
    {
        foreach (var pattern in patterns)
        {
            if (GlobPattern.IsMatch(pattern, path))
                return true;
        }
        return false;
    }

    // golang-migrate `x.down.sql`, Prisma's and Diesel `…/down.sql`, Flyway undo `U2__x.sql`, folders and names that say rollback.
    private static bool IsDownScript(NamedFile file)
    {
        string path = file.Path, name = file.Name;
        if (EndsWith(name, ".down.sql") || EndsWith(name, "_down.sql") || EndsWith(name, "-down.sql") || name is "down.sql" || EndsWith(name, "rollback.sql"))
            return true;
        if (VersionOf(name, "U") is not null)
            return true;
        var slash = path.Length - name.Length - 1;
        var folder = slash > 0 ? FileName(path.Substring(0, slash)) : "";
        return folder is "rollback" or "rollbacks" or "down" or "undo" or "revert";
    }

    // golang-migrate sends a file as one query, which PostgreSQL runs in one transaction; Drizzle wraps each of its files.
    private static bool RunsInOneTransaction(NamedFile file)
    {
        string path = file.Path, name = file.Name;
        if (SaysNoTransaction(file.Text))
            return false;
        return SupabaseRoot(path) > 0
            || path.StartsWith("drizzle/", StringComparison.OrdinalIgnoreCase) || path.IndexOf("/drizzle/", StringComparison.OrdinalIgnoreCase) >= 0
            || EndsWith(name, ".up.sql") || EndsWith(name, ".down.sql")
            || name is "migration.sql" or "up.sql" or "down.sql"
            || VersionOf(name, "VU") is not null
            || name.StartsWith("R__", StringComparison.Ordinal);
    }

    // sqlx and Atlas, on the first line.
    private static bool SaysNoTransaction(SourceText file)
    {
        return IsFirstLine("-- no-transaction") || IsFirstLine("-- atlas:txmode none");

        // The lines of a file are counted where something is found in it.
        bool IsFirstLine(string line)
        {
            if (!file.Text.StartsWith(line, StringComparison.Ordinal))
                return false;
            for (var i = line.Length; i < file.Text.Length && file.Text[i] is not ('\n' or '\r'); i++)
            {
                if (!char.IsWhiteSpace(file.Text[i]))
                    return false;
            }
            return true;
        }
    }

    // Flyway orders by version wherever the file lies; repeatable scripts run after all versioned ones. Other names stand between them.
    private static int CompareByVersion(NamedFile left, NamedFile right)
    {
        var byGroup = left.Group.CompareTo(right.Group);
        if (byGroup == 0 && left.Version is not null)
            byGroup = NaturalOrder.Instance.Compare(left.Version, right.Version);
        return byGroup != 0 ? byGroup : ComparePaths(left.Path, right.Path);
    }

    // Supabase sorts by name as text: 20260122_x runs between 20260121… and 20260123…, whatever the number of digits.
    private static int ComparePaths(string left, string right)
    {
        var root = SupabaseRoot(left);
        if (root == 0 || root != SupabaseRoot(right) || string.CompareOrdinal(left, 0, right, 0, root) != 0)
            return NaturalOrder.Instance.Compare(left, right);
        bool isLeftNested = left.IndexOf('/', root) >= 0, isRightNested = right.IndexOf('/', root) >= 0;
        if (isLeftNested != isRightNested)
            return isLeftNested.CompareTo(isRightNested);
        return isLeftNested ? NaturalOrder.Instance.Compare(left, right) : string.CompareOrdinal(left, right);
    }

    // Length of the path up to the folder's contents; 0 where the file lies elsewhere.
    private static int SupabaseRoot(string path)
    {
        const string folder = "supabase/migrations/";
        var start = path.IndexOf(folder, StringComparison.OrdinalIgnoreCase);
        return start < 0 ? 0 : start + folder.Length;
    }

    // `V1.2__x.sql`, `V1_2__x.sql`: 1.2. The prefix says what the file is: versioned, undo, baseline.
    private static string? VersionOf(string name, string prefixes)
    {
        var end = name.IndexOf("__", StringComparison.Ordinal);
        if (end < 2 || prefixes.IndexOf(name[0]) < 0)
            return null;
        for (var i = 1; i < end; i++)
        {
            if (!char.IsDigit(name[i]) && name[i] is not ('.' or '_'))
                return null;
        }
        return name.Substring(1, end - 1).Replace('_', '.');
    }

    private static string FileName(string path) => path.Substring(path.LastIndexOf('/') + 1);

    private static bool EndsWith(string text, string end) => text.EndsWith(end, StringComparison.OrdinalIgnoreCase);

    /// <summary>A file and what its name says of its place in the order.</summary>
    private sealed class NamedFile
    {
        public NamedFile(SourceText text)
        {
            Text = text;
            Name = FileName(text.Path);
            Version = VersionOf(Name, "VUB");
            Group = Version is not null ? 0 : Name.StartsWith("R__", StringComparison.Ordinal) ? 2 : 1;
        }

        public SourceText Text { get; }

        public string Path => Text.Path;

        public string Name { get; }

        /// <summary>Flyway's; null where the name has none.</summary>
        public string? Version { get; }

        /// <summary>Versioned, other, repeatable.</summary>
        public int Group { get; }
    }
}
