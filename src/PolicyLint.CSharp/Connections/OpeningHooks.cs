using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using PolicyLint.CSharp.Settings;
using PolicyLint.CSharp.Text;
using PolicyLint.Sql.Tree;

namespace PolicyLint.CSharp.Connections;

/// <summary>What runs whenever a connection is opened: interceptors of EF Core, initializers of Npgsql, options of connection strings.</summary>
internal sealed class OpeningHooks(ProjectAnalysis project, CancellationToken cancellation)
{
    private const int MaximumDepth = 4;

    private readonly ConcurrentDictionary<(ITypeSymbol Type, string Setting, bool IsAsync), ConnectionState> _interceptors = new();
    private readonly ConcurrentDictionary<string, ConnectionState> _initializers = new(StringComparer.Ordinal);

    /// <summary>A connection that code makes itself may know the user when it is opened.</summary>
    public bool MaySetOnConnections(string setting) => project.TenantContext.ListensToStates
        || ConnectionString.In(project.Settings).Any(connection => connection.Find("options")?.Value.IndexOf(setting, StringComparison.OrdinalIgnoreCase) >= 0);

    /// <summary>So may one of a data source.</summary>
    public bool MaySetOnDataSources(string setting) => MaySetOnConnections(setting) || !_initializers.GetOrAdd(setting, AfterInitializers).IsOpenToAll;

    /// <summary>The members of a context may set it, however it is opened.</summary>
    public bool MaySetInContext(ITypeSymbol context)
    {
        for (ITypeSymbol? type = context; type is not null; type = type.BaseType)
        {
            foreach (var reference in type.DeclaringSyntaxReferences)
            {
                if (reference.GetSyntax(cancellation).DescendantTokens().Any(token => token.IsKind(SyntaxKind.IdentifierToken) && token.ValueText == "Database"))
                    return true;
            }
        }
        return false;
    }

    /// <summary>What is known of the connection of a context once it is open.</summary>
    public ConnectionState OfContext(string setting, bool isAsync)
    {
        if (MaySetOnDataSources(setting))
            return default;
        var state = ConnectionState.Closed;
        foreach (var call in Registrations())
        {
            foreach (var type in Registered(call))
            {
                var behind = type is null ? default : _interceptors.GetOrAdd((type, setting, isAsync), key => AfterInterceptor(key.Type, key.Setting, key.IsAsync));
                if (behind.Tenant != Standing.Unset)
                    state = behind;
            }
        }
        return state;
    }

    /// <summary>A class whose methods EF Core calls when it opens a connection or runs a command.</summary>
    public static bool IsInterceptor(ITypeSymbol type) => type.AllInterfaces.Any(implemented => implemented.Name is "IDbConnectionInterceptor" or "IDbCommandInterceptor");

    /// <summary>The method is given a connection that was just opened.</summary>
    public static bool IsOpened(IMethodSymbol method) => method.Name is "ConnectionOpened" or "ConnectionOpenedAsync" && method.ContainingType is { } type && IsInterceptor(type);

    /// <summary>The identities that initializers of physical connections set to what is not constant.</summary>
    public IEnumerable<(SqlText Text, SessionSetting Setting)> SetOnce()
    {
        foreach (var call in Initializers())
        {
            foreach (var argument in call.Arguments)
            {
                if (InitializerBody(argument.Value).Body is not { } body)
                    continue;
                foreach (var text in TextsIn(body, 0))
                {
                    foreach (var statement in text.Sql.Tree.Statements)
                    {
                        foreach (var setting in SessionSettings.In(statement))
                        {
                            if (setting.HoldsIdentity && !setting.IsLocal && (text.Text.Holes.Count > 0 || HasParameters(statement)))
                                yield return (text.Text, setting);
                        }
                    }
                }
            }
        }
    }

    // What a body runs, and the methods of the project that it calls.
    private IEnumerable<SiteText> TextsIn(IOperation body, int depth)
    {
        foreach (var operation in body.DescendantsAndSelf())
        {
            if (project.Sinks.Find(operation) is not null)
            {
                foreach (var text in project.SiteOf(operation, cancellation).Texts)
                    yield return text;
            }
            else if (operation is IInvocationOperation { TargetMethod: var method } && depth < MaximumDepth && method.DeclaringSyntaxReferences.Length > 0 && project.Code.BodyOf(method, cancellation) is { } called)
            {
                foreach (var text in TextsIn(called, depth + 1))
                    yield return text;
            }
        }
    }

    private static bool HasParameters(Statement statement)
    {
        var search = new ParameterSearch();
        search.Visit(statement);
        return search.IsFound;
    }

    private IEnumerable<IInvocationOperation> Initializers() => new[] { "Npgsql.NpgsqlDataSourceBuilder", "Npgsql.NpgsqlSlimDataSourceBuilder" }
        .SelectMany(type => FrameworkCalls.Of(project.Code, type, ["UsePhysicalConnectionInitializer"], cancellation));

    private IEnumerable<IInvocationOperation> Registrations() => new[] { "Microsoft.EntityFrameworkCore.DbContextOptionsBuilder", "Microsoft.EntityFrameworkCore.DbContextOptionsBuilder`1" }
        .SelectMany(type => FrameworkCalls.Of(project.Code, type, ["AddInterceptors"], cancellation));

    // The classes that are registered; null for one that is not known.
    private IEnumerable<ITypeSymbol?> Registered(IInvocationOperation call)
    {
        foreach (var argument in call.Arguments)
        {
            if (argument.Value is not (IArrayCreationOperation or IConversionOperation) && !argument.IsImplicit && argument.Parameter is { Ordinal: 0, Name: not "interceptors" })
                continue;
            var items = argument.Value is IArrayCreationOperation { Initializer: { } initializer } ? initializer.ElementValues : ImmutableArray.Create(argument.Value);
            foreach (var item in items)
            {
                var value = item;
                value = value.WithoutConversions();
                var type = value is IInvocationOperation { TargetMethod: { Name: "GetServices" or "GetRequiredService" or "GetService", TypeArguments: [var service] } } ? service : value.Type;
                if (type is { TypeKind: TypeKind.Class } && type.DeclaringSyntaxReferences.Length > 0)
                    yield return type;
                else if (type is { TypeKind: TypeKind.Interface, Name: not "ISaveChangesInterceptor" })
                {
                    foreach (var implementing in project.Implementations.WithInterface(type.Name))
                        yield return implementing;
                }
                else if (type is not { Name: "ISaveChangesInterceptor" or "SaveChangesInterceptor" })
                    yield return null;
            }
        }
    }

    private ConnectionState AfterInterceptor(ITypeSymbol type, string setting, bool isAsync)
    {
        if (!IsInterceptor(type))
            return ConnectionState.Open;
        var state = ConnectionState.Open;
        for (var current = type; current is { DeclaringSyntaxReferences.Length: > 0 }; current = current.BaseType)
        {
            foreach (var method in current.GetMembers().OfType<IMethodSymbol>())
            {
                if (method.MethodKind != MethodKind.Ordinary || method.DeclaredAccessibility != Accessibility.Public)
                    continue;
                if (!IsOpened(method))
                {
                    // A command's text may be given a setting in front.
                    if (method.IsOverride && MayRunSql(method))
                        return default;
                }
                else if (method.Name.EndsWith("Async", StringComparison.Ordinal) == isAsync && method.Parameters.FirstOrDefault(parameter => ConnectionTypes.IsConnection(parameter.Type)) is { } connection)
                {
                    state = Strongest(project.Code.BodyOf(method, cancellation) is { } body ? new ConnectionFlow(project, setting, cancellation).Behind(body, connection, ConnectionState.Open) : [default]);
                }
            }
        }
        return state;
    }

    private bool MayRunSql(IMethodSymbol method) => project.Code.BodyOf(method, cancellation) is not { } body || body.Descendants().Any(operation => project.Sinks.Find(operation) is not null);

    // An initializer sets on each connection what its body sets.
    private ConnectionState AfterInitializers(string setting)
    {
        var state = ConnectionState.Open;
        foreach (var call in Initializers())
        {
            foreach (var argument in call.Arguments)
            {
                if (argument.Value is IConversionOperation { Operand: ILiteralOperation } or ILiteralOperation)
                    continue;
                var (body, connection) = InitializerBody(argument.Value);
                var behind = body is null || connection is null ? default : Strongest(new ConnectionFlow(project, setting, cancellation).Behind(body, connection, ConnectionState.Open));
                if (behind.Tenant != Standing.Unset)
                    state = behind;
            }
        }
        return state;
    }

    // The code of an initializer, and the connection that it is given.
    private (IOperation? Body, IParameterSymbol? Connection) InitializerBody(IOperation value)
    {
        while (value is IConversionOperation or IDelegateCreationOperation)
            value = value is IConversionOperation conversion ? conversion.Operand : ((IDelegateCreationOperation)value).Target;
        return value switch
        {
            IAnonymousFunctionOperation lambda => (lambda.Body, lambda.Symbol.Parameters.FirstOrDefault()),
            IMethodReferenceOperation { Method: var method } => (project.Code.BodyOf(method, cancellation), method.Parameters.FirstOrDefault()),
            _ => (null, null),
        };
    }

    private static ConnectionState Strongest(IReadOnlyList<ConnectionState> states)
    {
        foreach (var state in states)
        {
            if (!state.IsOpenToAll)
                return state;
        }
        return states.Count > 0 ? states[0] : default;
    }

    private sealed class ParameterSearch : SqlVisitor
    {
        public bool IsFound { get; private set; }

        public override void VisitParameterReference(ParameterReference node) => IsFound = true;
    }
}
