using Microsoft.CodeAnalysis;
using PolicyLint.Core.Findings;
using PolicyLint.Core.Rules;
using PolicyLint.CSharp.Fixes;

namespace PolicyLint.CSharp;

/// <summary>What a place in C# has to say.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Severity">Its severity in this project.</param>
/// <param name="Location">The characters inside the literal, or the expression that stands for them.</param>
/// <param name="Message">One clause.</param>
public sealed record SiteFinding(RuleInfo Rule, Severity Severity, Microsoft.CodeAnalysis.Location Location, string Message)
{
    /// <summary>`schema.table`; empty where it is about none.</summary>
    public string Table { get; init; } = "";

    /// <summary>How the code can be made right; null where no certain way is known.</summary>
    public SiteFix? Fix { get; init; }
}
