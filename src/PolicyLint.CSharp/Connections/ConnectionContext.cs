using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PolicyLint.CSharp.Binding;

namespace PolicyLint.CSharp.Connections;

/// <summary>What is known of the connection of a place that runs SQL or a query, on each path to it, its known callers included.</summary>
internal static class ConnectionContext
{
    private const int MaximumCallers = 4;

    /// <summary>The states of the connection where a text runs; empty where its connection comes from what can't be read.</summary>
    public static IReadOnlyList<ConnectionState> OfCall(ProjectAnalysis project, IOperation call, string setting, CancellationToken cancellation)
    {
        var states = new List<ConnectionState>();
        foreach (var execution in Executions(call))
            states.AddRange(At(project, execution, setting, 0, cancellation));
        return [.. states.Distinct()];
    }

    /// <summary>The states where the text is given to its connection, command or method.</summary>
    public static IReadOnlyList<ConnectionState> At(ProjectAnalysis project, IOperation operation, string setting, CancellationToken cancellation) => At(project, operation, setting, 0, cancellation);

    private static IReadOnlyList<ConnectionState> At(ProjectAnalysis project, IOperation operation, string setting, int depth, CancellationToken cancellation) =>
        Of(project, new ConnectionFlow(project, setting, cancellation).ArrivalsAt(operation), arrival => arrival.Connection, setting, depth, cancellation);

    private static IReadOnlyList<ConnectionState> Of(
        ProjectAnalysis project, IReadOnlyList<ConnectionFlow.Arrival>? arrivals, Func<ConnectionFlow.Arrival, object?> connectionOf, string setting, int depth, CancellationToken cancellation)
    {
        var states = new List<ConnectionState>();
        foreach (var arrival in arrivals ?? [])
        {
            var connection = connectionOf(arrival);
            if (connection is not null && (connection is not ISymbol || arrival.Path.States.ContainsKey(connection)))
                states.Add(arrival.Path.StateOf(connection));
            else if (connection is IParameterSymbol parameter && parameter.ContainingSymbol is IMethodSymbol { MethodKind: MethodKind.Ordinary or MethodKind.LocalFunction } method && depth < MaximumCallers)
                states.AddRange(OfParameter(project, method, parameter, setting, depth, cancellation));
        }
        return states;
    }

    private static IEnumerable<ConnectionState> OfParameter(ProjectAnalysis project, IMethodSymbol method, IParameterSymbol parameter, string setting, int depth, CancellationToken cancellation)
    {
        if (OpeningHooks.IsOpened(method))
            return [ConnectionState.Open];
        if (project.Code.CallersOf(method, cancellation) is not { } callers)
            return [];
        return callers.OfType<IInvocationOperation>().SelectMany(caller => Of(
            project, new ConnectionFlow(project, setting, cancellation).ArrivalsAt(caller),
            arrival => arrival.Arguments.FirstOrDefault(argument => argument.Parameter?.Ordinal == parameter.Ordinal).Connection, setting, depth + 1, cancellation));
    }

    // A command runs where it is executed, not where it gets its text.
    private static IEnumerable<IOperation> Executions(IOperation call)
    {
        if (call is IInvocationOperation { TargetMethod.Name: not "CreateCommand" })
            return [call];
        if (ParameterBindings.CommandOf(call) is not { } command)
            return call is IObjectCreationOperation or IInvocationOperation ? Around(call) : [];
        var executions = new List<IOperation>();
        foreach (var operation in ParameterBindings.RootOf(call).Descendants())
        {
            if (operation.Syntax.SpanStart < call.Syntax.Span.End)
                continue;
            if (operation is ISimpleAssignmentOperation { Target: IPropertyReferenceOperation { Property.Name: "CommandText", Instance: { } again } } && Is(again, command))
                break;
            if (operation is not IInvocationOperation { IsImplicit: false } used)
                continue;
            if (used.Instance is { } instance && Is(instance, command) && used.TargetMethod.Name.StartsWith("Execute", StringComparison.Ordinal)
                || used.Instance is not { } other && used.Arguments.Any(argument => Is(argument.Value, command)) || used.Instance is { } given && ConnectionTypes.IsConnection(given.Type) && used.Arguments.Any(argument => Is(argument.Value, command)))
                executions.Add(used);
        }
        return executions;
    }

    // `new NpgsqlCommand(…).ExecuteReader()`, `connection.Query(new CommandDefinition(…))`
    private static IEnumerable<IOperation> Around(IOperation creation)
    {
        for (var parent = creation.Parent; parent is IConversionOperation or IArgumentOperation or IInvocationOperation or IAwaitOperation; parent = parent.Parent)
        {
            if (parent is IInvocationOperation call)
                return [call];
        }
        return [];
    }

    private static bool Is(IOperation operation, ISymbol variable)
    {
        operation = operation.WithoutConversions();
        return operation switch
        {
            ILocalReferenceOperation local => SymbolEqualityComparer.Default.Equals(local.Local, variable),
            IFieldReferenceOperation field => SymbolEqualityComparer.Default.Equals(field.Field, variable),
            IParameterReferenceOperation parameter => SymbolEqualityComparer.Default.Equals(parameter.Parameter, variable),
            _ => false,
        };
    }
}
