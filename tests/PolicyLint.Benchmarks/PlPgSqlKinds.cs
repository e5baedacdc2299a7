using PolicyLint.Sql;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Benchmarks;

/// <summary>The statements of every PL/pgSQL body, in PostgreSQL's names for their kinds and in order, against PostgreSQL's own.</summary>
internal static class PlPgSqlKinds
{
    public static int Run(string path, Oracle oracle) => oracle.Run("plpgsql.mjs", Bodies(path));

    private static IEnumerable<object> Bodies(string path)
    {
        foreach (var (id, source, statement) in Corpus.Statements(path))
        {
            if (BodyOf(statement) is not { } body)
                continue;
            var sql = source.GetText(statement.Span);
            var tree = PlPgSqlParser.Parse(body);
            if (tree.Block is { } block)
                yield return new { id = $"{id}@{statement.Start}", sql, kinds = KindsOf(block) };
            else
                yield return new { id = $"{id}@{statement.Start}", sql, error = tree.Errors[0].Message };
        }
    }

    private static Literal? BodyOf(Statement statement) => statement switch
    {
        DoStatement block when block.Language.IsEmpty || block.Language == "plpgsql" => block.Body,
        CreateFunctionStatement { Body: StringBody body } function when function.Options.OfType<FunctionLanguage>().Any(static l => l.Language == "plpgsql") => body.Text,
        _ => null,
    };

    private static string KindsOf(PlBlock block)
    {
        var kinds = new Kinds();
        kinds.Visit(block);
        return string.Join(' ', kinds.Names);
    }

    private sealed class Kinds : SqlVisitor
    {
        public List<string> Names { get; } = [];

        public override void Visit(SqlNode? node)
        {
            if (node is PlStatement statement and not PlNull)
                Names.Add(NameOf(statement));
            base.Visit(node);
        }

        private static string NameOf(PlStatement statement) => statement switch
        {
            PlBlock => "block",
            PlAssignment => "assign",
            PlIf => "if",
            PlCase => "case",
            PlLoop => "loop",
            PlWhile => "while",
            PlForInteger => "fori",
            PlForQuery => "fors",
            PlForExecute => "dynfors",
            PlForCursor => "forc",
            PlForEach => "foreach_a",
            PlExit => "exit",
            PlReturn result => result.Kind switch { PlReturnKind.Plain => "return", PlReturnKind.Next => "return_next", _ => "return_query" },
            PlRaise => "raise",
            PlAssert => "assert",
            PlExecute => "dynexecute",
            PlPerform => "perform",
            PlCall => "call",
            PlSql => "execsql",
            PlGetDiagnostics => "getdiag",
            PlOpen => "open",
            PlFetch => "fetch",
            PlClose => "close",
            PlCommit end => end.IsRollback ? "rollback" : "commit",
            _ => statement.GetType().Name,
        };
    }
}
