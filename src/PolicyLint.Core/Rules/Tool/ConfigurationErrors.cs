using PolicyLint.Core.Findings;

namespace PolicyLint.Core.Rules.Tool;

internal sealed class ConfigurationErrors : ToolRule
{
    /// <summary>The one instance, for the hosts.</summary>
    public static ConfigurationErrors Rule { get; } = new();

    public override RuleInfo Info { get; } = new()
    {
        Id = "PL9004",
        Name = "configuration-error",
        Severity = Severity.Error,
        Title = "policylint.yml cannot be taken as it stands",
        What = "Reports an unknown key, a wrong value, or broken YAML in `policylint.yml`, with the nearest right name. The command line says the same with exit code 2.",
        Why = "A setting that is not understood is a check that is not made.",
        Fix = "Correct the entry.",
        Bad = "",
        Good = "",
    };
}
