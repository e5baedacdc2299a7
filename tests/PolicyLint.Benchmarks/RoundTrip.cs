using PolicyLint.Sql;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Benchmarks;

/// <summary>Prints every typed statement and lets PostgreSQL's parser compare its tree with that of the text it came from.</summary>
internal sealed class RoundTrip
{
    private int _typed;
    private int _kept;
    private int _broken;
    private int _failed;

    public static int Run(string path, Oracle oracle)
    {
        var run = new RoundTrip();
        var code = oracle.Run("roundtrip.mjs", run.Pairs(path));
        Console.WriteLine($"{run._typed} typed, {run._kept} kept as text, {run._broken} broken, {run._failed} could not be printed");
        return run._failed == 0 ? code : 1;
    }

    private IEnumerable<object> Pairs(string path)
    {
        foreach (var (id, source, statement) in Corpus.Statements(path))
        {
            if (statement is OtherStatement)
                _kept++;
            else if (statement is BrokenStatement)
                _broken++;
            else if (statement is not PsqlCommand)
            {
                _typed++;
                if (Print(id, statement) is { } printed)
                    yield return new { id = $"{id}@{statement.Start}", sql = source.GetText(statement.Span), printed };
            }
        }
    }

    private string? Print(string id, Statement statement)
    {
        try
        {
            return SqlPrinter.Print(statement);
        }
#pragma warning disable CA1031 // every failure of the printer is reported and counted
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _failed++;
            Console.WriteLine($"{id}@{statement.Start}: {exception.GetType().Name} {exception.Message}");
            return null;
        }
    }
}
