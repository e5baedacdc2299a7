using System.Text.Json;
using System.Xml.Linq;
using Newtonsoft.Json.Linq;
using Newtonsoft.Json.Schema;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Logic;
using PolicyLint.Core.Verification;
using PolicyLint.Live.Probing;
using PolicyLint.Live.Verification;
using PolicyLint.Sql.Text;
using PolicyLint.Testing;

namespace PolicyLint.Cli.Tests.Output;

public sealed class ReportWriterTests
{
    [Fact]
    public void Text_shows_the_line_with_the_place_underlined() => Assert.Equal(
        """
        error PL1001 rls-not-enabled: Table public.ä b has user_id: 100% of its rows, readable
          --> db/ä b.sql:2:15
           |
         2 |     create table "ä b" (user_id uuid);
           |                  ^^^^^
           = db/ä b.sql:1:1: made here
           = witness: a session with auth.uid() = 'a' reaches the row t(user_id = 'b')

        warning PL1001 rls-not-enabled: Table public.t has no row-level security
          --> table public.t

        not checked: db/x.sql: not read: this is not a text file (it contains NUL bytes)
        note: tenancy: user_id = auth.uid(), inferred
        1 error, 1 warning, 0 information, 1 suppressed, 1 not checked in 2 files, 3 statements

        """,
        Samples.Render("text"));

    [Fact]
    public void Json_has_one_based_places_and_a_summary()
    {
        var json = JsonDocument.Parse(Samples.Render("json")).RootElement;

        Assert.Equal(1, json.GetProperty("version").GetInt32());
        var finding = json.GetProperty("findings")[0];
        Assert.Equal(
            ("PL1001", "rls-not-enabled", "error", "db/ä b.sql", 2, 15, 2, 20),
            (finding.GetProperty("rule").GetString(), finding.GetProperty("name").GetString(), finding.GetProperty("severity").GetString(),
                finding.GetProperty("path").GetString(), finding.GetProperty("line").GetInt32(), finding.GetProperty("column").GetInt32(),
                finding.GetProperty("endLine").GetInt32(), finding.GetProperty("endColumn").GetInt32()));
        Assert.Equal("made here", finding.GetProperty("related")[0].GetProperty("message").GetString());
        Assert.Equal(JsonValueKind.Null, json.GetProperty("findings")[1].GetProperty("witness").ValueKind);
        Assert.Equal(1, json.GetProperty("summary").GetProperty("errors").GetInt32());
    }

    [Fact]
    public void GitHub_commands_escape_what_would_end_them() => Assert.Equal(
        """
        ::error file=db/ä b.sql,line=2,endLine=2,col=15,endColumn=20,title=PL1001 rls-not-enabled::Table public.ä b has user_id: 100%25 of its rows, readable%0Awitness: a session with auth.uid() = 'a' reaches the row t(user_id = 'b')
        ::warning title=PL1001 rls-not-enabled::table public.t: Table public.t has no row-level security
        ::error title=PolicyLint could not check this::db/x.sql: not read: this is not a text file (it contains NUL bytes)

        """,
        Samples.Render("github"));

    [Fact]
    public void Sarif_validates_against_its_schema()
    {
        var schema = JSchema.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Data", "sarif-schema-2.1.0.json")));
        var log = JObject.Parse(Samples.Render("sarif"));

        log.IsValid(schema, out IList<string> errors);

        Assert.Empty(errors);
        var result = log["runs"]![0]!["results"]![0]!;
        Assert.Equal("0011223344556677", result["partialFingerprints"]!["policylint/v1"]);
        Assert.Equal("made here", result["relatedLocations"]![0]!["message"]!["text"]);
        Assert.Equal("db/%C3%A4%20b.sql", result["locations"]![0]!["physicalLocation"]!["artifactLocation"]!["uri"]);
    }

    [Fact]
    public void Sarif_holds_the_log_of_a_plan()
    {
        var schema = JSchema.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Data", "sarif-schema-2.1.0.json")));
        var plan = new VerificationPlan { Source = new SourceText("after:\n  - rls: public.t\n", "plan.yml") };
        var expected = new RlsExpected(new("public", "t"), Enabled: true, Forced: null) { Span = new(11, 13) };
        var started = new DateTimeOffset(2025, 11, 21, 18, 0, 0, TimeSpan.Zero);
        var report = Samples.Report() with
        {
            Plans = [new(plan, PlanPhase.After, "app on db.example", started, started.AddSeconds(2), [new(expected, CheckOutcome.Passed, "enabled", TimeSpan.FromMilliseconds(3))])],
        };

        var log = JObject.Parse(Samples.Render("sarif", report));

        Assert.True(log.IsValid(schema, out IList<string> errors), string.Join("; ", errors));
        var written = log["runs"]![0]!["properties"]!["plans"]![0]!;
        Assert.Equal("app on db.example", written["database"]);
        Assert.Equal("plan.yml", written["path"]);
    }

    [Theory]
    [InlineData("gitlab")]
    [InlineData("junit")]
    [InlineData("markdown")]
    public void A_report_looks_like_this(string format)
    {
        var rendered = Samples.Render(format);

        Assert.Equal(Snapshot.Of(rendered, format), rendered);
    }

    [Fact]
    public void Junit_is_xml_whatever_the_names_hold()
    {
        var report = Samples.Report();
        var hostile = report with { Findings = [report.Findings[1] with { Message = "table \u0001\uD800 ]]> <a> 😀" }], Problems = [] };

        var xml = XDocument.Parse(Samples.Render("junit", hostile));

        Assert.Equal("table \uFFFD\uFFFD ]]> <a> 😀", xml.Descendants("failure").Single().Attribute("message")!.Value);
        Assert.Single(XDocument.Parse(Samples.Render("junit", hostile with { Findings = [] })).Descendants("testcase"));
    }

    [Fact]
    public void Gitlab_fingerprints_are_unique()
    {
        var report = Samples.Report();
        var json = JsonDocument.Parse(Samples.Render("gitlab", report with { Findings = [report.Findings[0], report.Findings[0]] })).RootElement;

        Assert.Distinct(json.EnumerateArray().Select(entry => entry.GetProperty("fingerprint").GetString()));
    }

    [Fact]
    public void A_comment_names_are_no_markup_and_it_is_never_too_long()
    {
        var report = Samples.Report();
        var hostile = report.Findings[1] with { Message = "@all <img src=x> | `x` [a](b) __x__ user_id" };

        var markdown = Samples.Render("markdown", report with { Findings = [.. Enumerable.Repeat(hostile, 2000)] });

        Assert.Contains("&#64;all &#60;img src=x&#62; \\| \\`x\\` \\[a\\](b) \\_\\_x\\_\\_ user_id", markdown, StringComparison.Ordinal);
        Assert.Contains("more are not shown here", markdown, StringComparison.Ordinal);
        Assert.InRange(markdown.Length, 1000, 65_536);
    }

    [Theory]
    [InlineData("error", ExitCode.NotDone)]
    [InlineData("never", ExitCode.NotDone)]
    public void A_part_that_was_not_checked_outweighs_findings(string failOn, int expected) =>
        Assert.Equal(expected, Samples.Report().ExitCodeFor(Commands.CommonOptions.ParseSeverity(failOn)));

    [Theory]
    [InlineData("error", ExitCode.Findings)]
    [InlineData("warning", ExitCode.Findings)]
    [InlineData("never", ExitCode.Clean)]
    public void Findings_at_or_above_the_threshold_set_the_exit_code(string failOn, int expected) =>
        Assert.Equal(expected, (Samples.Report() with { Problems = [] }).ExitCodeFor(Commands.CommonOptions.ParseSeverity(failOn)));

    [Fact]
    public void Probes_stand_next_to_what_the_prover_says()
    {
        var table = new QualifiedId("public", "notes");
        var report = new Report
        {
            Findings = [],
            Probes =
            [
                new("app on db.example", new(
                    [
                        new(table, "authenticated", "SELECT", "nobody", ProbeOutcome.Kept, new Verdict.Proven([]), "no row"),
                        new(table, "authenticated", "UPDATE", "nobody", ProbeOutcome.Kept, new Verdict.Proven([]), "no row"),
                        new(table, "authenticated", "INSERT", "nobody", ProbeOutcome.Kept, new Verdict.Unknown(UnknownReason.OpaqueFunction, "it depends on f()"), "refused"),
                        new(table, "authenticated", "DELETE", "nobody", ProbeOutcome.Leaked, new Verdict.Proven([]), "it went through"),
                        new(table, "authenticated", "re-own", "nobody", ProbeOutcome.NotProbed, null, "no key"),
                    ],
                    TenantTables: 1,
                    Synthesised: 1)),
            ],
        };

        Assert.StartsWith(
            """
            probes of app on db.example
              kept out     public.notes as authenticated: SELECT, UPDATE (prover: keeps users apart)
              kept out     public.notes as authenticated: INSERT (prover: not decided, it depends on f())
              let in       public.notes as authenticated: DELETE (prover: keeps users apart)

            """,
            Samples.Render("text", report),
            StringComparison.Ordinal);
        var attempts = JObject.Parse(Samples.Render("json", report))["probes"]![0]!["attempts"]!;
        Assert.Equal(["proven", "proven", "unknown", "proven", null], attempts.Select(static attempt => (string?)attempt["prover"]));
        Assert.Equal(["kept-out", "kept-out", "kept-out", "let-in", "not-probed"], attempts.Select(static attempt => (string?)attempt["outcome"]));
        Assert.Equal("it depends on f()", attempts[2]!["proverReason"]);
        Assert.True((bool)attempts[3]!["contradicts"]!);
    }
}
