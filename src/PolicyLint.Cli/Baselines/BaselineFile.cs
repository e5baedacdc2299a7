using System.Text.Json;
using PolicyLint.Cli.Output;
using PolicyLint.Core.Findings;

namespace PolicyLint.Cli.Baselines;

/// <summary>The findings that a team starts from, as a file to commit: a line each, in an order that moves little from version to version.</summary>
internal static class BaselineFile
{
    public const string DefaultName = "policylint-baseline.json";

    private const int Version = 1;

    public static string Write(IReadOnlyList<Finding> findings)
    {
        var lines = findings.GroupBy(f => f.Fingerprint, StringComparer.Ordinal)
            .OrderBy(g => g.First().Rule.Id, StringComparer.Ordinal)
            .ThenBy(g => g.First().Subject, StringComparer.Ordinal)
            .ThenBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => $"    {{ \"fingerprint\": {Quote(g.Key)}, \"rule\": {Quote(g.First().Rule.Id)}, \"subject\": {Quote(g.First().Subject)}, \"count\": {g.Count()} }}");
        var list = string.Join(",\n", lines);
        return $"{{\n  \"version\": {Version},\n  \"findings\": [{(list.Length > 0 ? "\n" + list + "\n  " : "")}]\n}}\n";
    }

    /// <summary>What a baseline knows; null with what is wrong with it.</summary>
    public static KnownFindings? Read(string text, out string error)
    {
        var known = new KnownFindings();
        try
        {
            using var document = JsonDocument.Parse(text);
            var version = document.RootElement.GetProperty("version").GetInt32();
            if (version != Version)
            {
                error = $"its version is {version}, this policylint reads version {Version}: write it anew with `policylint baseline`";
                return null;
            }
            foreach (var finding in document.RootElement.GetProperty("findings").EnumerateArray())
                known.Add(finding.GetProperty("fingerprint").GetString() ?? "", finding.GetProperty("count").GetInt32());
        }
        catch (JsonException e)
        {
            error = $"not JSON (line {e.LineNumber + 1}): write it anew with `policylint baseline`";
            return null;
        }
        catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException or FormatException)
        {
            error = "not a baseline: write it with `policylint baseline`";
            return null;
        }
        error = "";
        return known;
    }

    private static string Quote(string text) => "\"" + JsonEncodedText.Encode(text, JsonReportWriter.Options.Encoder) + "\"";
}
