using System.Diagnostics;
using System.Text;
using PolicyLint.Sql;
using PolicyLint.Sql.Text;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Benchmarks;

/// <summary>Mutations of real statements and deep nests: every input ends in a tree, soon.</summary>
internal static class Fuzzing
{
    private static readonly string[] Seeds =
    [
        "select a.b, count(*) filter (where x > 1) over (partition by y order by z rows between 1 preceding and current row) from t a left join u using (id) where a.x in (select 1) and not b",
        "insert into t (a, b[1].c) values (1, default), ('x', e'\\n') on conflict (a) where b do update set a = excluded.a returning with (old as o) *",
        "merge into t using s on t.a = s.a when matched and x then update set a = 1 when not matched then insert values (1)",
        "create policy p on s.t as restrictive for update to a, public using (auth.uid() = u) with check (true)",
        "create function f(a int default 1, variadic b text[]) returns table (x int) language plpgsql as $f$ begin for i in 1..2 loop raise notice '%', i; end loop; end $f$",
        "create table t (id bigint generated always as identity primary key, a text not null default 'x' check (a <> ''), foreign key (a) references u (b) on delete cascade)",
        "with recursive r (a) as materialized (select 1 union all select a + 1 from r) search depth first by a set o select json_table(x, '$' columns (a int path '$.a')) from r",
        "do $$ declare r record; begin for r in select 1 loop execute format('drop policy %I on %s', r.a, r.b); end loop; exception when others then null; end $$",
        "grant select (a), update on all tables in schema s to r with grant option; alter default privileges in schema s revoke all on tables from public;",
        "select xmlelement(name a, xmlattributes(1 as b)), u&'d\\0061t' uescape '!', x'1f', b'01', n'a', 1_000.5e-3, a[1:2], (b).c, :'v', $1, interval '1' day",
    ];

    private static readonly string[] Fragments =
    [
        "(", ")", "[", "]", "'", "\"", "$$", "$a$", "/*", "*/", "--", ";", ",", ".", "::", ":=", "\0", "\uD800", "\uDC00", "é", "e'\\", "u&'\\", " uescape '", "not ", "between ", "select ", "case when ",
        " union all ", " order by ", "1e", "0x", "$1", "begin atomic ", "end", "\\", "\\if x\n", "copy t from stdin;\n", "\\.\n", "values (", "lateral ", "with a as (", "array[", " and ", " is not distinct from ",
    ];

    private static readonly string[] Openings = ["(", "[", "array[", "case when ", "select (", "f(", "not ", "- ", "(select ", "a join (", "with a as (", "begin ", "cast(", "row(", "exists(select ", "a[", "values ((", "/*", "select * from (", "json_object('a':", "x in (", "a between ", "begin atomic "];

    public static int Run(int seconds, int seed, string? corpus)
    {
        var random = new Random(seed);
        var seeds = corpus is null ? Seeds : Seeds.Concat(Corpus.Read(corpus).Select(static j => j.Sql)).ToArray();
        var clock = Stopwatch.StartNew();
        var count = 0;
        var slowest = TimeSpan.Zero;
        var options = new[] { SqlParseOptions.Default, SqlParseOptions.DotNet, new SqlParseOptions { PsqlSyntax = false, KeepComments = true } };
        while (clock.Elapsed.TotalSeconds < seconds)
        {
            var text = count % 50 == 0 ? Nest(random) : Mutate(seeds[random.Next(seeds.Length)], random);
            var start = clock.Elapsed;
            try
            {
                var tree = SqlParser.Parse(new SourceText(text), options[count % 3]);
                if (tree.Errors.Count == 0 && Reprinted(tree, options[count % 3]) is { } difference)
                    return Fail(text, difference);
                foreach (var error in tree.Errors)
                {
                    if (error.Span.Start < 0 || error.Span.End > text.Length)
                        return Fail(text, $"error outside of the text: {error}");
                }
            }
#pragma warning disable CA1031 // any exception is what is looked for
            catch (Exception exception)
#pragma warning restore CA1031
            {
                return Fail(text, exception.ToString());
            }
            var elapsed = clock.Elapsed - start;
            if (elapsed > slowest)
                slowest = elapsed;
            if (elapsed.TotalSeconds > 5)
                return Fail(text, $"took {elapsed}");
            count++;
        }
        Console.WriteLine($"{count} inputs in {seconds} s, seed {seed}, slowest {slowest.TotalMilliseconds:0} ms: no exception, no hang");
        return 0;
    }

    /// <summary>Texts made to break a parser, each in one line of time and outcome.</summary>
    public static int Hostile()
    {
        const int Many = 100_000;
        const int Huge = 100_000_000;
        (string Name, Func<string> Text)[] inputs =
        [
            .. Openings.Select(static o => ($"{Many} levels of {o.Trim()}", (Func<string>)(() => "select " + string.Concat(Enumerable.Repeat(o, Many))))),
            .. new[] { " || b", " and b", " or b", "::int", "[1]", " is null", " union select 1", ", b" }.Select(static l => ($"{Many} links of{l}", (Func<string>)(() => "select a" + string.Concat(Enumerable.Repeat(l, Many))))),
            ("100 MB of one line", static () => "select " + new string('a', Huge)),
            ("100 MB of one line of columns", static () => "select " + string.Concat(Enumerable.Repeat("column_a, ", Huge / 10)) + "b"),
            ("100 MB of one string", static () => "select '" + new string('a', Huge) + "'"),
            ("100 MB of blanks", static () => new string(' ', Huge)),
            ("100 MB of semicolons", static () => new string(';', Huge)),
            ("10 MB of NUL", static () => new string('\0', Huge / 10)),
            ("10 MB of lone surrogates", static () => "select '" + new string('\uD800', Huge / 10) + "', \"" + new string('\uDC00', 1000) + "\""),
            .. new[] { "'", "e'", "u&'", "b'", "x'", "\"", "u&\"", "$$", "$a$", "/*", "--", "(", "[", "do $$ begin ", "create function f() returns int begin atomic select 1; ", "copy t from stdin;\n", "case when " }
                .Select(static o => ($"unterminated {o.Trim()}, 10 MB", (Func<string>)(() => "select 1; " + o + string.Concat(Enumerable.Repeat("a b; ", Huge / 50))))),
        ];
        foreach (var (name, make) in inputs)
        {
            var text = make();
            var clock = Stopwatch.StartNew();
            var tree = SqlParser.Parse(new SourceText(text));
            Console.WriteLine($"{clock.ElapsedMilliseconds,6} ms  {name}: {tree.Statements.Count} statements, {tree.Errors.Count} errors{(tree.Errors.Count > 0 ? ", " + tree.Errors[0].Message[..Math.Min(60, tree.Errors[0].Message.Length)] : "")}");
        }
        return 0;
    }

    // What was parsed without an error prints to text that parses to the same print.
    private static string? Reprinted(SyntaxTree tree, SqlParseOptions options)
    {
        foreach (var statement in tree.Statements)
        {
            if (statement is PsqlCommand or OtherStatement)
                continue;
            var printed = SqlPrinter.Print(statement);
            var again = SqlParser.Parse(new SourceText(printed), options);
            if (again.Errors.Count > 0)
                return $"prints as {printed}: {again.Errors[0].Message}";
            if (again.Statements.Count != 1 || SqlPrinter.Print(again.Statements[0]) is var second && second != printed)
                return $"prints as {printed}, then otherwise";
        }
        return null;
    }

    private static int Fail(string text, string why)
    {
        Console.WriteLine(why);
        Console.WriteLine(text.Length > 2000 ? text[..2000] : text);
        return 1;
    }

    private static string Mutate(string seed, Random random)
    {
        var text = new StringBuilder(seed);
        for (var changes = random.Next(1, 6); changes > 0; changes--)
        {
            var at = random.Next(text.Length + 1);
            switch (random.Next(5))
            {
                case 0:
                    text.Insert(at, Fragments[random.Next(Fragments.Length)]);
                    break;
                case 1 when at < text.Length:
                    text.Remove(at, Math.Min(text.Length - at, random.Next(1, 8)));
                    break;
                case 2 when at < text.Length:
                    text[at] = (char)random.Next(0, random.Next(2) == 0 ? 128 : 0x10000);
                    break;
                case 3:
                    var piece = Seeds[random.Next(Seeds.Length)];
                    var from = random.Next(piece.Length);
                    text.Insert(at, piece.AsSpan(from, random.Next(piece.Length - from)));
                    break;
                default:
                    text.Length = at;
                    break;
            }
        }
        return text.ToString();
    }

    private static string Nest(Random random)
    {
        var opening = Openings[random.Next(Openings.Length)];
        var text = new StringBuilder("select ");
        for (var depth = random.Next(1, 20_000); depth > 0; depth--)
            text.Append(opening);
        return text.ToString();
    }
}
