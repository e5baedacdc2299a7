namespace PolicyLint.Cli.Output;

/// <summary>Renders a report in one format.</summary>
internal interface IReportWriter
{
    void Write(Report report, TextWriter output);
}

/// <summary>The formats by name.</summary>
internal static class ReportFormats
{
    public static IReadOnlyList<string> Names { get; } = ["text", "json", "sarif", "github", "gitlab", "junit", "markdown"];

    public static IReportWriter Create(string name, bool useColor) => name switch
    {
        "json" => new JsonReportWriter(),
        "sarif" => new SarifReportWriter(),
        "github" => new GitHubReportWriter(),
        "gitlab" => new GitLabReportWriter(),
        "junit" => new JUnitReportWriter(),
        "markdown" => new MarkdownReportWriter(),
        _ => new TextReportWriter(useColor),
    };
}
