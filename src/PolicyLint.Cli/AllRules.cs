using PolicyLint.Core.Rules;
using PolicyLint.CSharp.Rules;

namespace PolicyLint.Cli;

/// <summary>The rules of all assemblies.</summary>
internal static class AllRules
{
    /// <summary>In order of ids.</summary>
    public static IReadOnlyList<RuleInfo> Infos { get; } = [.. RuleCatalog.All.Concat(CSharpRuleCatalog.All).Select(rule => rule.Info).OrderBy(info => info.Id, StringComparer.Ordinal)];

    public static IReadOnlyList<string> Ids { get; } = [.. Infos.Select(info => info.Id)];

    /// <summary>By id or by name.</summary>
    public static RuleInfo? Find(string idOrName) => Infos.FirstOrDefault(info =>
        string.Equals(info.Id, idOrName, StringComparison.OrdinalIgnoreCase) || string.Equals(info.Name, idOrName, StringComparison.OrdinalIgnoreCase));
}
