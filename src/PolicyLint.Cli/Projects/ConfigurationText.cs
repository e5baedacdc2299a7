using System.Text;
using System.Text.Json;
using PolicyLint.Cli.Output;
using PolicyLint.Core.Access;
using PolicyLint.Core.Analysis;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Catalog.Replay;
using PolicyLint.Sql;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Cli.Projects;

/// <summary>A policylint.yml for a project that has none: what was inferred, to be read and corrected, and the rest as comments.</summary>
internal static class ConfigurationText
{
    private const int MostFolders = 8;

    public static string Write(AnalysisInput input, AnalysisResult result)
    {
        var text = new StringBuilder();
        text.Append("# What PolicyLint goes by. Written from the files by `policylint init`: all of it was inferred, so read it once.\n");
        text.Append("# Every key may be left out; what is left out is inferred again at each run.\n\n");
        text.Append("# plain, or supabase: what the database holds before the first migration.\n");
        text.Append("platform: ").Append(result.Catalog.Platform).Append("\n\n");
        AppendFiles(text, input);
        AppendTenancy(text, result);
        AppendRoles(text, result.Tenancy);
        text.Append(
            """
            # Schemas that the application reaches; by default those that the files make, and public.
            # schemas: [public]

            # Tables for which a rule is not meant, with the reason.
            # exempt:
            #   - table: public.rate_limits
            #     rules: [PL1001]
            #     reason: written by the service role alone

            # Severities: error, warning, information or none. `policylint explain` lists the rules.
            # rules:
            #   PL1002: error

            """);
        return text.ToString();
    }

    private static void AppendFiles(StringBuilder text, AnalysisInput input)
    {
        var migrations = FoldersOf(input, ScriptRole.Migration);
        // A folder of both is one of migrations: the names tell which script takes back.
        var rollbacks = FoldersOf(input, ScriptRole.Rollback).Except(migrations, StringComparer.Ordinal).ToList();
        text.Append("# The migrations, applied in the order of their names. Other .sql files are checked as queries.\nmigrations:\n");
        foreach (var pattern in Patterns(migrations))
            text.Append("  - ").Append(Quote(pattern)).Append('\n');
        text.Append("\n# Scripts that take migrations back.\n");
        if (rollbacks.Count == 0)
            text.Append("# rollbacks: [rollback/*.sql]\n");
        else
        {
            text.Append("rollbacks:\n");
            foreach (var pattern in Patterns(rollbacks))
                text.Append("  - ").Append(Quote(pattern)).Append('\n');
        }
        text.Append('\n');
    }

    private static List<string> FoldersOf(AnalysisInput input, ScriptRole role) =>
        [.. input.Files.Where(file => file.Role == role).Select(file => file.Source.Path[..(file.Source.Path.LastIndexOf('/') + 1)]).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    // Prisma and Drizzle make a folder a migration: then the folder above them all stands for them.
    private static IEnumerable<string> Patterns(List<string> folders)
    {
        if (folders.Count <= MostFolders)
            return folders.Select(folder => folder + "*.sql");
        var common = folders[0];
        foreach (var folder in folders)
        {
            while (!folder.StartsWith(common, StringComparison.Ordinal))
                common = common[..(common.TrimEnd('/').LastIndexOf('/') + 1)];
        }
        return [common + "**/*.sql"];
    }

    // Inference tells tables apart; a configuration goes by the column's name in all of them. Where the two would differ, writing the
    // columns down would switch rules off, so they stand as a comment.
    private static void AppendTenancy(StringBuilder text, AnalysisResult result)
    {
        var columns = new SortedDictionary<string, Column>(StringComparer.Ordinal);
        foreach (var table in result.Catalog.TablesInOrder())
        {
            var keys = result.Tenancy.KeysOf(table);
            foreach (var key in keys)
            {
                if (!columns.TryGetValue(key.Column.Name, out var column))
                    columns.Add(key.Column.Name, column = new(key.Goal?.Tree));
                column.Tables++;
            }
        }
        foreach (var column in result.Catalog.TablesInOrder().Where(table => !table.IsForeignOwned).SelectMany(table => table.Columns))
        {
            if (columns.TryGetValue(column.Name, out var known))
                known.TablesWithTheName++;
        }
        text.Append("# The columns that say whose a row is. `is`: an expression of the session; `in`: a query of the values that are the session's own.\n");
        var isFirm = columns.Count > 0 && columns.Values.All(column => column.Doubt is null);
        if (!isFirm && columns.Count > 0)
            text.Append("# Inferred anew at each run until it stands here, because a configured column counts in every table that has it: correct it first.\n");
        var mark = isFirm ? "" : "# ";
        text.Append(mark).Append("tenancy:\n");
        foreach (var (name, column) in columns)
            text.Append(mark).Append("  ").Append(Quote(name)).Append(": ").Append(column).Append('\n');
        if (columns.Count == 0)
            text.Append("#   user_id: { is: auth.uid() }\n");
        text.Append('\n');
    }

    private static void AppendRoles(StringBuilder text, Tenancy tenancy)
    {
        text.Append("# Roles that the application connects as or becomes.\n");
        text.Append("roles: [").AppendJoin(", ", tenancy.ApplicationRoles.Select(Quote)).Append("]\n\n");
    }

    // A plain word stays plain; a double-quoted scalar of YAML is a string of JSON.
    private static string Quote(string value) =>
        value.Length > 0 && char.IsAsciiLetter(value[0]) && value.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '/' or '.' or '(' or ')') && !IsYamlWord(value)
            ? value
            : "\"" + JsonEncodedText.Encode(value, JsonReportWriter.Options.Encoder) + "\"";

    private static bool IsYamlWord(string value) => value.ToUpperInvariant() is "TRUE" or "FALSE" or "NULL" or "YES" or "NO" or "ON" or "OFF" or "Y" or "N";

    /// <summary>A tenancy column over all tables.</summary>
    private sealed class Column(Expression? goal)
    {
        public int Tables { get; set; }

        public int TablesWithTheName { get; set; }

        /// <summary>Why it cannot stand in a configuration as it is.</summary>
        public string? Doubt =>
            goal is null ? "by its name; no policy compares it with the session: say what it must equal"
            : Tables < TablesWithTheName ? $"but {TablesWithTheName} have a column of this name: leave it out, or exempt the others"
            : null;

        public override string ToString()
        {
            var value = goal switch
            {
                OperatorExpression { Right: var right } => $"{{ is: {Quote(SqlPrinter.Print(right))} }}",
                InSubquery among => $"{{ in: {Quote(SqlPrinter.Print(among.Query))} }}",
                _ => "{ is: … }",
            };
            return $"{value}   # {ReportSummary.Plural(Tables, "table")}{(Doubt is null ? "" : ", " + Doubt)}";
        }
    }
}
