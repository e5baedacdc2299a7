using System.Text.Json;
using PolicyLint.Core.Findings;
using PolicyLint.Core.Rules;

namespace PolicyLint.Cli.Output;

/// <summary>SARIF 2.1.0 (OASIS), with the metadata of every rule that may report.</summary>
internal sealed class SarifReportWriter : IReportWriter
{
    private const string Schema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

    public void Write(Report report, TextWriter output)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, JsonReportWriter.Options))
        {
            json.WriteStartObject();
            json.WriteString("$schema", Schema);
            json.WriteString("version", "2.1.0");
            json.WriteStartArray("runs");
            json.WriteStartObject();
            WriteTool(json);
            WriteInvocation(json, report);
            json.WriteString("columnKind", "utf16CodeUnits");
            json.WriteStartObject("originalUriBaseIds");
            json.WriteStartObject("ROOT");
            json.WriteStartObject("description");
            json.WriteString("text", "The folder in which the command ran");
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteStartArray("results");
            foreach (var finding in report.Findings)
                WriteResult(json, finding);
            json.WriteEndArray();
            // What failed is among the results; the property bag holds the whole log.
            if (report.Plans.Count > 0)
            {
                json.WriteStartObject("properties");
                json.WriteStartArray("plans");
                foreach (var plan in report.Plans)
                    JsonReportWriter.WritePlan(json, plan);
                json.WriteEndArray();
                json.WriteEndObject();
            }
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }
        output.Write(System.Text.Encoding.UTF8.GetString(buffer.ToArray()));
        output.Write('\n');
    }

    private static void WriteTool(Utf8JsonWriter json)
    {
        json.WriteStartObject("tool");
        json.WriteStartObject("driver");
        json.WriteString("name", "PolicyLint");
        json.WriteString("semanticVersion", typeof(SarifReportWriter).Assembly.GetName().Version!.ToString(3));
        json.WriteString("informationUri", "https://github.com/policylint/policylint");
        json.WriteStartArray("rules");
        foreach (var rule in AllRules.Infos)
            WriteRule(json, rule);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteRule(Utf8JsonWriter json, RuleInfo rule)
    {
        json.WriteStartObject();
        json.WriteString("id", rule.Id);
        json.WriteString("name", rule.Name);
        WriteText(json, "shortDescription", rule.Title);
        WriteText(json, "fullDescription", rule.What);
        json.WriteStartObject("help");
        json.WriteString("text", rule.Why + "\n\n" + rule.Fix);
        json.WriteString("markdown", rule.What + "\n\n**Why.** " + rule.Why + "\n\n**Fix.** " + rule.Fix);
        json.WriteEndObject();
        json.WriteString("helpUri", rule.HelpLink);
        json.WriteStartObject("defaultConfiguration");
        json.WriteString("level", Level(rule.Severity));
        json.WriteEndObject();
        json.WriteStartObject("properties");
        json.WriteString("category", rule.Category);
        json.WriteStartArray("tags");
        json.WriteStringValue("security");
        json.WriteStringValue("postgresql");
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteInvocation(Utf8JsonWriter json, Report report)
    {
        json.WriteStartArray("invocations");
        json.WriteStartObject();
        json.WriteBoolean("executionSuccessful", report.Problems.Count == 0 && report.InternalErrors.Count == 0);
        json.WriteStartArray("toolExecutionNotifications");
        foreach (var problem in report.Problems)
            WriteNotification(json, problem.ToString());
        foreach (var error in report.InternalErrors)
            WriteNotification(json, error);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static void WriteNotification(Utf8JsonWriter json, string text)
    {
        json.WriteStartObject();
        json.WriteString("level", "error");
        WriteText(json, "message", text);
        json.WriteEndObject();
    }

    private static void WriteResult(Utf8JsonWriter json, Finding finding)
    {
        json.WriteStartObject();
        json.WriteString("ruleId", finding.Rule.Id);
        var index = IndexOf(finding.Rule);
        if (index >= 0)
            json.WriteNumber("ruleIndex", index);
        json.WriteString("level", Level(finding.Severity));
        WriteText(json, "message", finding.Witness is { } witness ? finding.Message + ". Witness: " + witness : finding.Message);
        json.WriteStartArray("locations");
        WriteLocation(json, finding.Location, null, null);
        json.WriteEndArray();
        if (finding.Related.Count > 0)
        {
            json.WriteStartArray("relatedLocations");
            for (var i = 0; i < finding.Related.Count; i++)
                WriteLocation(json, finding.Related[i].Location, i + 1, finding.Related[i].Message);
            json.WriteEndArray();
        }
        json.WriteStartObject("partialFingerprints");
        json.WriteString("policylint/v1", finding.Fingerprint);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteLocation(Utf8JsonWriter json, Location location, int? id, string? message)
    {
        var place = Place.Of(location);
        json.WriteStartObject();
        if (id is { } number)
            json.WriteNumber("id", number);
        if (place.IsLive)
        {
            json.WriteStartArray("logicalLocations");
            json.WriteStartObject();
            json.WriteString("fullyQualifiedName", place.Path);
            json.WriteEndObject();
            json.WriteEndArray();
        }
        else
        {
            json.WriteStartObject("physicalLocation");
            json.WriteStartObject("artifactLocation");
            json.WriteString("uri", string.Join('/', place.Path.Split('/').Select(Uri.EscapeDataString)));
            json.WriteString("uriBaseId", "ROOT");
            json.WriteEndObject();
            json.WriteStartObject("region");
            json.WriteNumber("startLine", place.Line);
            json.WriteNumber("startColumn", place.Column);
            json.WriteNumber("endLine", place.EndLine);
            json.WriteNumber("endColumn", place.EndColumn);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        if (message is not null)
            WriteText(json, "message", message);
        json.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter json, string name, string text)
    {
        json.WriteStartObject(name);
        json.WriteString("text", text);
        json.WriteEndObject();
    }

    private static int IndexOf(RuleInfo rule)
    {
        for (var i = 0; i < AllRules.Infos.Count; i++)
        {
            if (AllRules.Infos[i].Id == rule.Id)
                return i;
        }
        return -1;
    }

    private static string Level(Severity severity) => severity switch
    {
        Severity.Error => "error",
        Severity.Warning => "warning",
        Severity.Information => "note",
        _ => "none",
    };
}
