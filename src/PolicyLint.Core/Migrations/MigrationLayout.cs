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
        var sorted = new List<SourceText>(files);
        sorted.Sort(static (a, b) => CompareByVersion(a.Path, b.Path));
        List<InputFile> migrations = [], rollbacks = [], queries = [];
        foreach (var file in sorted)
        {
            var role = RoleOf(file.Path, options);
            var isOneTransaction = options.TransactionPerFile ?? RunsInOneTransaction(file);
            if (role == ScriptRole.Migration && MigrationSections.Find(file) is { } sections)
            {
                migrations.Add(new(file, ScriptRole.Migration, isOneTransaction || options.TransactionPerFile is null, sections.Up));
                rollbacks.Add(new(file, ScriptRole.Rollback, isOneTransaction || options.TransactionPerFile is null, sections.Down));
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

    private static ScriptRole RoleOf(string path, PolicyLintOptions options)
    {
        if (MatchesAny(options.Rollbacks, path))
            return ScriptRole.Rollback;
        if (options.Migrations.Count > 0)
        {
            if (MatchesAny(options.Migrations, path))
                return IsDownScript(path) ? ScriptRole.Rollback : ScriptRole.Migration;
            return IsDownScript(path) ? ScriptRole.Rollback : ScriptRole.Query;
        }
        return IsDownScript(path) ? ScriptRole.Rollback : ScriptRole.Migration;
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

    // golang-migrate `x.down.sql`, Diesel `…/down.sql`, Flyway undo `U2__x.sql`, folders and names that say rollback.
    private static bool IsDownScript(string path)
    {
        var name = FileName(path);
        if (EndsWith(name, ".down.sql") || EndsWith(name, "_down.sql") || EndsWith(name, "-down.sql") || name is "down.sql" || EndsWith(name, "rollback.sql"))
            return true;
        if (name.Length > 2 && name[0] == 'U' && char.IsDigit(name[1]) && name.IndexOf("__", StringComparison.Ordinal) > 0)
            return true;
        var slash = path.Length - name.Length - 1;
        var folder = slash > 0 ? FileName(path.Substring(0, slash)) : "";
        return folder is "rollback" or "rollbacks" or "down" or "undo";
    }

    private static bool RunsInOneTransaction(SourceText file)
    {
        var path = file.Path;
        var name = FileName(path);
        return Contains(path, "supabase/migrations/")
            || EndsWith(name, ".up.sql") || EndsWith(name, ".down.sql")
            || name is "migration.sql" or "up.sql" or "down.sql"
            || (name.Length > 2 && name[0] is 'V' or 'U' && char.IsDigit(name[1]) && name.IndexOf("__", StringComparison.Ordinal) > 0)
            || name.StartsWith("R__", StringComparison.Ordinal);
    }

    // Flyway's repeatable scripts run after all versioned ones; the case of V and R would sort them first.
    private static int CompareByVersion(string left, string right)
    {
        var byRepeatable = FileName(left).StartsWith("R__", StringComparison.Ordinal).CompareTo(FileName(right).StartsWith("R__", StringComparison.Ordinal));
        return byRepeatable != 0 ? byRepeatable : NaturalOrder.Instance.Compare(left, right);
    }

    private static string FileName(string path) => path.Substring(path.LastIndexOf('/') + 1);

    private static bool EndsWith(string text, string end) => text.EndsWith(end, StringComparison.OrdinalIgnoreCase);

    private static bool Contains(string text, string part) => text.IndexOf(part, StringComparison.OrdinalIgnoreCase) >= 0;
}
