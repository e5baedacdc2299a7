using System.Text.Encodings.Web;
using System.Text.Json;
using PolicyLint.Sql;
using PolicyLint.Sql.Text;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Benchmarks;

/// <summary>Prints every typed statement, for the oracle to compare its tree with that of the text it came from.</summary>
internal static class RoundTrip
{
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static int Run(string path)
    {
        int typed = 0, kept = 0, broken = 0, failed = 0;
        using var output = new StreamWriter(Console.OpenStandardOutput());
        foreach (var (id, sql) in Directory.Exists(path) ? Files(path) : Statements(path))
        {
            var source = new SourceText(sql, id);
            foreach (var statement in SqlParser.Parse(source, Directory.Exists(path) ? SqlParseOptions.Default : Corpus.Options).Statements)
            {
                if (statement is OtherStatement)
                    kept++;
                else if (statement is BrokenStatement)
                    broken++;
                else if (statement is not PsqlCommand)
                {
                    typed++;
                    try
                    {
                        var line = new { id = $"{id}@{statement.Start}", sql = source.GetText(statement.Span), printed = SqlPrinter.Print(statement) };
                        output.WriteLine(JsonSerializer.Serialize(line, Json));
                    }
#pragma warning disable CA1031 // every failure of the printer is reported and counted
                    catch (Exception exception)
#pragma warning restore CA1031
                    {
                        failed++;
                        Console.Error.WriteLine($"{id}@{statement.Start}: {exception.GetType().Name} {exception.Message}");
                    }
                }
            }
        }
        Console.Error.WriteLine($"{typed} typed, {kept} kept as text, {broken} broken, {failed} could not be printed");
        return failed == 0 ? 0 : 1;
    }

    /// <summary>Writes the .sql files of a folder as {"id","sql"} lines, for the oracle's `accepts`.</summary>
    public static int WriteFiles(string folder)
    {
        using var output = new StreamWriter(Console.OpenStandardOutput());
        foreach (var (id, sql) in Files(folder))
            output.WriteLine(JsonSerializer.Serialize(new { id, sql }, Json));
        return 0;
    }

    private static IEnumerable<(string Id, string Sql)> Statements(string path) => Corpus.Read(path).Where(static j => j.IsAccepted).Select(static j => (j.Id, j.Sql));

    private static IEnumerable<(string Id, string Sql)> Files(string folder) =>
        Directory.EnumerateFiles(folder, "*.sql", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(f => (Path.GetRelativePath(folder, f), File.ReadAllText(f)));
}
