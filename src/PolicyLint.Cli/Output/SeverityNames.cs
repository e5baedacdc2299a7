using PolicyLint.Core.Findings;

namespace PolicyLint.Cli.Output;

/// <summary>Severities as words.</summary>
internal static class SeverityNames
{
    public static string Of(Severity severity) => severity switch
    {
        Severity.Error => "error",
        Severity.Warning => "warning",
        Severity.Information => "information",
        _ => "none",
    };
}
