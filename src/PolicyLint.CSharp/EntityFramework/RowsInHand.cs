using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using PolicyLint.CSharp.Binding;

namespace PolicyLint.CSharp.EntityFramework;

/// <summary>
/// Whether a query is about rows that the code has already: what was loaded was judged where it was, and foreign keys lead from a tenant's row to
/// rows of the same tenant.
/// </summary>
internal sealed class RowsInHand(EntityRead read, ProjectAnalysis project, CancellationToken cancellation)
{
    private const int MostCalls = 3;

    private readonly EntityModel? _entities = project.Entities;

    /// <summary>
    /// A key of such a row names what is read: `Find(row.Id)`, `line.InvoiceId == invoice.Id`, `invoice.Id == line.InvoiceId`, or the value by which it was
    /// found before. Null: if the reference of a row that somebody hands in is right.
    /// </summary>
    public bool? NameTheRows()
    {
        bool? best = false;
        foreach (var (isPrimaryKey, isReference, value) in Compared())
        {
            var answer = (isPrimaryKey || isReference) && (IsOfElementAround(value) || NamesElementAround(value)) ? true : IsInHand(value, isPrimaryKey, MostCalls);
            if (answer == true)
                return true;
            if (answer is null)
                best = null;
        }
        return Lists().Any(list => ChosenRows.AreHandedOn(list, project.Code, cancellation)) ? true : best;
    }

    // The lists that name its rows by a key.
    private IEnumerable<IParameterSymbol> Lists()
    {
        foreach (var part in read.Query.Predicates.SelectMany(lambda => lambda.Body.Descendants()))
        {
            if (part is IInvocationOperation { TargetMethod.Name: "Contains", Arguments: [.., { Value: var item }] } contains
                && Plain(item) is IPropertyReferenceOperation { Property.Name: var name } && (read.Entity.IsPrimaryKey(name) || name.EndsWith("Id", StringComparison.Ordinal))
                && ChosenRows.GivenBy(contains) is { } list)
            {
                yield return list;
            }
        }
    }

    private IEnumerable<(bool IsPrimaryKey, bool IsReference, IOperation Value)> Compared()
    {
        if (read.End is IInvocationOperation { TargetMethod.Name: "Find" or "FindAsync" } find)
        {
            foreach (var value in find.Arguments.SelectMany(argument => argument.DescendantsAndSelf()).Where(value => value is IPropertyReferenceOperation or ILocalReferenceOperation or IParameterReferenceOperation))
                yield return (true, false, value);
            yield break;
        }
        foreach (var (property, value) in read.Equalities())
            yield return (read.Entity.IsPrimaryKey(property), property.EndsWith("Id", StringComparison.Ordinal), value);
    }

    // The key of a group, or a value that the query around this one selects: what it is taken from is judged there. What is counted for a row of no tenant,
    // whoever lists these is meant to see.
    private bool IsOfElementAround(IOperation value)
    {
        for (value = Plain(value); value is IPropertyReferenceOperation { Instance: { Type: var type } instance }; value = instance.WithoutConversions())
        {
            if (type is INamedTypeSymbol row && _entities?.Find(row) is { } entity && (entity.IsTenant || !read.IsCounted))
                return false;
        }
        return value is IParameterReferenceOperation { Parameter: var parameter } && IsElementAround(parameter);
    }

    // The value that names a row of the query around this one: `row.Id == id && others.Any(other => other.RowId == id)`.
    private bool NamesElementAround(IOperation value)
    {
        var text = Plain(value).Syntax.ToString();
        return read.LambdasAround().Any(lambda => Equality.AllOf(lambda).Any(equality => IsKeyNamed(equality.Left, equality.Right) || IsKeyNamed(equality.Right, equality.Left)));

        bool IsKeyNamed(IOperation key, IOperation given) => Plain(given).Syntax.ToString() == text
            && key is IPropertyReferenceOperation { Instance: { Type: INamedTypeSymbol row } instance, Property.Name: var name } && instance.WithoutConversions() is not ILocalReferenceOperation
            && _entities?.Find(row) is { IsTenant: true } entity && entity.IsPrimaryKey(name);
    }

    private bool? IsInHand(IOperation value, bool isPrimaryKey, int steps)
    {
        value = Plain(value);
        if (steps == 0)
            return false;
        if (IsFoundBefore(value, isPrimaryKey))
            return true;
        switch (value)
        {
            case IPropertyReferenceOperation { Instance: { } row, Property.Name: var key } when EntityOf(row.Type, isPrimaryKey) is { } entity:
                if (entity.IsPrimaryKey(key))
                    return isPrimaryKey && !ReferenceEquals(entity, read.Entity) ? false : IsRowInHand(row, entity, key, MostCalls);
                return IsReference(key, entity, isPrimaryKey) ? IsRowInHand(row, entity, key, MostCalls) : false;
            case ILocalReferenceOperation local when ParameterBindings.SingleValueOf(local) is { } given:
                return IsReadKey(given, isPrimaryKey) ? true : IsInHand(given, isPrimaryKey, steps - 1);
            default:
                return false;
        }
    }

    // A new row with a key of its own is nobody else's. A parameter is what each of its callers has; where none is known the row is theirs to answer for, unless
    // the request fills it.
    private bool? IsRowInHand(IOperation row, EntityType entity, string key, int calls)
    {
        row = row.WithoutConversions();
        switch (row)
        {
            case ILocalReferenceOperation local:
                return IsSetElsewhere(local, key) ? false : ParameterBindings.SingleValueOf(local) is { } value ? IsRowInHand(value, entity, key, calls) : true;
            case IObjectCreationOperation creation:
                var given = creation.Initializer?.Initializers.OfType<ISimpleAssignmentOperation>().FirstOrDefault(set => set.Target is IPropertyReferenceOperation target && target.Property.Name == key)?.Value;
                if (entity.IsPrimaryKey(key))
                    return given is null or IInvocationOperation { TargetMethod.Name: "NewGuid" or "CreateVersion7" };
                return given is null ? false : IsInHand(given, isPrimaryKey: true, calls - 1);
            case IParameterReferenceOperation { Parameter: { ContainingSymbol: IMethodSymbol { MethodKind: not MethodKind.AnonymousFunction } method } parameter } when calls > 0:
                if (project.Code.CallersOf(method, cancellation) is not { Count: > 0 } callers)
                    return Endpoints.IsAction(method) ? false : entity.IsPrimaryKey(key) ? true : null;
                var answers = callers.Select(caller => caller.ArgumentFor(parameter) is { } argument ? IsRowInHand(argument, entity, key, calls - 1) : false).ToList();
                return answers.Contains(false) ? false : answers.Contains(null) ? null : true;
            case IParameterReferenceOperation { Parameter: var element }:
                return IsElementAround(element);
            default:
                return true;
        }
    }

    // The same value found a row before, and the code went on with it alone: what may be is decided there.
    private bool IsFoundBefore(IOperation value, bool isPrimaryKey)
    {
        if (value.DescendantsAndSelf().Any(part => part is not (IParameterReferenceOperation or ILocalReferenceOperation or IPropertyReferenceOperation or IInstanceReferenceOperation)))
            return false;
        var text = value.Syntax.ToString();
        var block = read.End.Syntax.FirstAncestorOrSelf<BlockSyntax>();
        foreach (var operation in block is null ? [] : ParameterBindings.RootOf(read.End).Descendants())
        {
            if (operation is not IInvocationOperation end || end.Syntax.Span.End >= read.End.Syntax.SpanStart || end.Syntax.FirstAncestorOrSelf<BlockSyntax>() is not { } earlier || !earlier.Span.Contains(block!.Span))
                continue;
            if (project.SiteOf(end, cancellation).Reads is { Count: > 0 } reads && reads.All(other => other.Table > 0 || other.IsIncluded || IsFoundBy(other, text, isPrimaryKey)) && GoesOnWithIt(end))
                return true;
        }
        return false;
    }

    private bool IsFoundBy(EntityRead other, string text, bool isPrimaryKey)
    {
        if (isPrimaryKey && !ReferenceEquals(other.Entity, read.Entity))
            return false;
        return other.End is IInvocationOperation { TargetMethod.Name: "Find" or "FindAsync" } find
            ? find.Arguments.SelectMany(argument => argument.DescendantsAndSelf()).Any(argument => argument.Syntax.ToString() == text)
            : other.Equalities().Any(equality => other.Entity.IsPrimaryKey(equality.Property) && Plain(equality.Value).Syntax.ToString() == text);
    }

    // First and Single throw where there is none; behind the others the code turns back.
    private bool GoesOnWithIt(IInvocationOperation end)
    {
        var name = end.TargetMethod.Name;
        if (name is "First" or "FirstAsync" or "Single" or "SingleAsync")
            return true;
        if (!LoadedRow.IsSingle(end) && name is not ("Any" or "AnyAsync"))
            return false;
        for (var parent = end.Parent; parent is IAwaitOperation or IConversionOperation or ICoalesceOperation or IUnaryOperation or IInvocationOperation { TargetMethod.Name: "ConfigureAwait" }; parent = parent.Parent)
        {
            if (parent is ICoalesceOperation coalesce && coalesce.IsValueOrThrow())
                return true;
            if (parent.Parent is IConditionalOperation test && TurnsBack(test))
                return true;
        }
        return LoadedRow.VariableOf(end) is { } variable && ParameterBindings.RootOf(end).Descendants().OfType<IConditionalOperation>().Any(test =>
            test.Syntax.SpanStart > end.Syntax.SpanStart && test.Syntax.SpanStart < read.End.Syntax.SpanStart && TurnsBack(test)
            && test.Condition.Descendants().Any(part => part is ILocalReferenceOperation local && SymbolEqualityComparer.Default.Equals(local.Local, variable)));
    }

    private static bool TurnsBack(IConditionalOperation test) =>
        (test.WhenTrue is IBlockOperation { Operations: { Length: > 0 } operations } ? operations[operations.Length - 1] : test.WhenTrue) is IReturnOperation or IThrowOperation or IExpressionStatementOperation { Operation: IThrowOperation } or IBranchOperation;

    // A key that a query of its own gave: `await rows.Select(row => row.InvoiceId).FirstAsync()`.
    private bool IsReadKey(IOperation value, bool isPrimaryKey)
    {
        while (value is IAwaitOperation or IConversionOperation or IInvocationOperation { TargetMethod.Name: "ConfigureAwait", Instance: not null })
            value = value is IAwaitOperation awaited ? awaited.Operation : value is IConversionOperation conversion ? conversion.Operand : ((IInvocationOperation)value).Instance!;
        if (value is not IInvocationOperation end || project.SiteOf(end, cancellation).Reads.Count == 0)
            return false;
        for (var call = end; call is { Arguments.Length: > 0 }; call = call.Arguments[0].Value.WithoutConversions() as IInvocationOperation)
        {
            if (call is { TargetMethod.Name: "Select", Arguments: [_, { Value: var selector }] })
                return EntityQueries.LambdaOf(selector)?.Body.Operations is [IReturnOperation { ReturnedValue: { } given }] && given.WithoutConversions() is IPropertyReferenceOperation { Instance.Type: INamedTypeSymbol type, Property.Name: var name } && _entities?.Find(type) is { IsTenant: true } entity && (entity.IsPrimaryKey(name) || IsReference(name, entity, isPrimaryKey));
        }
        return false;
    }

    private static bool IsSetElsewhere(ILocalReferenceOperation row, string key) => ParameterBindings.RootOf(row).Descendants().Any(operation =>
        operation is ISimpleAssignmentOperation { Target: IPropertyReferenceOperation { Property.Name: var name, Instance: ILocalReferenceOperation set } } && name == key && SymbolEqualityComparer.Default.Equals(set.Local, row.Local));

    // Rows that refer to the same kind, which is everybody's, have nothing in common.
    private static bool IsReference(string property, EntityType entity, bool isPrimaryKey) =>
        property.EndsWith("Id", StringComparison.Ordinal) && !entity.IsKey(property) && (isPrimaryKey ? entity.ColumnOf(property) is not null : entity.RefersToTenants(property));

    // The tenant entity of a row's class, or of a class of the domain that an entity of the same name stands for.
    private EntityType? EntityOf(ITypeSymbol? row, bool isPrimaryKey)
    {
        if (row is not INamedTypeSymbol type || _entities is null)
            return null;
        if (isPrimaryKey && IsRowOf(type, read.Entity))
            return read.Entity;
        return _entities.Find(type) is { IsTenant: true } entity ? entity : _entities.StandingFor(type);
    }

    private static bool IsRowOf(INamedTypeSymbol row, EntityType entity)
    {
        for (var type = row; type is not null; type = type.BaseType)
        {
            for (var mapped = entity.Type; mapped is not null; mapped = mapped.BaseType)
            {
                if (type.Name == entity.Type.Name && SymbolEqualityComparer.Default.Equals(type, mapped))
                    return true;
            }
        }
        return false;
    }

    private static IOperation Plain(IOperation value)
    {
        value = value.WithoutConversions();
        return value is IPropertyReferenceOperation { Property: { Name: "Value", ContainingType.OriginalDefinition.SpecialType: SpecialType.System_Nullable_T }, Instance: { } nullable } ? nullable.WithoutConversions() : value;
    }

    // The element of a query that this one stands in.
    private bool IsElementAround(IParameterSymbol parameter) => read.LambdasAround().Any(lambda => SymbolEqualityComparer.Default.Equals(lambda.Symbol, parameter.ContainingSymbol));
}
