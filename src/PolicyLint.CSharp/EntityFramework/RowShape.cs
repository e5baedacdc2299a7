using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace PolicyLint.CSharp.EntityFramework;

/// <summary>What an element of a query is made of. Its tables are counted: the query's own is 0, then each that is joined.</summary>
internal abstract record RowShape
{
    /// <summary>Something of which nothing is known.</summary>
    public static RowShape Other { get; } = new Nothing();

    /// <summary>The row of a table.</summary>
    public sealed record Row(int Table) : RowShape;

    /// <summary>The elements that GroupJoin collects of the query whose first table is given.</summary>
    public sealed record Group(int First, RowShape Element) : RowShape;

    /// <summary>A property of a row.</summary>
    public sealed record Column(int Table, string Property) : RowShape;

    /// <summary>An object with members, as lambdas make them and the compiler for query expressions.</summary>
    public sealed record Members(ImmutableDictionary<string, RowShape> Parts) : RowShape;

    private sealed record Nothing : RowShape;

    /// <summary>The same in a query that has so many tables before.</summary>
    public RowShape Behind(int tables) => this switch
    {
        Row row => new Row(row.Table + tables),
        Column column => column with { Table = column.Table + tables },
        Group group => new Group(group.First + tables, group.Element.Behind(tables)),
        Members { Parts: var parts } => new Members(parts.ToImmutableDictionary(part => part.Key, part => part.Value.Behind(tables))),
        _ => this,
    };

    /// <summary>What a lambda gives whose parameters are of the given shapes.</summary>
    public static RowShape Of(IAnonymousFunctionOperation lambda, params RowShape[] parameters)
    {
        var known = new Dictionary<ISymbol, RowShape>(SymbolEqualityComparer.Default);
        for (var i = 0; i < parameters.Length && i < lambda.Symbol.Parameters.Length; i++)
            known[lambda.Symbol.Parameters[i]] = parameters[i];
        return ValueOf(lambda) is { } value ? Of(value, known) : Other;
    }

    /// <summary>The shape of an expression in a lambda.</summary>
    public static RowShape Of(IOperation operation, IReadOnlyDictionary<ISymbol, RowShape> parameters)
    {
        operation = operation.WithoutConversions();
        switch (operation)
        {
            case IParameterReferenceOperation { Parameter: var parameter }:
                return parameters.TryGetValue(parameter, out var known) ? known : Other;
            case IPropertyReferenceOperation { Instance: { } instance, Property: var property }:
                return Of(instance, parameters) switch
                {
                    Members { Parts: var parts } => parts.TryGetValue(property.Name, out var part) ? part : Other,
                    Row row => new Column(row.Table, property.Name),
                    Column column when property.Name == "Value" => column,
                    _ => Other,
                };
            // EF.Property<Guid>(row, "TenantId")
            case IInvocationOperation { TargetMethod: { Name: "Property", ContainingType.Name: "EF" }, Arguments: [var row, { Value.ConstantValue: { HasValue: true, Value: string name } }] }:
                return Of(row.Value, parameters) is Row of ? new Column(of.Table, name) : Other;
            case IInvocationOperation { TargetMethod.Name: "DefaultIfEmpty", Arguments: [var source] }:
                return Of(source.Value, parameters);
            case IAnonymousObjectCreationOperation { Initializers: var initializers }:
                return MembersOf(initializers, parameters);
            case IObjectCreationOperation { Initializer.Initializers: var initializers }:
                return MembersOf(initializers, parameters);
            default:
                return Other;
        }
    }

    /// <summary>The expression that a lambda is; null where it has statements.</summary>
    public static IOperation? ValueOf(IAnonymousFunctionOperation lambda) => lambda.Body.Operations is [IReturnOperation { ReturnedValue: { } value }] ? value : null;

    private static Members MembersOf(IEnumerable<IOperation> initializers, IReadOnlyDictionary<ISymbol, RowShape> parameters) => new(initializers.OfType<ISimpleAssignmentOperation>()
        .Where(set => set.Target is IPropertyReferenceOperation).GroupBy(set => ((IPropertyReferenceOperation)set.Target).Property.Name)
        .ToImmutableDictionary(set => set.Key, set => Of(set.Last().Value, parameters)));
}
