using System.Text.Encodings.Web;
using System.Text.Json;
using PolicyLint.Cli.Code;
using PolicyLint.Cli.Verification;
using PolicyLint.Core.Findings;
using PolicyLint.Live.Verification;

namespace PolicyLint.Cli.Output;

/// <summary>PolicyLint's own JSON, version 1: a property is added without a new version, never renamed or removed.</summary>
internal sealed class JsonReportWriter : IReportWriter
{
    internal static JsonWriterOptions Options => new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public void Write(Report report, TextWriter output)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteNumber("version", 1);
            json.WriteStartArray("findings");
            foreach (var finding in report.Findings)
                WriteFinding(json, finding);
            json.WriteEndArray();
            json.WriteStartArray("plans");
            foreach (var plan in report.Plans)
                WritePlan(json, plan);
            json.WriteEndArray();
            json.WriteStartArray("probes");
            foreach (var probes in report.Probes)
                WriteProbes(json, probes);
            json.WriteEndArray();
            json.WriteStartArray("problems");
            foreach (var problem in report.Problems)
            {
                json.WriteStartObject();
                json.WriteString("path", problem.Path);
                json.WriteString("message", problem.Message);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            WriteStrings(json, "internalErrors", report.InternalErrors);
            WriteStrings(json, "notes", report.Notes);
            if (report.Coverage is { } coverage)
                WriteCoverage(json, coverage);
            json.WriteStartObject("summary");
            json.WriteNumber("errors", report.Count(Severity.Error));
            json.WriteNumber("warnings", report.Count(Severity.Warning));
            json.WriteNumber("information", report.Count(Severity.Information));
            json.WriteNumber("suppressed", report.Suppressed);
            json.WriteNumber("known", report.Known);
            json.WriteNumber("files", report.Files);
            json.WriteNumber("statements", report.Statements);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        output.Write(System.Text.Encoding.UTF8.GetString(buffer.ToArray()));
        output.Write('\n');
    }

    private static void WriteCoverage(Utf8JsonWriter json, IReadOnlyList<CoveredSite> coverage)
    {
        json.WriteStartObject("coverage");
        json.WriteNumber("places", coverage.Count);
        foreach (var (answer, name, _) in CoveredSite.Answers)
            json.WriteNumber(name, coverage.Count(site => site.Answer == answer));
        json.WriteStartArray("sites");
        foreach (var site in coverage)
        {
            json.WriteStartObject();
            WritePlace(json, Place.Of(site.Location));
            json.WriteString("answer", CoveredSite.Answers.First(entry => entry.Answer == site.Answer).Name);
            json.WriteString("reason", site.Reason);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>The log of a plan: on which database, when, and what each check found.</summary>
    internal static void WritePlan(Utf8JsonWriter json, PlanLog plan)
    {
        json.WriteStartObject();
        json.WriteString("path", plan.Plan.Source.Path);
        json.WriteString("phase", PhaseNames.Of(plan.Phase));
        json.WriteString("database", plan.Database);
        json.WriteString("started", plan.Started);
        json.WriteString("ended", plan.Ended);
        json.WriteStartArray("checks");
        foreach (var result in plan.Results)
        {
            json.WriteStartObject();
            json.WriteString("check", result.Expectation.Statement);
            json.WriteNumber("line", plan.Plan.Source.GetPosition(result.Expectation.Span.Start).Line + 1);
            json.WriteString("reason", result.Expectation.Reason);
            json.WriteString("outcome", result.Outcome switch { CheckOutcome.Passed => "passed", CheckOutcome.Failed => "failed", _ => "not-checked" });
            json.WriteString("found", result.Found);
            json.WriteNumber("milliseconds", (long)result.Duration.TotalMilliseconds);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteProbes(Utf8JsonWriter json, ProbeLog log)
    {
        json.WriteStartObject();
        json.WriteString("database", log.Database);
        json.WriteNumber("tenantTables", log.Run.TenantTables);
        json.WriteNumber("probed", log.Run.Synthesised);
        json.WriteStartArray("attempts");
        foreach (var result in log.Run.Results)
        {
            json.WriteStartObject();
            json.WriteString("table", result.Table.ToString());
            json.WriteString("role", result.Role);
            json.WriteString("session", result.Session);
            json.WriteString("attempt", result.Attempt);
            json.WriteString("outcome", ProbeWords.Key(result.Outcome));
            json.WriteString("detail", result.Detail);
            json.WriteString("prover", ProbeWords.Key(result.Verdict));
            json.WriteString("proverReason", ProbeWords.Reason(result.Verdict));
            json.WriteBoolean("contradicts", result.Contradicts);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteFinding(Utf8JsonWriter json, Finding finding)
    {
        json.WriteStartObject();
        json.WriteString("rule", finding.Rule.Id);
        json.WriteString("name", finding.Rule.Name);
        json.WriteString("severity", SeverityNames.Of(finding.Severity));
        json.WriteString("message", finding.Message);
        WritePlace(json, Place.Of(finding.Location));
        json.WriteStartArray("related");
        foreach (var related in finding.Related)
        {
            json.WriteStartObject();
            json.WriteString("message", related.Message);
            WritePlace(json, Place.Of(related.Location));
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteString("witness", finding.Witness);
        if (finding.Replay is { } replay)
        {
            json.WriteStartObject("replay");
            json.WriteString("outcome", ReplayWords.Key(replay.Outcome));
            json.WriteString("detail", replay.Detail);
            json.WriteEndObject();
        }
        json.WriteString("fingerprint", finding.Fingerprint);
        json.WriteEndObject();
    }

    private static void WritePlace(Utf8JsonWriter json, Place place)
    {
        json.WriteString("path", place.Path);
        json.WriteNumber("line", place.Line);
        json.WriteNumber("column", place.Column);
        json.WriteNumber("endLine", place.EndLine);
        json.WriteNumber("endColumn", place.EndColumn);
    }

    private static void WriteStrings(Utf8JsonWriter json, string name, IReadOnlyList<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
            json.WriteStringValue(value);
        json.WriteEndArray();
    }
}
