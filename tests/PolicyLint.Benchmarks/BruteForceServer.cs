using System.Text;
using Npgsql;
using PolicyLint.BruteForce;
using PolicyLint.Core.Access;
using PolicyLint.Core.Platforms;
using PolicyLint.Live.Scratch;

namespace PolicyLint.Benchmarks;

/// <summary>
/// The evaluator of small databases compared with a server that holds the same rows under the same policies: statements are run as the role, conditions are evaluated.
/// And the interpreter that refutations pass, compared with that evaluator.
/// </summary>
internal sealed class BruteForceServer
{
    private const int WorldsPerSide = 3;

    // Tables that are rolled back leave their names behind, and a session keeps every setting that it was ever told of.
    private const int QuestionsPerSession = 200;

    private static readonly string[] s_probes =
    [
        "grant usage on schema auth to public",
        """
        create function probe(statement text) returns text language plpgsql as $f$
        declare n bigint;
        begin
            begin
                execute statement;
                get diagnostics n = row_count;
                raise exception using errcode = 'ZZ001', message = n::text;
            exception when sqlstate 'ZZ001' then return sqlerrm; when internal_error then return sqlerrm; when others then return sqlstate;
            end;
        end $f$
        """,
        """
        create function evaluate(condition text) returns text language plpgsql as $f$
        declare result boolean;
        begin
            execute 'select ' || condition || ' from docs where docs.id = 1' into strict result;
            return coalesce(result::text, 'NULL');
        exception when internal_error then return sqlerrm; when others then return sqlstate;
        end $f$
        """,
    ];

    private int _setting;
    private int _statements;
    private int _conditions;
    private int _raised;
    private int _silent;
    private int _interpreted;
    private int _different;

    public static async Task<int> RunAsync(int count, int seed)
    {
        await using var cluster = await ScratchCluster.StartAsync();
        await using var database = await cluster.CreateDatabaseAsync("brute_force", PlatformSql.Supabase);
        var source = cluster.DataSource("brute_force");
        await ExecuteAsync(source, s_probes);
        var comparison = new BruteForceServer();
        var random = new Random(seed);
        foreach (var questions in Run.Sample(seed, count).Chunk(QuestionsPerSession))
        {
            await using (var connection = await source.OpenConnectionAsync())
            {
                foreach (var sample in questions.SelectMany(made => Sample.Of(made, random, WorldsPerSide)))
                    await comparison.CompareAsync(connection, sample);
            }
            source.Clear();
            await ExecuteAsync(source, ["vacuum"]);
        }
        Console.WriteLine($"{count} questions, seed {seed}, PostgreSQL {cluster.ServerVersion}: {comparison._statements} statements and {comparison._conditions} conditions compared, {comparison._interpreted} with the interpreter, too: {comparison._different} different; {comparison._raised} raised an error, {comparison._silent} do not show it");
        return comparison._different == 0 ? 0 : 1;
    }

    private static async Task ExecuteAsync(NpgsqlDataSource source, IEnumerable<string> statements)
    {
        await using var connection = await source.OpenConnectionAsync();
        await using var batch = BatchOf(connection, statements);
        await batch.ExecuteNonQueryAsync();
    }

    private async Task CompareAsync(NpgsqlConnection connection, Sample sample)
    {
        // A condition on rows that the role may not see is only asked of a server where nothing is hidden.
        if (sample.Worlds.Count == 0 || (sample is { Condition: not null, SeesAll: false } && sample.State.Tables.Skip(1).Any(static t => t.IsEnabled)))
            return;
        var (same, fault) = sample.CompareWithInterpreter();
        _interpreted += same;
        if (fault is not null)
            Report(fault);
        var setting = "app.org" + ++_setting;
        var script = new StringBuilder("begin;\n").Append(sample.State.Print(sample.Question.Terms));
        foreach (var world in sample.Worlds)
            Append(script, sample, world);
        script.Append("rollback;\n").Replace("'app.org'", "'" + setting + "'");
        await using var batch = BatchOf(connection, script.ToString().Split(";\n", StringSplitOptions.RemoveEmptyEntries));
        try
        {
            await using var reader = await batch.ExecuteReaderAsync();
            foreach (var world in sample.Worlds)
            {
                while (reader.FieldCount == 0 || reader.GetName(0) != "answer")
                    await reader.NextResultAsync();
                await reader.ReadAsync();
                Judge(sample, world, reader.GetString(0));
                await reader.NextResultAsync();
            }
        }
        catch (PostgresException e)
        {
            // A constraint that casts a constant, say.
            if (e.SqlState is "22P02" or "21000")
                _raised++;
            else
                Report(e.MessageText + "\n" + script);
            await using var rollback = new NpgsqlCommand("rollback", connection);
            await rollback.ExecuteNonQueryAsync();
        }
    }

    private static NpgsqlBatch BatchOf(NpgsqlConnection connection, IEnumerable<string> statements)
    {
        var batch = new NpgsqlBatch(connection);
        foreach (var statement in statements)
            batch.BatchCommands.Add(new NpgsqlBatchCommand(statement));
        return batch;
    }

    private void Judge(Sample sample, World world, string theirs)
    {
        // The third is a fault of PostgreSQL's planner: it gives up on some outer joins before it looks at a row.
        if (sample.Evaluate(world) is not { } ours || theirs is "22P02" or "21000" or "cannot cope with variable-free clause")
        {
            _raised++;
            return;
        }
        bool isSame;
        if (sample.Condition is not null)
        {
            _conditions++;
            isSame = theirs == (ours == Pool.Null ? "NULL" : ours == 1 ? "true" : "false");
        }
        else
        {
            _statements++;
            bool? passes = (sample.Question.Statement, sample.Question.Clause) switch
            {
                // Not unique, or refused by a constraint: that comes after the policies.
                (StatementForm.Insert or StatementForm.InsertReturning, _) => theirs == "1" || theirs.StartsWith("23", StringComparison.Ordinal) ? true : theirs == "42501" ? false : null,
                (StatementForm.Update or StatementForm.BlindUpdate, PolicyClause.Using) => theirs is "1" or "42501" ? true : theirs == "0" ? false : null,
                (StatementForm.Update or StatementForm.BlindUpdate, _) => theirs == "1" ? true : theirs == "42501" ? false : null,
                _ => theirs == "1" ? true : theirs == "0" ? false : null,
            };
            if (passes is null && theirs == "0")
            {
                _statements--;
                _silent++;
                return;
            }
            isSame = passes == (ours == 1);
        }
        if (!isSame)
            Report($"the server says {theirs}, not {ours}: {world}\n{sample.State.Print(sample.Question.Terms)}-- {sample.Question.Statement} {sample.Question.Clause} {(sample.Condition is null ? "" : Case.PrintOf(sample.Condition))}");
    }

    private void Report(string text)
    {
        _different++;
        Console.WriteLine("DIFFERENT: " + text);
    }

    private static void Append(StringBuilder script, Sample sample, World world)
    {
        var claims = new[] { (SessionValue.Subject, "sub"), (SessionValue.Role, "role"), (SessionValue.Org, "org") }
            .Where(claim => world.Session(claim.Item1) != Pool.Null).Select(claim => "\"" + claim.Item2 + "\":\"" + world.Pool.TextOf(world.Session(claim.Item1)) + "\"");
        script.Append("select set_config('request.jwt.claims', '{").AppendJoin(",", claims).Append("}', true);\n");
        if (world.Session(SessionValue.Setting) is var setting && setting != Pool.Null)
            script.Append("select set_config('app.org', ").Append(world.Pool.Print(Sort.Text, setting)).Append(", true);\n");
        script.Append("delete from docs;\ndelete from members;\ndelete from orgs;\n");
        var written = "";
        foreach (var (shape, row, values) in world.Rows().OrderBy(static row => row.Shape == Shape.Orgs ? 0 : row.Shape == Shape.Members ? 1 : 2))
        {
            var insert = $"insert into {shape.Name} values ({string.Join(", ", values.Select((value, i) => world.Pool.Print(shape.Columns[i].Sort, value)))})";
            if (row == world.Target && world.IsTargetNew)
                written = insert;
            else
                script.Append(insert).Append(";\n");
        }
        if (sample.Condition is not null)
        {
            script.Append("select evaluate(").Append(Quoted(Case.PrintOf(sample.Condition))).Append(") as answer;\n");
            return;
        }
        var statement = sample.Question.Statement switch
        {
            StatementForm.Select => "select 1 from docs where id = 1",
            StatementForm.SelectForUpdate => "select 1 from docs where id = 1 for update",
            StatementForm.Insert => written,
            StatementForm.InsertReturning => written + " returning id",
            StatementForm.Update => "update docs set id = 1 where id = 1",
            StatementForm.BlindUpdate => "update docs set id = 1",
            StatementForm.Delete => "delete from docs where id = 1",
            _ => "delete from docs",
        };
        script.Append("set local role app;\nselect probe(").Append(Quoted(statement)).Append(") as answer;\nreset role;\n");
    }

    private static string Quoted(string text) => "'" + text.Replace("'", "''", StringComparison.Ordinal) + "'";
}
