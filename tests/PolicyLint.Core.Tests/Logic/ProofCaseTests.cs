using System.Text.Json;
using PolicyLint.Testing;

namespace PolicyLint.Core.Tests.Logic;

public class ProofCaseTests
{
    public static TheoryData<string> Own => [.. ReadOwn().Select(static c => c.Id)];

    [Theory]
    [MemberData(nameof(Own))]
    public void The_prover_answers_as_the_document_says(string id)
    {
        var test = ReadOwn().Single(c => c.Id == id);
        // `unknown` is whatever the reason; every other answer is said in full.
        var length = test.Expected == "unknown" ? test.Expected.Length : int.MaxValue;
        Assert.Equal(test.Expected, First(test.Answer(), length));
        Assert.Equal(test.Expected, First(test.Answer(isByCases: true), length));
    }

    private static string First(string text, int length) => text.Length > length ? text[..length] : text;

    [Fact]
    public void The_prover_answers_every_labelled_case_beside_the_repository()
    {
        var path = Path.Combine(RepositoryRoot.Path, "..", "shared", "cases", "proof_cases.jsonl");
        if (!File.Exists(path))
            path = Path.Combine(RepositoryRoot.Path, "..", "..", "shared", "cases", "proof_cases.jsonl");
        if (!File.Exists(path))
            return;
        var wrong = File.ReadLines(path).Select(Parse).Where(static c => c.Answer() != c.Expected).Select(static c => c.Id + ": " + c.Expected + ", not " + c.Answer());
        Assert.Equal("", string.Join("\n", wrong));
    }

    private static ProofCase Parse(string line)
    {
        using var json = JsonDocument.Parse(line);
        var root = json.RootElement;
        return new(Text("id")!, Text("table_ddl")!, Text("old"), Text("new")!, Text("goal"), Text("expected")!, Text("role") ?? "authenticated", Text("cmd") ?? "select");

        string? Text(string name) => root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
    }

    // A heading, then lines `key: value`; a line that begins with blanks continues the one before.
    private static IEnumerable<ProofCase> ReadOwn()
    {
        var folder = Path.Combine(RepositoryRoot.Path, "tests", "PolicyLint.Core.Tests", "Logic", "Data");
        foreach (var path in Directory.EnumerateFiles(folder, "*.md").Order(StringComparer.Ordinal))
        {
            string? title = null;
            var values = new Dictionary<string, string>();
            foreach (var line in File.ReadLines(path).Append("## "))
            {
                if (line.StartsWith("## ", StringComparison.Ordinal))
                {
                    if (title is not null)
                        yield return new(title, values["table"], values.GetValueOrDefault("old"), values.GetValueOrDefault("new", ""), values.GetValueOrDefault("goal"), values["is"], values.GetValueOrDefault("role", "authenticated"), values.GetValueOrDefault("command", "select"));
                    title = line[3..];
                    values.Clear();
                }
                else if (line.StartsWith("- ", StringComparison.Ordinal) && line.IndexOf(": ", StringComparison.Ordinal) is > 0 and var colon)
                    values[line[2..colon]] = line[(colon + 2)..].Trim('`');
            }
        }
    }
}
