using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PolicyLint.Core.Findings;

namespace PolicyLint.Cli.Output;

/// <summary>GitLab's Code Quality report: findings beside the changed lines of a merge request.</summary>
internal sealed class GitLabReportWriter : IReportWriter
{
    public void Write(Report report, TextWriter output)
    {
        // GitLab drops a second entry with the same fingerprint; two databases may have the same finding.
        var occurrences = new Dictionary<string, int>(StringComparer.Ordinal);
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, JsonReportWriter.Options))
        {
            json.WriteStartArray();
            foreach (var finding in report.Findings)
            {
                var place = Place.Of(finding.Location);
                var occurrence = occurrences[finding.Fingerprint] = occurrences.GetValueOrDefault(finding.Fingerprint) + 1;
                WriteEntry(
                    json,
                    finding.Rule.Id + " " + finding.Rule.Name,
                    finding.Witness is { } witness ? $"{finding.Message}. Witness: {witness}" : finding.Message,
                    finding.Severity switch { Severity.Error => "critical", Severity.Warning => "major", _ => "info" },
                    occurrence == 1 ? finding.Fingerprint : finding.Fingerprint + "-" + occurrence.ToString(CultureInfo.InvariantCulture),
                    place.Path,
                    Math.Max(place.Line, 1));
            }
            foreach (var problem in report.Problems)
                WriteEntry(json, "not checked", problem.ToString(), "blocker", Hash(problem.ToString()), problem.Path, 1);
            foreach (var error in report.InternalErrors)
                WriteEntry(json, "internal error", error, "blocker", Hash(error), "", 1);
            json.WriteEndArray();
        }
        output.Write(Encoding.UTF8.GetString(buffer.ToArray()));
        output.Write('\n');
    }

    private static void WriteEntry(Utf8JsonWriter json, string check, string description, string severity, string fingerprint, string path, int line)
    {
        json.WriteStartObject();
        json.WriteString("check_name", check);
        json.WriteString("description", description);
        json.WriteString("severity", severity);
        json.WriteString("fingerprint", fingerprint);
        json.WriteStartObject("location");
        json.WriteString("path", path);
        json.WriteStartObject("lines");
        json.WriteNumber("begin", line);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 8));
}
