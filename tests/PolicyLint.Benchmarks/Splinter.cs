using System.Diagnostics;
using System.Globalization;
using System.Text;
using Npgsql;
using PolicyLint.Core.Analysis;
using PolicyLint.Core.Migrations;
using PolicyLint.Core.Options;
using PolicyLint.Core.Platforms;
using PolicyLint.Live;
using PolicyLint.Live.Catalog;
using PolicyLint.Live.Scratch;
using PolicyLint.Sql.Text;

namespace PolicyLint.Benchmarks;

/// <summary>The rules on a live catalog beside splinter's queries, on one generated database, in one run.</summary>
internal static class Splinter
{
    // splinter's lints that bear on security, and the rules that say the same. The rest is about speed and tidiness.
    private static readonly (string Lint, string[] Rules)[] Pairs =
    [
        ("auth_users_exposed", ["PL4008"]),
        ("policy_exists_rls_disabled", ["PL1004"]),
        ("rls_enabled_no_policy", ["PL1003"]),
        ("security_definer_view", ["PL4003", "PL4008"]),
        ("function_search_path_mutable", ["PL4001"]),
        ("rls_disabled_in_public", ["PL1001", "PL1004", "PL1011"]),
        ("sensitive_columns_exposed", ["PL1001", "PL1004", "PL1011"]),
        ("foreign_table_in_api", ["PL1011"]),
        ("rls_references_user_metadata", ["PL2008"]),
        ("materialized_view_in_api", ["PL4004"]),
        ("rls_policy_always_true", ["PL2001"]),
        ("anon_security_definer_function_executable", ["PL4007", "PL4002"]),
        ("authenticated_security_definer_function_executable", ["PL4007", "PL4002"]),
        ("auth_rls_initplan", ["PL2006"]),
        ("multiple_permissive_policies", ["PL2005"]),
    ];

    /// <param name="file">splinter.sql.</param>
    /// <param name="tables">How many tables the database has.</param>
    /// <param name="tool">A published policylint, which is timed as a whole process; null for none.</param>
    public static async Task<int> RunAsync(string file, int tables, string? tool)
    {
        await using var cluster = await ScratchCluster.StartAsync();
        await using var database = await cluster.CreateDatabaseAsync("splinter", PlatformSql.Supabase);
        var files = MigrationLayout.Arrange([new SourceText(Generate(tables), "migrations/1.sql")], PolicyLintOptions.Default);
        var applied = await MigrationRunner.ApplyAsync(database, files);
        foreach (var note in applied.Notes.Take(3))
            Console.WriteLine($"{note.Source.GetPosition(note.Span.Start).Line + 1}: {note.Message}");

        // The first run of each is for the server's caches and our compiler; the three that count are taken in turn.
        var queries = await File.ReadAllTextAsync(file);
        var theirs = await TheirsAsync(database, queries);
        var ours = await OursAsync(database);
        var (theirTimes, ourTimes, processTimes) = (new List<double>(), new List<double>(), new List<double>());
        for (var i = 0; i < 3; i++)
        {
            theirTimes.Add((await TheirsAsync(database, queries)).Seconds);
            ourTimes.Add((await OursAsync(database)).Seconds);
            if (tool is not null)
                processTimes.Add(await ProcessAsync(tool, cluster, database));
        }
        var (their, our) = (theirTimes.Order().ElementAt(1), ourTimes.Order().ElementAt(1));
        if (tool is not null)
            Console.WriteLine($"{tool} verify, start and report included: {processTimes.Order().ElementAt(1):0.00} s ({their / processTimes.Order().ElementAt(1):0.0} times)");
        Console.WriteLine($"{tables} tables: splinter {their:0.00} s, rules {our:0.00} s ({their / our:0.0} times); medians of three");
        Console.WriteLine($"{"lint",-52} {"splinter",8} {"ours too",8}  rules");
        var missed = 0;
        foreach (var (lint, rules) in Pairs)
        {
            var named = theirs.Found.Where(f => f.Lint == lint).Select(static f => f.Name).Distinct().ToList();
            var also = named.Where(name => rules.Any(rule => ours.Found.Contains((rule, name)))).ToList();
            missed += named.Count - also.Count;
            Console.WriteLine($"{lint,-52} {named.Count,8} {also.Count,8}  {string.Join(", ", rules)}{(also.Count < named.Count ? "  missed: " + string.Join(", ", named.Except(also).Take(3)) : "")}");
        }
        foreach (var other in theirs.Found.Where(static f => Pairs.All(pair => pair.Lint != f.Lint)).GroupBy(static f => f.Lint))
            Console.WriteLine($"{other.Key,-52} {other.Count(),8} {"-",8}  not compared");
        return missed == 0 ? 0 : 1;
    }

    private static async Task<(double Seconds, List<(string Lint, string Name)> Found)> TheirsAsync(ScratchDatabase database, string sql)
    {
        await using var connection = await database.DataSource().OpenConnectionAsync();
        await ExecuteAsync(connection, "begin");
        await ExecuteAsync(connection, "set local pgrst.db_schemas = 'public'");
        var start = sql.IndexOf(';', StringComparison.Ordinal);
        await ExecuteAsync(connection, sql[..start]);
        var watch = Stopwatch.StartNew();
        var found = new List<(string, string)>();
        await using var command = new NpgsqlCommand(sql[(start + 1)..], connection) { CommandTimeout = 0 };
        await using var reader = await command.ExecuteReaderAsync();
        var metadata = reader.GetOrdinal("metadata");
        while (await reader.ReadAsync())
        {
            using var document = System.Text.Json.JsonDocument.Parse(reader.GetString(metadata));
            if (document.RootElement.TryGetProperty("name", out var name) && document.RootElement.TryGetProperty("schema", out var schema))
                found.Add((reader.GetString(reader.GetOrdinal("name")), $"{schema.GetString()}.{name.GetString()}"));
        }
        return (watch.Elapsed.TotalSeconds, found);
    }

    private static async Task<(double Seconds, HashSet<(string Rule, string Name)> Found)> OursAsync(ScratchDatabase database)
    {
        var watch = Stopwatch.StartNew();
        await using var session = await SafeSession.OpenAsync(database.Target);
        var reading = await CatalogReader.ReadAsync(session);
        var read = watch.Elapsed.TotalSeconds;
        var result = SqlAnalyzer.AnalyzeLive(reading.Catalog, PolicyLintOptions.Default with { Platform = "supabase" }, AnalysisLimits.Cli with { FindingsPerRule = int.MaxValue });
        var seconds = watch.Elapsed.TotalSeconds;
        Console.WriteLine($"reading the catalog {read:0.00} s, rules {seconds - read:0.00} s, {result.Findings.Count} findings");
        return (seconds, [.. result.Findings.Select(static finding => (finding.Rule.Id, NameOf(finding.Subject)))]);
    }

    private static async Task<double> ProcessAsync(string tool, ScratchCluster cluster, ScratchDatabase database)
    {
        var url = $"postgres://{ScratchCluster.Superuser}@localhost/{database.Name}?host={Uri.EscapeDataString(cluster.Folder)}";
        var watch = Stopwatch.StartNew();
        using var process = Process.Start(new ProcessStartInfo(tool, ["verify", "--database", url, "--fail-on", "never"]) { RedirectStandardOutput = true, WorkingDirectory = cluster.Folder })!;
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? watch.Elapsed.TotalSeconds : throw new InvalidOperationException($"{tool} ended with {process.ExitCode}");
    }

    // `public.t/policy`, `public.f(uuid)`
    private static string NameOf(string subject)
    {
        var end = subject.IndexOfAny(['/', '(']);
        return end < 0 ? subject : subject[..end];
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    // Four policies a table; one table in fifty has one of the faults in turn.
    internal static string Generate(int tables)
    {
        var sql = new StringBuilder("create extension postgres_fdw with schema extensions;\ncreate server elsewhere foreign data wrapper postgres_fdw;\n");
        for (var i = 0; i < tables; i++)
        {
            var fault = i % 50 == 0 ? i / 50 % 8 : -1;
            var table = string.Create(CultureInfo.InvariantCulture, $"public.t{i}");
            var own = fault switch
            {
                0 => "true",
                1 => "user_id = auth.uid()",
                2 => "user_id = (select auth.uid()) or (select auth.jwt()) -> 'user_metadata' ->> 'role' = 'admin'",
                _ => "user_id = (select auth.uid())",
            };
            sql.Append(CultureInfo.InvariantCulture, $"create table {table} (id uuid primary key default gen_random_uuid(), user_id uuid not null references auth.users (id), title text);\n");
            sql.Append(CultureInfo.InvariantCulture, $"create index on {table} (user_id);\n");
            if (fault is not (3 or 4))
                sql.Append(CultureInfo.InvariantCulture, $"alter table {table} enable row level security;\n");
            if (fault == 4)
                sql.Append(CultureInfo.InvariantCulture, $"alter table {table} add column password text;\ncreate foreign table {table}_remote (id uuid, title text) server elsewhere;\n");
            if (fault is 4 or 5)
                continue;
            sql.Append(CultureInfo.InvariantCulture, $"create policy p_select on {table} for select to authenticated using ({own});\n");
            sql.Append(CultureInfo.InvariantCulture, $"create policy p_insert on {table} for insert to authenticated with check ({own});\n");
            sql.Append(CultureInfo.InvariantCulture, $"create policy p_update on {table} for update to authenticated using ({own}) with check ({own});\n");
            sql.Append(CultureInfo.InvariantCulture, $"create policy p_delete on {table} for delete to authenticated using ({own});\n");
            if (fault == 6)
            {
                sql.Append(CultureInfo.InvariantCulture, $"create view {table}_view as select * from {table};\n");
                sql.Append(CultureInfo.InvariantCulture, $"create materialized view {table}_copy as select * from {table};\n");
            }
            else if (fault == 7)
                sql.Append(CultureInfo.InvariantCulture, $"create function {table}_all() returns setof {table} language sql security definer as 'select * from {table}';\n");
        }
        sql.Append("create view public.everyone as select id, email from auth.users;\n");
        return sql.ToString();
    }
}
