using System.Text.Json;

namespace PolicyLint.Cli.Output;

/// <summary>Writes differences between files and servers.</summary>
internal static class DriftWriter
{
    public static void Write(DriftReport report, string format, TextWriter output)
    {
        if (format == "json")
            WriteJson(report, output);
        else
            WriteText(report, output);
    }

    private static void WriteText(DriftReport report, TextWriter output)
    {
        foreach (var database in report.Databases)
        {
            foreach (var difference in database.Differences)
            {
                output.WriteLine($"{database.Name}: {difference.Object}");
                output.WriteLine("    files:  " + Shown(difference.Left));
                output.WriteLine("    server: " + Shown(difference.Right));
            }
            foreach (var part in database.NotCompared)
                output.WriteLine($"{database.Name}: not compared: {part}");
            foreach (var note in database.Notes)
                output.WriteLine("note: " + note);
        }
        foreach (var problem in report.Problems)
            output.WriteLine(problem.Path.Length > 0 ? $"not done: {problem.Path}: {problem.Message}" : "not done: " + problem.Message);
        foreach (var database in report.Databases)
            output.WriteLine($"{database.Name} and {database.Server}: {(database.Differences.Count == 0 ? "no difference" : database.Differences.Count == 1 ? "1 difference" : $"{database.Differences.Count} differences")}");
    }

    private static string Shown(string? text) => text is null ? "not there" : text.Replace("\n", "\n            ", StringComparison.Ordinal);

    /// <summary>Version 1: a property is added without a new version, never renamed or removed.</summary>
    private static void WriteJson(DriftReport report, TextWriter output)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, JsonReportWriter.Options))
        {
            json.WriteStartObject();
            json.WriteNumber("version", 1);
            json.WriteStartArray("databases");
            foreach (var database in report.Databases)
            {
                json.WriteStartObject();
                json.WriteString("name", database.Name);
                json.WriteString("server", database.Server);
                json.WriteStartArray("differences");
                foreach (var difference in database.Differences)
                {
                    json.WriteStartObject();
                    json.WriteString("object", difference.Object);
                    json.WriteString("files", difference.Left);
                    json.WriteString("server", difference.Right);
                    json.WriteEndObject();
                }
                json.WriteEndArray();
                WriteStrings(json, "notCompared", database.NotCompared);
                WriteStrings(json, "notes", database.Notes);
                json.WriteEndObject();
            }
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
            json.WriteEndObject();
        }
        output.Write(System.Text.Encoding.UTF8.GetString(buffer.ToArray()));
        output.Write('\n');
    }

    private static void WriteStrings(Utf8JsonWriter json, string name, IReadOnlyList<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
            json.WriteStringValue(value);
        json.WriteEndArray();
    }
}
