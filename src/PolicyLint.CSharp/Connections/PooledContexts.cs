using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using PolicyLint.CSharp.EntityFramework;

namespace PolicyLint.CSharp.Connections;

/// <summary>Contexts that a pool hands from one request to the next, and what of the first one they keep.</summary>
internal sealed class PooledContexts(ProjectAnalysis project, CancellationToken cancellation)
{
    private const string Extensions = "Microsoft.Extensions.DependencyInjection.";

    /// <summary>What is kept, where the code shows it.</summary>
    public IEnumerable<(Location Place, string Message)> Kept()
    {
        if (project.Entities is not { } entities)
            yield break;
        foreach (var registration in Calls("EntityFrameworkServiceCollectionExtensions", "AddDbContextPool", "AddPooledDbContextFactory"))
        {
            foreach (var context in registration.TargetMethod.TypeArguments.OfType<INamedTypeSymbol>())
            {
                foreach (var (place, member) in FilteredBy(entities, context))
                {
                    if (IsKept(member))
                        yield return (place, $"{context.Name} is pooled: {member.Name} is that of the request for which it was made");
                }
            }
            foreach (var operation in registration.Descendants())
            {
                if (operation is IInvocationOperation { TargetMethod: { Name: "GetRequiredService" or "GetService", TypeArguments: [var service] } } && OpeningHooks.IsInterceptor(service) && IsScoped(service))
                    yield return (operation.Syntax.GetLocation(), $"the options of a pooled context are made once: {service.Name} never knows the user of a request");
            }
        }
    }

    // The members of the context that decide whose rows its filters let through.
    private static IEnumerable<(Location Place, ISymbol Member)> FilteredBy(EntityModel entities, INamedTypeSymbol context)
    {
        foreach (var filter in entities.Entities.SelectMany(entity => entity.Filters))
        {
            foreach (var operation in filter is { IsTenant: true, Predicate: { } predicate } ? predicate.Descendants() : [])
            {
                if (operation is IMemberReferenceOperation { Instance: IInstanceReferenceOperation } reference && SymbolEqualityComparer.Default.Equals(reference.Member.ContainingType, context))
                    yield return (reference.Syntax.GetLocation(), reference.Member);
            }
        }
    }

    // A value that constructors alone take from what they are given.
    private bool IsKept(ISymbol member)
    {
        var type = (member as IFieldSymbol)?.Type ?? (member as IPropertySymbol)?.Type;
        if (type is not ({ IsValueType: true } or { SpecialType: SpecialType.System_String }))
            return false;
        if (member is IPropertySymbol property && !member.ContainingType.GetMembers().OfType<IFieldSymbol>().Any(field => SymbolEqualityComparer.Default.Equals(field.AssociatedSymbol, property)))
        {
            return property.GetMethod is { } getter && project.Code.BodyOf(getter, cancellation) is { } body
                && body.Descendants().OfType<IMemberReferenceOperation>().ToList() is [IFieldReferenceOperation { Field: var behind }] && IsKept(behind);
        }
        var isGiven = project.Code.InitializerOf(member, cancellation) is { } initializer && IsGiven(initializer);
        foreach (var assignment in Assignments(member))
        {
            if (assignment.FirstAncestorOrSelf<MemberDeclarationSyntax>() is not ConstructorDeclarationSyntax)
                return false;
            isGiven |= project.Code.ModelOf(assignment.SyntaxTree).GetOperation(assignment.Right, cancellation) is { } value && IsGiven(value);
        }
        return isGiven;
    }

    private IEnumerable<AssignmentExpressionSyntax> Assignments(ISymbol member)
    {
        foreach (var tree in project.Code.Compilation.SyntaxTrees)
        {
            foreach (var node in tree.GetRoot(cancellation).DescendantNodes())
            {
                if (node is AssignmentExpressionSyntax { Left: var left } assignment && left.DescendantNodesAndSelf().OfType<SimpleNameSyntax>().LastOrDefault()?.Identifier.ValueText == member.Name
                    && SymbolEqualityComparer.Default.Equals(project.Code.ModelOf(tree).GetSymbolInfo(left, cancellation).Symbol?.OriginalDefinition, member))
                    yield return assignment;
            }
        }
    }

    private static bool IsGiven(IOperation value) => value.DescendantsAndSelf().Any(operation => operation is IParameterReferenceOperation);

    private bool IsScoped(ITypeSymbol service) => Calls("ServiceCollectionServiceExtensions", "AddScoped").Any(call => call.TargetMethod.TypeArguments.Contains(service, SymbolEqualityComparer.Default));

    private IEnumerable<IInvocationOperation> Calls(string type, params string[] methods) => FrameworkCalls.Of(project.Code, Extensions + type, methods, cancellation);
}
