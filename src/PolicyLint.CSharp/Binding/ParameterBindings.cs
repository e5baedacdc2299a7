using System.Collections.Immutable;
using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PolicyLint.CSharp.Sinks;
using PolicyLint.CSharp.Text;
using PolicyLint.Sql.Tree;

namespace PolicyLint.CSharp.Binding;

/// <summary>The C# expressions that the parameters of a statement are bound to.</summary>
internal sealed class ParameterBindings
{
    private readonly Dictionary<string, IOperation> _byName = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<IOperation> _byPosition = [];

    private ParameterBindings()
    {
    }

    /// <summary>All names are known: a parameter that has none is missing.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>The object that the parameters are members of, where it is written at the call.</summary>
    public IOperation? Creation { get; private set; }

    /// <summary>The bindings of a call, with the holes of its text.</summary>
    public static ParameterBindings Of(SqlCall call, SqlText text)
    {
        var bindings = new ParameterBindings();
        for (var i = 0; i < text.Holes.Count; i++)
        {
            if (text.Holes[i].Value is { } value)
                bindings._byName[SqlText.HoleName + i.ToString(CultureInfo.InvariantCulture)] = value;
        }
        foreach (var argument in call.Arguments)
        {
            if (argument.Parameter is not { } parameter || ReferenceEquals(argument.Value, call.Sql))
                continue;
            if (call.IsDapper && parameter.Name is "param" or "parameters")
                bindings.ReadObject(argument.Value, 0);
            else if (call.HasNumberedParameters && parameter.Name == "parameters")
                bindings.ReadNumbered(argument.Value);
        }
        if (CommandOf(call.Operation) is { } command)
            bindings.ReadCommand(command, call.Operation);
        return bindings;
    }

    /// <summary>The parameters of a condition that was made of lambdas: `@p0`, `@p1`, ….</summary>
    public static ParameterBindings Of(IReadOnlyList<IOperation> values)
    {
        var bindings = new ParameterBindings();
        for (var i = 0; i < values.Count; i++)
            bindings._byName["p" + i.ToString(CultureInfo.InvariantCulture)] = values[i];
        return bindings;
    }

    /// <summary>All that is bound.</summary>
    public IEnumerable<IOperation> Values => _byName.Values.Concat(_byPosition);

    /// <summary>How many are bound by their position.</summary>
    public int PositionalCount => _byPosition.Count;

    /// <summary>Some are bound by their name.</summary>
    public bool HasNames => _byName.Count > 0;

    /// <summary>The names that are bound.</summary>
    public IEnumerable<string> Names => _byName.Keys;

    /// <summary>What is bound by that name; null where nothing is.</summary>
    public IOperation? Find(string name) => _byName.TryGetValue(name, out var value) ? value : null;

    /// <summary>The expression that a parameter is bound to; null where it is not known.</summary>
    public IOperation? Find(ParameterReference parameter)
    {
        if (parameter.Number > 0)
            return parameter.Number <= _byPosition.Count ? _byPosition[parameter.Number - 1] : null;
        return Find(parameter.Name.Text);
    }

    private void ReadObject(IOperation value, int depth)
    {
        value = value.WithoutConversions();
        switch (value)
        {
            case IAnonymousObjectCreationOperation anonymous:
                Creation ??= anonymous;
                IsComplete = depth == 0;
                foreach (var initializer in anonymous.Initializers)
                {
                    if (initializer is ISimpleAssignmentOperation { Target: IPropertyReferenceOperation property } assignment)
                        _byName[property.Property.Name] = assignment.Value;
                }
                break;
            case IObjectCreationOperation creation:
                foreach (var argument in creation.Arguments)
                {
                    if (argument.Parameter?.Name == "template")
                        ReadObject(argument.Value, depth + 1);
                }
                foreach (var initializer in creation.Initializer?.Initializers ?? ImmutableArray<IOperation>.Empty)
                {
                    if (initializer is ISimpleAssignmentOperation { Target: IPropertyReferenceOperation property } assignment)
                        _byName[property.Arguments.Length == 1 ? NameOf(property.Arguments[0].Value) ?? "" : property.Property.Name] = assignment.Value;
                    else if (initializer is IInvocationOperation { Arguments: [var name, var item, ..] })
                        Bind(NameOf(name.Value), item.Value);
                }
                break;
            case ILocalReferenceOperation local when depth < 4:
                if (SingleValueOf(local) is not { } initial)
                    break;
                ReadObject(initial, depth + 1);
                foreach (var operation in RootOf(local).Descendants())
                {
                    if (operation is not IInvocationOperation { TargetMethod.Name: "Add" or "AddDynamicParams", Instance: ILocalReferenceOperation receiver } add || !SymbolEqualityComparer.Default.Equals(receiver.Local, local.Local))
                        continue;
                    if (add.TargetMethod.Name == "AddDynamicParams" && add.Arguments.Length > 0)
                        ReadObject(add.Arguments[0].Value, depth + 1);
                    else if (add.Arguments.Length > 1)
                        Bind(NameOf(add.Arguments[0].Value), add.Arguments[1].Value);
                }
                break;
        }
    }

    private void ReadNumbered(IOperation value)
    {
        var items = value is IArrayCreationOperation { Initializer: { } initializer } ? initializer.ElementValues : ImmutableArray.Create(value);
        for (var i = 0; i < items.Length; i++)
        {
            var item = items[i];
            item = item.WithoutConversions();
            if (item is IObjectCreationOperation creation && IsParameterType(creation.Type))
                ReadParameter(creation);
            else
                _byName["p" + i.ToString(CultureInfo.InvariantCulture)] = item;
        }
    }

    private void ReadCommand(ISymbol command, IOperation call)
    {
        foreach (var operation in RootOf(call).Descendants())
        {
            if (operation is IInvocationOperation { Instance: IPropertyReferenceOperation { Property.Name: "Parameters", Instance: { } owner } } add && SymbolEqualityComparer.Default.Equals(SymbolOf(owner), command))
            {
                if (add.TargetMethod.Name == "AddWithValue" && add.Arguments.Length >= 2)
                    Bind(NameOf(add.Arguments[0].Value), add.Arguments[add.Arguments.Length - 1].Value);
                else if (add.TargetMethod.Name == "AddWithValue" && add.Arguments.Length == 1)
                    _byPosition.Add(add.Arguments[0].Value);
                else if (add.TargetMethod.Name == "Add" && add.Parent is IPropertyReferenceOperation { Property.Name: "Value", Parent: ISimpleAssignmentOperation assigned } && add.Arguments.Length > 0)
                    Bind(NameOf(add.Arguments[0].Value), assigned.Value);
                else if (add.TargetMethod.Name == "Add" && add.Arguments.Length == 1)
                    ReadParameterArgument(add.Arguments[0].Value);
            }
        }
        foreach (var inner in call.DescendantsAndSelf())
        {
            if (inner is IObjectCreationOperation creation && IsParameterType(creation.Type))
                ReadParameter(creation);
        }
    }

    private void ReadParameterArgument(IOperation value)
    {
        value = value.WithoutConversions();
        if (value is ILocalReferenceOperation local && SingleValueOf(local) is { } initial)
            value = initial;
        if (value is IObjectCreationOperation creation && IsParameterType(creation.Type))
            ReadParameter(creation);
    }

    private void ReadParameter(IObjectCreationOperation creation)
    {
        string? name = null;
        IOperation? value = null;
        foreach (var argument in creation.Arguments)
        {
            if (argument.Parameter?.Name is "parameterName" or "name")
                name = NameOf(argument.Value);
            else if (argument.Parameter?.Name is "value")
                value = argument.Value;
        }
        foreach (var initializer in creation.Initializer?.Initializers ?? ImmutableArray<IOperation>.Empty)
        {
            if (initializer is not ISimpleAssignmentOperation { Target: IPropertyReferenceOperation property } assignment)
                continue;
            if (property.Property.Name == "ParameterName")
                name = NameOf(assignment.Value);
            else if (property.Property.Name is "Value" or "TypedValue" or "NpgsqlValue")
                value = assignment.Value;
        }
        if (value is not null)
            Bind(name, value);
    }

    private void Bind(string? name, IOperation value)
    {
        value = value.WithoutConversions();
        if (string.IsNullOrEmpty(name))
            _byPosition.Add(value);
        else
            _byName[name!] = value;
    }

    private static bool IsParameterType(ITypeSymbol? type) => type is { Name: "NpgsqlParameter" } or { BaseType.Name: "NpgsqlParameter" };

    private static string? NameOf(IOperation name) => name.ConstantValue is { HasValue: true, Value: string text } ? text.TrimStart('@', ':') : null;

    /// <summary>The variable that holds the command: `var c = new NpgsqlCommand(…)`, `c.CommandText = …`.</summary>
    internal static ISymbol? CommandOf(IOperation call)
    {
        if (call is ISimpleAssignmentOperation { Target: IPropertyReferenceOperation { Instance: { } owner } } && owner is not IInstanceReferenceOperation)
            return SymbolOf(owner);
        for (var parent = call.Parent; parent is not null; parent = parent.Parent)
        {
            switch (parent)
            {
                case IVariableDeclaratorOperation declarator:
                    return declarator.Symbol;
                case ISimpleAssignmentOperation assignment:
                    return SymbolOf(assignment.Target) is { } target && !ReferenceEquals(assignment, call) ? target : null;
                case IConversionOperation or IVariableInitializerOperation or IAwaitOperation or IObjectOrCollectionInitializerOperation or IObjectCreationOperation:
                    continue;
                default:
                    return null;
            }
        }
        return null;
    }

    private static ISymbol? SymbolOf(IOperation operation) => operation switch
    {
        ILocalReferenceOperation local => local.Local,
        IFieldReferenceOperation field => field.Field,
        IParameterReferenceOperation parameter => parameter.Parameter,
        _ => null,
    };

    internal static IOperation RootOf(IOperation operation)
    {
        while (operation.Parent is not null)
            operation = operation.Parent;
        return operation;
    }

    /// <summary>What a local is declared with, where nothing sets it again.</summary>
    internal static IOperation? SingleValueOf(ILocalReferenceOperation local)
    {
        IOperation? value = null;
        foreach (var operation in RootOf(local).Descendants())
        {
            var set = operation switch
            {
                IVariableDeclaratorOperation declarator when SymbolEqualityComparer.Default.Equals(declarator.Symbol, local.Local) => declarator.GetVariableInitializer()?.Value,
                ISimpleAssignmentOperation { Target: ILocalReferenceOperation target } assignment when SymbolEqualityComparer.Default.Equals(target.Local, local.Local) => assignment.Value,
                _ => null,
            };
            if (set is null)
                continue;
            if (value is not null)
                return null;
            value = set;
        }
        value = value?.WithoutConversions();
        return value;
    }
}
