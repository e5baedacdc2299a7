using System.CommandLine;
using PolicyLint.Cli.Output;
using PolicyLint.Core.Findings;

namespace PolicyLint.Cli.Commands;

/// <summary>Options that several commands have.</summary>
internal static class CommonOptions
{
    public static Argument<string[]> Paths() =>
        new("PATH") { Description = "Folders, .sql files or Markdown documents; the current folder where none is given.", Arity = ArgumentArity.ZeroOrMore };

    public static IReadOnlyList<string> PathsOf(ParseResult parsed, Argument<string[]> paths) => parsed.GetValue(paths) is { Length: > 0 } given ? given : ["."];

    public static Option<string> Format()
    {
        var option = new Option<string>("--format", "-f") { Description = "How the report is written.", DefaultValueFactory = _ => "text" };
        option.AcceptOnlyFromAmong([.. ReportFormats.Names]);
        return option;
    }

    public static Option<string> FailOn()
    {
        var option = new Option<string>("--fail-on") { Description = "The exit code is 1 from this severity on.", DefaultValueFactory = _ => "error" };
        option.AcceptOnlyFromAmong("error", "warning", "information", "never");
        return option;
    }

    /// <summary>An option without a value. Of strings, because what is generic over bool would have to be compiled at run time.</summary>
    public static Option<string> Flag(string name, string description) => new(name) { Description = description, Arity = ArgumentArity.Zero };

    public static bool IsGiven(ParseResult parsed, Option<string> flag) => parsed.GetResult(flag) is not null;

    public static Option<string> Strict() => Flag("--strict", "The exit code is 2 where a statement could not be analysed: a syntax error, an unknown effect, an exhausted budget.");

    public static Severity ParseSeverity(string name) => name switch
    {
        "error" => Severity.Error,
        "warning" => Severity.Warning,
        "information" => Severity.Information,
        _ => Severity.None,
    };
}
