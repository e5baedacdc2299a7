using System.Globalization;
using Npgsql;
using PolicyLint.Core.Access;
using PolicyLint.Core.Analysis;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Catalog.Replay;
using PolicyLint.Core.Logic;
using PolicyLint.Core.Logic.Proving;
using PolicyLint.Core.Options;
using PolicyLint.Core.Platforms;
using PolicyLint.Live.Scratch;
using PolicyLint.Sql;
using PolicyLint.Sql.Text;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Benchmarks;

/// <summary>
/// Random policy sets in pairs: whatever is proven of two is looked for in small databases; and the evaluator that looks is compared with a
/// real server.
/// </summary>
internal sealed class BruteForce(int seed)
{
    private const string Schema = """
        create role app;
        create role other;
        create table orgs(id uuid primary key, boss uuid);
        create table members(org uuid not null references orgs(id), u uuid not null, admin boolean, primary key (org, u));
        create table docs(id integer primary key, owner uuid, org uuid references orgs(id), n integer, p boolean);
        create function opq(u uuid) returns boolean language plpgsql stable as $$ begin if u is null then return null; end if; return right(u::text, 1) = '1'; end $$;
        create function in_org(o uuid) returns boolean language sql stable security definer as $$ select exists (select 1 from members m where m.org = o and m.u = auth.uid()) $$;
        alter table docs enable row level security;

        """;

    private static readonly string?[] s_users = [null, "aaaaaaaa-0000-4000-8000-000000000001", "aaaaaaaa-0000-4000-8000-000000000002"];

    private static readonly Script s_schema = ScriptOf(Schema);

    private readonly Random _random = new(seed);

    /// <summary>Proves pairs and looks for databases that contradict. Shares of a run have their own seeds, so the result does not depend on the machine.</summary>
    public static int Run(int count, int seed, int databases)
    {
        const int PerShare = 250;
        var shares = new Tally[(count + PerShare - 1) / PerShare];
        Parallel.For(0, shares.Length, share => shares[share] = new BruteForce(unchecked((seed * 1_000_003) + share)).Prove(Math.Min(PerShare, count - (share * PerShare)), databases));
        foreach (var text in shares.SelectMany(static share => share.Wrong))
            Console.WriteLine(text);
        var wrong = shares.Sum(static share => share.Wrong.Count);
        var reasons = shares.SelectMany(static share => share.Unknown).GroupBy(static reason => reason).OrderByDescending(static group => group.Count());
        Console.WriteLine($"{count} pairs of policy sets, seed {seed}: {shares.Sum(static s => s.Proven)} proven (each looked for in {databases} databases: {wrong} wrong), {shares.Sum(static s => s.Refuted)} refuted, {shares.Sum(static s => s.Unknown.Count)} unknown {string.Join(", ", reasons.Select(static group => group.Key + " " + group.Count()))}");
        return wrong == 0 ? 0 : 1;
    }

    private Tally Prove(int count, int databases)
    {
        var tally = new Tally();
        for (var i = 0; i < count; i++)
        {
            var (first, second) = PolicyPair();
            var (before, after) = (Catalog(first), Catalog(second));
            switch (AccessOf(after).IsAdditive(AccessOf(before), Docs(before), Docs(after), StatementForm.Select, "app", PolicyClause.Using))
            {
                case Verdict.Refuted:
                    tally.Refuted++;
                    continue;
                case Verdict.Unknown open:
                    tally.Unknown.Add(open.Reason);
                    continue;
            }
            tally.Proven++;
            var (had, has) = (new Sieve(before), new Sieve(after));
            for (var d = 0; d < databases; d++)
            {
                var model = Database(after);
                if (!had.Passes(model) || has.Passes(model))
                    continue;
                tally.Wrong.Add("WRONG PROVEN\n" + first + "  =>\n" + second + string.Join(", ", model.Rows.Select(static r => r.Source + "(" + string.Join(", ", r.Values.Select(static v => v.Key + "=" + v.Value.Text)) + ")")));
                break;
            }
        }
        return tally;
    }

    private sealed class Tally
    {
        public int Proven { get; set; }

        public int Refuted { get; set; }

        public List<UnknownReason> Unknown { get; } = [];

        public List<string> Wrong { get; } = [];
    }

    /// <summary>Whether the policies of a catalog let the row of a model pass.</summary>
    private sealed class Sieve
    {
        private readonly Reading _reading;
        private readonly TermTable _types;
        private readonly Claim _claim;

        public Sieve(DatabaseCatalog catalog)
        {
            var policies = new EffectivePolicies(catalog);
            _reading = new(catalog, new RoleReading(policies, "app"));
            _types = new(catalog);
            _claim = policies.Of(Docs(catalog), StatementForm.Select, "app", PolicyClause.Using)!;
        }

        public bool Passes(Model model) => new Interpreter(_reading, _types, model).Evaluate(_claim).IsTrue;
    }

    /// <summary>Evaluates predicates over databases here and on a scratch server.</summary>
    public static async Task<int> CompareWithServerAsync(int count, int seed)
    {
        const int PerQuery = 100;
        var fuzz = new BruteForce(seed);
        var catalog = Catalog("");
        await using var cluster = await ScratchCluster.StartAsync();
        await using var database = await cluster.CreateDatabaseAsync("brute_force", PlatformSql.Supabase);
        var source = cluster.DataSource("brute_force");
        await using var connection = await source.OpenConnectionAsync();
        foreach (var statement in Schema.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            await ExecuteAsync(connection, statement);
        int compared = 0, open = 0, raised = 0, wrong = 0;
        while (compared < count)
        {
            var model = fuzz.Database(catalog);
            var predicates = Enumerable.Range(0, PerQuery).Select(_ => fuzz.Predicate(2)).ToList();
            await ExecuteAsync(connection, "do $do$ begin truncate docs, members, orgs; perform set_config('request.jwt.claims', " + Claims(model) + ", false); " + Inserts(model) + " end $do$");
            List<bool?>? theirs = null;
            try
            {
                await using var command = new NpgsqlCommand("select " + string.Join(", ", predicates.Select(static p => "(" + p + ")::boolean")) + " from docs where id = 1", connection);
                await using var reader = await command.ExecuteReaderAsync();
                await reader.ReadAsync();
                theirs = [.. Enumerable.Range(0, PerQuery).Select(i => reader.IsDBNull(i) ? (bool?)null : reader.GetBoolean(i))];
            }
            catch (PostgresException)
            {
                raised++;
            }
            for (var i = 0; i < PerQuery && theirs is not null; i++)
            {
                var value = new Interpreter(new(catalog, NoPolicies.Instance), new TermTable(catalog), model).Evaluate(new Claim.Condition(SqlParser.ParseExpression(new SourceText(predicates[i], "p"), out _)!, Sight.Everything));
                compared++;
                if (value.Kind == DatumKind.Open)
                {
                    open++;
                    continue;
                }
                bool? ours = value.IsTrue ? true : value.IsFalse ? false : null;
                if (ours == theirs[i])
                    continue;
                wrong++;
                Console.WriteLine($"DIFFERENT: {predicates[i]}: ours {ours?.ToString() ?? "NULL"}, theirs {theirs[i]?.ToString() ?? "NULL"}: {Claims(model)} {Inserts(model)}");
            }
        }
        Console.WriteLine($"{compared} evaluations, seed {seed}, PostgreSQL {cluster.ServerVersion}: {wrong} different, {open} not evaluated here, {raised} queries raised an error");
        return wrong == 0 ? 0 : 1;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static string Claims(Model model) =>
        model.Session[SessionKeys.UserId] is { Kind: DatumKind.Value } user ? "'{\"sub\":\"" + user.Text + "\"}'" : "''";

    private static string Inserts(Model model)
    {
        var text = "";
        foreach (var row in model.Rows.OrderBy(static r => r.Source.EndsWith("orgs", StringComparison.Ordinal) ? 0 : 1))
            text += $"insert into {row.Source}({string.Join(", ", row.Values.Keys)}) values ({string.Join(", ", row.Values.Values.Select(static v => v.Kind == DatumKind.Null ? "NULL" : v.Type == TypeFamily.Uuid ? "'" + v.Text + "'" : v.Text))});";
        return text;
    }

    private static AccessModel AccessOf(DatabaseCatalog catalog) => new(catalog, Tenancy.Resolve(catalog, new PolicyLintOptions()), AnalysisLimits.Cli);

    private static Table Docs(DatabaseCatalog catalog) => catalog.FindTable(new(new Name("docs")))!;

    private static DatabaseCatalog Catalog(string text) =>
        CatalogReplay.Run([s_schema, ScriptOf(text)], "supabase", AnalysisLimits.Cli).Catalog;

    private static Script ScriptOf(string text) => new(SqlParser.Parse(new SourceText(text, "schema.sql")), ScriptRole.Migration, IsOneTransaction: false);

    // Rows that keep the constraints, and a session.
    private Model Database(DatabaseCatalog catalog)
    {
        var orgs = new List<string>();
        var others = new List<ModelRow>();
        foreach (var id in s_users)
        {
            if (id is null || _random.Next(4) == 0)
                continue;
            orgs.Add(id);
            others.Add(Row("orgs", ("id", Uuid(id)), ("boss", Uuid(Pick(s_users)))));
            foreach (var user in s_users)
            {
                if (user is not null && _random.Next(2) == 0)
                    others.Add(Row("members", ("org", Uuid(id)), ("u", Uuid(user)), ("admin", Flag())));
            }
        }
        var target = Doc(1);
        if (_random.Next(2) == 0)
            others.Add(Doc(2));
        var assumed = s_users.ToDictionary(static u => Model.CallOf("opaque:public.opq", [Uuid(u)]), static u => u is null ? Datum.Null : Datum.Of(u.EndsWith('1')));
        return new(target, false, others, new Dictionary<string, Datum> { [SessionKeys.UserId] = Uuid(Pick(s_users)) }) { Assumed = assumed };

        ModelRow Doc(int id) => Row(
            "docs", ("id", Number(id)), ("owner", Uuid(Pick(s_users))), ("org", Uuid(orgs.Count == 0 || _random.Next(3) == 0 ? null : orgs[_random.Next(orgs.Count)])), ("n", _random.Next(4) is var n && n == 3 ? Datum.Null : Number(n)), ("p", Flag()));

        ModelRow Row(string table, params (string Column, Datum Value)[] values)
        {
            var row = new ModelRow("public." + table, catalog.FindTable(new(new Name(table))));
            foreach (var (column, value) in values)
                row.Values[column] = value;
            return row;
        }
    }

    private Datum Flag() => _random.Next(3) switch { 0 => Datum.Null, 1 => Datum.True, _ => Datum.False };

    private static Datum Uuid(string? text) => text is null ? Datum.Null : Datum.Of(TypeFamily.Uuid, text);

    private static Datum Number(int number) => Datum.Of(TypeFamily.Integer, number.ToString(CultureInfo.InvariantCulture));

    // The second is made of the first, so that many are proven.
    private (string First, string Second) PolicyPair()
    {
        var inner = _random.Next(3) == 0 ? $"alter table members enable row level security; create policy m on members for select to {Role()} using ({Pick("u = auth.uid()", "admin", "true", "in_org(org)")});\n" : "";
        var first = new List<string>();
        for (var i = _random.Next(1, 4); i > 0; i--)
            first.Add(Policy(Predicate(2)));
        var second = new List<string>(first);
        var at = _random.Next(second.Count);
        switch (_random.Next(6))
        {
            case 0:
                second.Add(Policy(Predicate(2)));
                break;
            case 1:
                second.RemoveAt(at);
                break;
            case 2:
                second[at] = Policy(Predicate(2));
                break;
            case 3:
                second[at] = second[at].Replace("using (", "using (" + Predicate(1) + " or ", StringComparison.Ordinal);
                break;
            case 4:
                first[at] = first[at].Replace("using (", "using (" + Predicate(1) + " and ", StringComparison.Ordinal);
                break;
            default:
                second[at] = second[at].Replace("using (", "using (not not ", StringComparison.Ordinal).Replace("auth.uid()", "(select auth.uid())", StringComparison.Ordinal);
                break;
        }
        return (inner + Text(first), inner + Text(second));

        static string Text(List<string> policies) => string.Concat(policies.Select(static (p, i) => $"create policy p{i} on docs " + p + ";\n"));
    }

    private string Policy(string predicate) => (_random.Next(4) == 0 ? "as restrictive " : "") + $"for {Pick("select", "select", "all")} to {Role()} using ({predicate})";

    private string Role() => Pick("app", "app", "public", "other")!;

    private string Predicate(int depth)
    {
        if (depth == 0 || _random.Next(3) == 0)
            return Atom();
        return _random.Next(6) switch
        {
            0 or 1 => $"({Predicate(depth - 1)} and {Predicate(depth - 1)})",
            2 or 3 => $"({Predicate(depth - 1)} or {Predicate(depth - 1)})",
            4 => $"(not {Predicate(depth - 1)})",
            _ => $"(({Predicate(depth - 1)}) is not {Pick("true", "false", "null")})",
        };
    }

    private string Atom()
    {
        var value = Pick("owner", "org", "auth.uid()", "coalesce(owner, org)", "nullif(owner, auth.uid())", "case when p then owner else org end", "(select o.boss from orgs o where o.id = docs.org)")!;
        var member = Pick("m.u = auth.uid()", "m.u = owner", "m.admin", "m.admin is not true", "m.u <> auth.uid()", "true", "opq(m.u)")!;
        var partner = Pick("m.u = auth.uid()", "m.u is null", "m.admin or o.boss = auth.uid()", "m.u = docs.owner and o.boss is null", "m.admin is not true", "coalesce(m.u, o.boss) = auth.uid()", "not m.admin");
        return _random.Next(21) switch
        {
            0 => $"{value} = auth.uid()",
            1 => $"{value} = owner",
            2 => $"{value} <> auth.uid()",
            3 => $"{value} is null",
            4 => $"{value} is distinct from org",
            5 => $"{value} in (owner, auth.uid())",
            6 => $"{value} not in (org, null)",
            7 => Pick("n < 2", "n <= 1", "n > 0", "n between 0 and 1", "n <> 1", "n = 1")!,
            8 => Pick("p", "p is true", "p is not false")!,
            9 => Pick("opq(owner)", "opq(org)", "opq(auth.uid())")!,
            10 => "in_org(org)",
            11 => $"exists (select 1 from members m where m.org = docs.org and {member})",
            12 => $"org in (select m.org from members m where {member})",
            13 => $"org not in (select m.org from members m where {member})",
            14 => $"owner = any (select m.u from members m where m.org = docs.org and {member})",
            15 => $"exists (select 1 from members m join orgs o on o.id = m.org where o.boss = auth.uid() and m.org = docs.org and {member})",
            16 => $"exists (select 1 from orgs o left join members m on m.org = o.id and {member} where o.id = docs.org and ({partner}))",
            17 => $"exists (select 1 from members m right join orgs o on m.org = o.id where {partner} and o.id = org)",
            18 => $"org in (select o.id from orgs o left join members m on m.org = o.id and m.u = auth.uid() where {partner})",
            19 => $"org not in (select m.org from orgs o left join members m on m.org = o.id where {partner})",
            _ => $"exists (select 1 from orgs o where o.id = docs.org and {Pick("o.boss = auth.uid()", "o.boss is null", "o.boss = owner", "exists (select 1 from members m where m.org = o.id and m.u = docs.owner)")})",
        };
    }

    private string? Pick(params string?[] choices) => choices[_random.Next(choices.Length)];
}
