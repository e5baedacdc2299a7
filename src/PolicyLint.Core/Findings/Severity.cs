namespace PolicyLint.Core.Findings;

/// <summary>How much a finding weighs. None switches a rule off.</summary>
public enum Severity
{
    None,
    Information,
    Warning,
    Error,
}
