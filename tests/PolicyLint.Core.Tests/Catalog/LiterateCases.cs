using PolicyLint.Testing;

namespace PolicyLint.Core.Tests.Catalog;

/// <summary>A test in a Markdown file: a heading, ```sql blocks (migrations) and expected blocks.</summary>
/// <param name="File">The file's name.</param>
/// <param name="Name">The heading.</param>
/// <param name="Scripts">Texts of the ```sql blocks, each a file of its own.</param>
/// <param name="Expected">Text of the block of the asked kind; null where there is none.</param>
/// <param name="Platform">`supabase` where the heading says so in brackets.</param>
public sealed record LiterateCase(string File, string Name, IReadOnlyList<string> Scripts, IReadOnlyDictionary<string, string> Blocks, string Platform)
{
    public override string ToString() => $"{File}: {Name}";

    public static IEnumerable<LiterateCase> Read()
    {
        var folder = Path.Combine(RepositoryRoot.Path, "tests", "PolicyLint.Core.Tests", "Catalog", "Data");
        foreach (var path in Directory.EnumerateFiles(folder, "*.md").Order(StringComparer.Ordinal))
        {
            foreach (var test in Read(path))
                yield return test;
        }
    }

    private static IEnumerable<LiterateCase> Read(string path)
    {
        string? name = null;
        var scripts = new List<string>();
        var blocks = new Dictionary<string, string>();
        string? kind = null;
        var text = new List<string>();
        foreach (var line in System.IO.File.ReadLines(path).Append("# end"))
        {
            if (kind is not null && line.StartsWith("```", StringComparison.Ordinal))
            {
                var block = string.Concat(text.Select(static t => t + "\n"));
                if (kind == "sql")
                    scripts.Add(block);
                else
                    blocks[kind] = block;
                kind = null;
            }
            else if (kind is not null)
                text.Add(line);
            else if (line.StartsWith("```", StringComparison.Ordinal))
            {
                kind = line[3..];
                text.Clear();
            }
            else if (line.StartsWith('#'))
            {
                if (name is not null && scripts.Count > 0)
                    yield return new(Path.GetFileName(path), name, scripts, blocks, name.Contains("[supabase]", StringComparison.Ordinal) ? "supabase" : "plain");
                name = line.TrimStart('#', ' ');
                scripts = [];
                blocks = [];
            }
        }
    }
}
