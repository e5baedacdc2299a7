using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using PolicyLint.Core.Findings;
using PolicyLint.Core.Rules;
using PolicyLint.CSharp.Rules;

namespace PolicyLint.Analyzers;

/// <summary>The compiler's descriptors, made of what each rule says of itself.</summary>
internal static class DescriptorMap
{
    private static readonly Dictionary<string, DiagnosticDescriptor> ById = Create();

    public static ImmutableArray<DiagnosticDescriptor> All { get; } = ImmutableArray.CreateRange(ById.Values);

    public static IReadOnlyCollection<string> Ids => ById.Keys;

    public static DiagnosticDescriptor Of(RuleInfo rule) => ById[rule.Id];

    public static DiagnosticDescriptor Of(string id) => ById[id];

    /// <summary>A severity as the compiler knows it.</summary>
    public static DiagnosticSeverity Map(Severity severity) => severity switch
    {
        Severity.Error => DiagnosticSeverity.Error,
        Severity.Warning => DiagnosticSeverity.Warning,
        Severity.Information => DiagnosticSeverity.Info,
        _ => DiagnosticSeverity.Hidden,
    };

    private static Dictionary<string, DiagnosticDescriptor> Create()
    {
        var descriptors = new Dictionary<string, DiagnosticDescriptor>(StringComparer.OrdinalIgnoreCase);
        foreach (var rule in RuleCatalog.All)
            Add(descriptors, rule.Info, isAtEnd: true);
        foreach (var rule in CSharpRuleCatalog.All)
            Add(descriptors, rule.Info, isAtEnd: rule is ProjectRule);
        return descriptors;
    }

    private static void Add(Dictionary<string, DiagnosticDescriptor> descriptors, RuleInfo rule, bool isAtEnd) => descriptors.Add(rule.Id, new(
        rule.Id, rule.Title, "{0}", rule.Category, Map(rule.Severity), isEnabledByDefault: true, rule.What, rule.HelpLink,
        isAtEnd ? [WellKnownDiagnosticTags.CompilationEnd] : []));
}
