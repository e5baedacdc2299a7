using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PolicyLint.CSharp.EntityFramework;
using PolicyLint.CSharp.Flow;

namespace PolicyLint.CSharp.Connections;

internal sealed partial class ConnectionFlow
{
    private IReadOnlyList<ConnectionPath> Property(IPropertyReferenceOperation property, ConnectionPath path)
    {
        if (VariableOf(property) is { } variable && path.Owners.TryGetValue(variable, out var owned))
            return [path.Giving(owned)];
        return Each(EvaluateAll(property.Instance, property.Arguments, path), next =>
        {
            if (!ConnectionTypes.HasConnection(property.Type))
                return [next.Path.Giving(null)];
            // The context of a set, the connection of a command.
            if (next.Instance is not null && property.Property.DeclaringSyntaxReferences.Length == 0 || EntityModel.IsContext(property.Property.ContainingType))
                return [next.Path.Giving(next.Instance)];
            return property.Property.GetMethod is { } getter && Follow(getter, property.Instance, next.Path, []) is { } behind ? behind : [next.Path.Giving(property.Property)];
        });
    }

    private IReadOnlyList<ConnectionPath> Create(IObjectCreationOperation creation, ConnectionPath path) => Each(EvaluateAll(null, creation.Arguments, path), next =>
    {
        var behind = IsTarget(creation) ? Arrive(next.Path, null, next.Arguments) : next.Path;
        if (ConnectionTypes.IsConnection(creation.Type))
            return [behind.Opening(creation.Syntax, Closed(isKnown: !project.TenantContext.Hooks.MaySetOnConnections(setting)))];
        if (EntityModel.IsContext(creation.Type))
            return [NewContext(creation.Type, creation, behind)];
        if (creation.Type is { Name: "TransactionScope" })
            return [behind.InScope()];
        if (!ConnectionTypes.IsCommand(creation.Type))
            return EvaluateInitializer(creation, null, ForgetAll(behind, next.Arguments.Select(argument => argument.Connection)));
        var connection = next.Arguments.Select(argument => argument.Connection).FirstOrDefault(given => given is not null);
        return Each(EvaluateInitializer(creation, connection, behind), initialized =>
        {
            var owner = initialized.Result;
            return project.Sinks.Find(creation) is null ? [initialized] : [.. Run(creation, owner, initialized).Select(run => run.Giving(owner))];
        });
    });

    // `new NpgsqlCommand { Connection = connection, CommandText = … }`
    private IReadOnlyList<ConnectionPath> EvaluateInitializer(IObjectCreationOperation creation, object? connection, ConnectionPath path)
    {
        IReadOnlyList<ConnectionPath> paths = [path.Giving(connection)];
        foreach (var initializer in creation.Initializer?.Initializers ?? ImmutableArray<IOperation>.Empty)
        {
            if (initializer is not ISimpleAssignmentOperation { Target: IPropertyReferenceOperation { Property.Name: var name } } assignment)
            {
                paths = Each(paths, next => [.. Evaluate(initializer, next).Select(behind => behind.Giving(next.Result))]);
                continue;
            }
            paths = Each(paths, next => Each(Evaluate(assignment.Value, next), behind =>
            {
                var owner = name is "Connection" or "Transaction" && behind.Result is { } given ? given : next.Result;
                var at = IsTarget(assignment) ? Arrive(behind, owner, []) : behind;
                return project.Sinks.Find(assignment) is null ? [at.Giving(owner)] : [.. Run(assignment, owner, at).Select(run => run.Giving(owner))];
            }));
        }
        return paths;
    }

    private IReadOnlyList<ConnectionPath> Call(IInvocationOperation call, ConnectionPath path, object? instance, Given[] arguments)
    {
        if (IsTarget(call))
            Arrive(path, instance, arguments);
        var method = call.TargetMethod;
        var connection = instance ?? arguments.Select(argument => argument.Connection).FirstOrDefault(given => given is not null);
        var result = ConnectionTypes.HasConnection(method.ReturnType) ? connection : null;
        if (project.Sinks.Find(call) is not null)
        {
            if (ConnectionTypes.IsDataSource(call.Instance?.Type))
                (connection, result) = (call.Syntax, call.Syntax);
            if (ReferenceEquals(connection, call.Syntax))
                path = path.Opening(call.Syntax, Closed(IsKnownSource()));
            return [.. Run(call, connection, path).Select(next => next.Giving(result))];
        }
        if (ConnectionTypes.IsDataSource(call.Instance?.Type) && method.Name is "OpenConnection" or "OpenConnectionAsync" or "CreateConnection")
            return [OfDataSource(call, path)];
        if (method is { Name: "CreateDbContext" or "CreateDbContextAsync" } && ConnectionTypes.Awaited(method.ReturnType) is { } created && EntityModel.IsContext(created))
            return project.TenantContext.HasFactoriesOfItsOwn ? Follow(method, call.Instance, path, arguments) ?? [path.Giving(null)] : [NewContext(created, call, path)];
        if (IsOfScope(call))
            return [NewContext(method.ReturnType, call, path)];
        if (method.DeclaringSyntaxReferences.Length > 0)
            return Follow(method, call.Instance, path, arguments) ?? [ForgetAll(path, arguments.Select(argument => argument.Connection)).Forget(instance).Giving(null)];
        if (instance is not null && method.MethodKind != MethodKind.DelegateInvoke)
            return [Known(call, instance, path).Giving(result)];
        if (connection is null || (method.IsExtensionMethod || call.Instance is IInstanceReferenceOperation) && IsOfDriver(method.ContainingType) || method.ContainingType is { Name: "ArgumentNullException" })
            return [(connection is null ? path : Known(call, connection, path)).Giving(result)];
        return method is { Name: "FromResult", ContainingType.Name: "Task" or "ValueTask" } ? [path.Giving(connection)] : [ForgetAll(path, arguments.Select(argument => argument.Connection)).Giving(null)];
    }

    // What the methods of connections, commands and transactions themselves do.
    private static ConnectionPath Known(IInvocationOperation call, object connection, ConnectionPath path)
    {
        var name = call.TargetMethod.Name;
        var receiver = call.Instance?.Type ?? call.Arguments.FirstOrDefault()?.Value.Type;
        if (ConnectionTypes.IsTransaction(receiver))
        {
            var ends = name is "Commit" or "CommitAsync" or "Dispose" or "DisposeAsync" || name is "Rollback" or "RollbackAsync" && !call.Arguments.Any(argument => argument.Value.Type?.SpecialType == SpecialType.System_String);
            return ends ? path.Change(connection, state => state.WithoutTransaction) : path;
        }
        if (ConnectionTypes.IsCommand(receiver))
            return path;
        return name switch
        {
            "Open" or "OpenAsync" or "OpenConnection" or "OpenConnectionAsync" => path.Change(connection, state => state with { IsHeldOpen = true }),
            "BeginTransaction" or "BeginTransactionAsync" or "BeginDbTransaction" => path.Change(connection, state => state with { HasTransaction = true }),
            "UseTransaction" or "UseTransactionAsync" or "EnlistTransaction" or "EnlistDbTransaction" => path.Change(connection, state => state with { HasTransaction = null }),
            "CommitTransaction" or "CommitTransactionAsync" or "RollbackTransaction" or "RollbackTransactionAsync" => path.Change(connection, state => state.WithoutTransaction),
            "Close" or "CloseAsync" or "CloseConnection" or "CloseConnectionAsync" or "Dispose" or "DisposeAsync" => path.Change(connection, state => state.GivenBack),
            // EF Core's own connection is code's own from here on.
            "GetDbConnection" or "SetDbConnection" or "CreateExecutionStrategy" => path.Forget(connection),
            _ => path,
        };
    }

    // A method of the project, walked with what it is given; null where what runs is not known.
    private IReadOnlyList<ConnectionPath>? Follow(IMethodSymbol called, IOperation? instance, ConnectionPath path, Given[] arguments)
    {
        if (!ConnectionTypes.HasConnection(called.ReturnType) && arguments.All(argument => argument.Connection is null) && path.Owners.IsEmpty)
            return [path.Giving(null)];
        if (_open.Count >= MaximumDepth || project.Implementations.Of(called) is not { } method || project.Code.BodyOf(method, cancellation) is not { } body || !_open.Add(method))
            return null;
        try
        {
            var isOwn = instance is null or IInstanceReferenceOperation;
            var start = path with { Conditions = ConnectionPath.Empty.Conditions, Owners = isOwn ? path.Owners : ConnectionPath.Empty.Owners };
            foreach (var argument in arguments)
            {
                if (argument.Parameter is { } parameter && parameter.Ordinal < method.Parameters.Length)
                    start = start.Own(method.Parameters[parameter.Ordinal], argument.Connection);
            }
            var walk = new PathWalk<ConnectionPath>(this, target: null);
            var ends = walk.Run(body, start).Select(end => end.Giving(null)).Concat(walk.Returned.Select(end => end.Path));
            return Join([.. ends.Select(end => end with { Conditions = path.Conditions, Owners = isOwn ? Fields(end.Owners, path.Owners) : path.Owners })]);
        }
        finally
        {
            _open.Remove(method);
        }
    }

    // A method of the same object may have set its fields.
    private static ImmutableDictionary<ISymbol, object> Fields(ImmutableDictionary<ISymbol, object> behind, ImmutableDictionary<ISymbol, object> before)
    {
        foreach (var owner in behind)
        {
            if (owner.Key is IFieldSymbol or IPropertySymbol)
                before = before.SetItem(owner.Key, owner.Value);
        }
        return before;
    }

    private ConnectionPath OfDataSource(IInvocationOperation call, ConnectionPath path) =>
        path.Opening(call.Syntax, Closed(IsKnownSource()) with { IsHeldOpen = call.TargetMethod.Name != "CreateConnection" });

    private bool IsKnownSource() => project.TenantContext.MakesDataSources && !project.TenantContext.Hooks.MaySetOnDataSources(setting);

    private ConnectionPath NewContext(ITypeSymbol? type, IOperation creation, ConnectionPath path) =>
        path.Opening(creation.Syntax, Closed(project.TenantContext.ConfiguresContexts && type is not null && !project.TenantContext.Hooks.MaySetInContext(type)));

    private static ConnectionState Closed(bool isKnown) => isKnown ? ConnectionState.Closed : ConnectionState.Closed with { Tenant = Standing.Unknown };

    // `scope.ServiceProvider.GetRequiredService<NotesContext>()`, in a scope that no request and no other code has.
    private bool IsOfScope(IInvocationOperation call) => call.TargetMethod.Name is "GetRequiredService" or "GetService" && EntityModel.IsContext(call.TargetMethod.ReturnType) && project.TenantContext.RegistersContexts
        && call.Arguments.FirstOrDefault()?.Value is IPropertyReferenceOperation { Property.Name: "ServiceProvider", Instance: ILocalReferenceOperation { Type.Name: "IServiceScope" or "AsyncServiceScope" } };

    private static bool IsOfDriver(INamedTypeSymbol? type)
    {
        var outer = type?.ContainingNamespace;
        while (outer is { ContainingNamespace: { IsGlobalNamespace: false } next })
            outer = next;
        return outer?.Name is "Dapper" or "Npgsql" or "Microsoft" || type is { ContainingNamespace: { Name: "Linq" or "Threading" or "Tasks" } };
    }
}
