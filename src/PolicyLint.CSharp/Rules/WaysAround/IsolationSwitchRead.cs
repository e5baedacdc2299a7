using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PolicyLint.Core.Rules;
using PolicyLint.CSharp.Binding;

namespace PolicyLint.CSharp.Rules.WaysAround;

/// <summary>The rule over policies, where a program reads the switch: its configuration, or an environment variable.</summary>
internal sealed class IsolationSwitchRead : OperationRule
{
    public override RuleInfo Info { get; } = RuleCatalog.All.Single(rule => rule.Info.Id == "PL4013").Info;

    public override void Check(OperationRuleContext context)
    {
        if (Key(context.Operation) is not { } key || key.ConstantValue is not { HasValue: true, Value: string name } || !IsSwitch(name) || IsForDevelopment(context.Operation))
            return;
        context.Report(this, key.Syntax.GetLocation(), $"{name} switches isolation off for whoever sets it");
    }

    private static IOperation? Key(IOperation operation) => operation switch
    {
        IInvocationOperation { TargetMethod: { Name: "GetEnvironmentVariable", ContainingType: { Name: "Environment", ContainingNamespace.Name: "System" } }, Arguments: [var name, ..] } => name.Value,
        IInvocationOperation { TargetMethod: { Name: "GetValue", ContainingType.Name: "ConfigurationBinder" } } call => call.Arguments.FirstOrDefault(argument => argument.Parameter?.Name == "key")?.Value,
        // The comparison or variable that an indexer's value goes to is no operation of its own kind.
        IInvocationOperation or ISimpleAssignmentOperation or IConditionalOperation => IndexedIn(operation),
        _ => null,
    };

    private static IOperation? IndexedIn(IOperation operation)
    {
        foreach (var child in operation.ChildOperations)
        {
            if (Indexed(child) is { } key)
                return key;
        }
        return null;
    }

    // configuration["Tenancy:DisableIsolation"]
    private static IOperation? Indexed(IOperation operation) => operation.Kind switch
    {
        OperationKind.PropertyReference => operation is IPropertyReferenceOperation { Property: { IsIndexer: true, ContainingType.Name: "IConfiguration" or "IConfigurationRoot" or "IConfigurationSection" or "ConfigurationManager" }, Arguments: [var key] } ? key.Value : null,
        OperationKind.Argument or OperationKind.Conversion or OperationKind.Binary or OperationKind.Unary or OperationKind.Coalesce => IndexedIn(operation),
        _ => null,
    };

    private static bool IsForDevelopment(IOperation operation) =>
        ParameterBindings.RootOf(operation).Descendants().Any(other => other is IInvocationOperation { TargetMethod.Name: "IsDevelopment" or "IsEnvironment" });

    // A verb that takes away, and what it takes away: DISABLE_TENANT_ISOLATION, Security:BypassRls. Words, since `rls` stands in `urls`.
    private static bool IsSwitch(string name)
    {
        var words = Words(name);
        var verb = words.FindIndex(word => word is "disable" or "disabled" or "bypass" or "skip" or "ignore" or "no" or "off" or "without");
        if (verb < 0)
            return false;
        if (words.Contains("rls") || words.Contains("row") && words.Contains("security"))
            return true;
        var isOfTenants = words.Exists(word => word is "tenant" or "tenants" or "tenancy");
        var isIsolation = words.Contains("isolation") && !words.Contains("level") && !words.Contains("snapshot");
        return isIsolation && (isOfTenants || words.Count <= 3) || isOfTenants && words.Exists(word => word is "filter" or "filters" or "filtering");
    }

    private static List<string> Words(string name)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        for (var i = 0; i < name.Length; i++)
        {
            var isHump = i > 0 && char.IsUpper(name[i]) && (char.IsLower(name[i - 1]) || i + 1 < name.Length && char.IsLower(name[i + 1]));
            if ((!char.IsLetter(name[i]) || isHump) && word.Length > 0)
            {
                words.Add(word.ToString());
                word.Clear();
            }
            if (char.IsLetter(name[i]))
                word.Append(char.ToLowerInvariant(name[i]));
        }
        if (word.Length > 0)
            words.Add(word.ToString());
        return words;
    }
}
