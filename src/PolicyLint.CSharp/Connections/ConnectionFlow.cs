using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PolicyLint.CSharp.Flow;

namespace PolicyLint.CSharp.Connections;

/// <summary>
/// What code does to the connections that it opens and is given: whether the setting by which policies know the user is made on them.
/// Methods of the project are followed; what else is given a connection may have set it.
/// </summary>
internal sealed partial class ConnectionFlow(ProjectAnalysis project, string setting, CancellationToken cancellation) : IPathEffects<ConnectionPath>
{
    private const int MostSteps = 6000;
    private const int MostPaths = 24;
    private const int MaximumDepth = 8;

    private readonly HashSet<ISymbol> _open = new(SymbolEqualityComparer.Default);
    private (SyntaxNode Syntax, OperationKind Kind) _target;
    private List<Arrival>? _arrivals;
    private int _steps;

    /// <summary>What an operation is given, and the connection that it is or belongs to.</summary>
    internal readonly record struct Given(IParameterSymbol? Parameter, object? Connection);

    /// <summary>A place of a path: what its operation was given.</summary>
    /// <param name="Path">The path before the operation runs.</param>
    /// <param name="Instance">The connection of what it is called on.</param>
    /// <param name="Arguments">Those of its arguments.</param>
    internal sealed record Arrival(ConnectionPath Path, object? Instance, Given[] Arguments)
    {
        /// <summary>The connection that it works on.</summary>
        public object? Connection => Instance ?? Arguments.Select(argument => argument.Connection).FirstOrDefault(connection => connection is not null);
    }

    /// <summary>The paths to an operation from the start of the member that it stands in; null where they can't be followed.</summary>
    public IReadOnlyList<Arrival>? ArrivalsAt(IOperation target)
    {
        var (outer, arrivals) = (_target, _arrivals);
        (_target, _arrivals) = ((target.Syntax, target.Kind), []);
        new PathWalk<ConnectionPath>(this, target).Run(Binding.ParameterBindings.RootOf(target), ConnectionPath.Empty);
        var found = _arrivals;
        (_target, _arrivals) = (outer, arrivals);
        return _steps > MostSteps ? null : found;
    }

    /// <summary>What is known of a connection behind a body that is given it.</summary>
    public IReadOnlyList<ConnectionState> Behind(IOperation body, IParameterSymbol connection, ConnectionState before)
    {
        var walk = new PathWalk<ConnectionPath>(this, target: null);
        var ends = walk.Run(body, ConnectionPath.Empty.Own(connection, connection).With(connection, before));
        return _steps > MostSteps ? [default] : [.. ends.Concat(walk.Returned.Select(end => end.Path)).Select(end => end.StateOf(connection)).Distinct()];
    }

    /// <inheritdoc />
    public void Step()
    {
        _steps++;
        cancellation.ThrowIfCancellationRequested();
    }

    /// <inheritdoc />
    public IReadOnlyList<ConnectionPath> Apply(IOperation operation, ConnectionPath path) => Evaluate(operation, path);

    /// <inheritdoc />
    public ConnectionPath Enter(IOperation function, ConnectionPath path)
    {
        path = path.ForgetAll();
        foreach (var given in EndpointConnections.Of(project.TenantContext, function))
            path = path.Own(given, given).With(given, Closed(IsKnownSource()));
        return path;
    }

    /// <inheritdoc />
    public ConnectionPath Leave(IOperation resources, ConnectionPath path)
    {
        foreach (var operation in resources.DescendantsAndSelf())
        {
            var variable = operation switch
            {
                IVariableDeclaratorOperation declarator => declarator.Symbol,
                ILocalReferenceOperation local when ReferenceEquals(local, resources) => local.Local,
                _ => null,
            };
            if (variable is not null && ConnectionTypes.IsTransaction(variable.Type) && path.Owners.TryGetValue(variable, out var connection))
                path = path.Change(connection, state => state.WithoutTransaction);
        }
        return path;
    }

    /// <inheritdoc />
    public IReadOnlyList<ConnectionPath> Skip(IReadOnlyList<ConnectionPath> skipped, IReadOnlyList<ConnectionPath> turned)
    {
        // What is set for each of several is set in the loop alone.
        var result = new List<ConnectionPath>(skipped.Count);
        foreach (var path in skipped)
        {
            var left = path;
            foreach (var known in path.States)
            {
                if (turned.Any(other => other.StateOf(known.Key).Tenant != known.Value.Tenant))
                    left = left.Forget(known.Key);
            }
            result.Add(left);
        }
        return result;
    }

    /// <inheritdoc />
    public IReadOnlyList<ConnectionPath> Join(IReadOnlyList<ConnectionPath> paths)
    {
        var joined = new List<ConnectionPath>();
        foreach (var path in paths)
        {
            var same = joined.FindIndex(other => other.KnowsTheSame(path));
            if (same < 0)
                joined.Add(path);
            else
                joined[same] = joined[same] with { Conditions = joined[same].Conditions.Where(taken => path.Conditions.TryGetValue(taken.Key, out var value) && value == taken.Value).ToImmutableDictionary(StringComparer.Ordinal) };
        }
        return joined;
    }

    private IReadOnlyList<ConnectionPath> Evaluate(IOperation operation, ConnectionPath path)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        Step();
        path = path.Giving(null);
        if (_steps > MostSteps)
            return [path.ForgetAll()];
        if (IsTarget(operation) && operation is not (IInvocationOperation or IObjectCreationOperation or ISimpleAssignmentOperation))
            return Each(EvaluateParts(operation, path), next => [Arrive(next, next.Result, [])]);
        switch (operation)
        {
            case IAnonymousFunctionOperation or ILocalFunctionOperation:
                return [ForgetCaptured(operation, path)];
            case IVariableDeclaratorOperation { Initializer.Value: var value, Symbol: var symbol }:
                return Each(Evaluate(value, path), next => [next.Own(symbol, next.Result)]);
            case ISimpleAssignmentOperation assignment:
                return Assign(assignment, path);
            case ILocalReferenceOperation local:
                return [Refer(local.Local, local.Type, path)];
            case IParameterReferenceOperation parameter:
                return [Refer(parameter.Parameter, parameter.Type, path)];
            case IFieldReferenceOperation field:
                return [Refer(field.Field, field.Type, path)];
            case IConversionOperation or IParenthesizedOperation or IAwaitOperation or ITranslatedQueryOperation or IDeclarationExpressionOperation or IExpressionStatementOperation or IVariableInitializerOperation or IArgumentOperation:
                return operation.ChildOperations.FirstOrDefault() is { } inner ? Evaluate(inner, path) : [path];
            case IPropertyReferenceOperation property:
                return Property(property, path);
            case IObjectCreationOperation creation:
                return Create(creation, path);
            case IInvocationOperation call:
                return Each(EvaluateAll(call.Instance, call.Arguments, path), next => Call(call, next.Path, next.Instance, next.Arguments));
            case IConditionalOperation { WhenFalse: { } whenFalse } choice:
                return Each(Evaluate(choice.Condition, path), next => [.. Evaluate(choice.WhenTrue, next), .. Evaluate(whenFalse, next)]);
            case ICoalesceOperation coalesce:
                return Each(Evaluate(coalesce.Value, path), next => coalesce.IsValueOrThrow() ? [next] : [next, .. Evaluate(coalesce.WhenNull, next)]);
            case ICoalesceAssignmentOperation { Target: var target, Value: var value } when VariableOf(target) is { } variable:
                return Each(Evaluate(value, path), next => [next.Forget(next.Result).Own(variable, next.Result)]);
            case IArrayInitializerOperation or ITupleOperation or IAnonymousObjectCreationOperation:
                return Each(EvaluateAll(null, operation.ChildOperations, path), next => [ForgetAll(next.Path, next.Arguments.Select(part => part.Connection)).Giving(null)]);
            default:
                return EvaluateParts(operation, path);
        }
    }

    // A part that gives a connection gives it to the whole: a member of a conditional access, the operand of a cast.
    private IReadOnlyList<ConnectionPath> EvaluateParts(IOperation operation, ConnectionPath path)
    {
        IReadOnlyList<ConnectionPath> paths = [path];
        foreach (var part in operation.ChildOperations)
            paths = Each(paths, next => [.. Evaluate(part, next).Select(behind => behind.Result is null && ConnectionTypes.HasConnection(operation.Type) ? behind.Giving(next.Result) : behind)]);
        return paths;
    }

    private IReadOnlyList<(ConnectionPath Path, object? Instance, Given[] Arguments)> EvaluateAll(IOperation? instance, IEnumerable<IOperation> arguments, ConnectionPath path)
    {
        var results = new List<(ConnectionPath Path, object? Instance, Given[] Arguments)>();
        foreach (var next in instance is null ? [path] : Evaluate(instance, path))
            results.Add((next, instance is null ? null : next.Result, []));
        foreach (var argument in arguments)
            results = [.. results.SelectMany(result => Evaluate(argument, result.Path).Select(next => (next, result.Instance, (Given[])[.. result.Arguments, new Given((argument as IArgumentOperation)?.Parameter, next.Result)]))).Take(MostPaths)];
        return results;
    }

    private IReadOnlyList<ConnectionPath> Assign(ISimpleAssignmentOperation assignment, ConnectionPath path)
    {
        var instance = (assignment.Target as IPropertyReferenceOperation)?.Instance;
        return Each(EvaluateAll(instance, [assignment.Value], path), next =>
        {
            var given = next.Arguments[0].Connection;
            var behind = IsTarget(assignment) ? Arrive(next.Path, next.Instance, []) : next.Path;
            if (project.Sinks.Find(assignment) is not null)
                return Run(assignment, next.Instance, behind);
            if (assignment.Target is IPropertyReferenceOperation { Property.Name: "Connection" or "Transaction" })
                return [instance is not null && VariableOf(instance) is { } command && given is not null ? behind.Own(command, given) : behind];
            return VariableOf(assignment.Target) is { } variable ? [behind.Own(variable, given).Giving(given)] : [behind.Forget(given)];
        });
    }

    private static ConnectionPath Refer(ISymbol variable, ITypeSymbol? type, ConnectionPath path) =>
        path.Giving(path.Owners.TryGetValue(variable, out var connection) ? connection : ConnectionTypes.HasConnection(type) ? variable : null);

    // A lambda may set the user when it runs, and may not.
    private static ConnectionPath ForgetCaptured(IOperation function, ConnectionPath path)
    {
        foreach (var operation in function.Descendants())
        {
            if (VariableOf(operation) is { } variable && path.Owners.TryGetValue(variable, out var connection))
                path = path.Forget(connection);
        }
        return path;
    }

    private static ConnectionPath ForgetAll(ConnectionPath path, IEnumerable<object?> connections)
    {
        foreach (var connection in connections)
            path = path.Forget(connection);
        return path;
    }

    private ConnectionPath Arrive(ConnectionPath path, object? instance, Given[] arguments)
    {
        _arrivals!.Add(new(path, instance, arguments));
        return path;
    }

    private bool IsTarget(IOperation operation) => _arrivals is not null && operation.Kind == _target.Kind && operation.Syntax == _target.Syntax;

    private static ISymbol? VariableOf(IOperation operation) => operation switch
    {
        ILocalReferenceOperation local => local.Local,
        IParameterReferenceOperation parameter => parameter.Parameter,
        IFieldReferenceOperation field => field.Field,
        IPropertyReferenceOperation { Instance: IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance } } property => property.Property,
        IDeclarationExpressionOperation { Expression: ILocalReferenceOperation declared } => declared.Local,
        IConversionOperation conversion => VariableOf(conversion.Operand),
        _ => null,
    };

    private static IReadOnlyList<ConnectionPath> Each<T>(IReadOnlyList<T> items, Func<T, IReadOnlyList<ConnectionPath>> next)
    {
        if (items.Count == 1)
            return next(items[0]);
        var paths = new List<ConnectionPath>();
        foreach (var item in items)
            paths.AddRange(next(item));
        return paths.Count <= MostPaths ? paths : [.. paths.Take(MostPaths)];
    }
}
