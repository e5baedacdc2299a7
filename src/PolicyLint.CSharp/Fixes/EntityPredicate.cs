using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using PolicyLint.Core.Catalog;
using PolicyLint.CSharp.Binding;
using PolicyLint.CSharp.EntityFramework;
using PolicyLint.CSharp.Rules;

namespace PolicyLint.CSharp.Fixes;

/// <summary>Adds the tenancy condition to a query of EF Core, where the query begins.</summary>
internal static class EntityPredicate
{
    /// <summary>The fix; null where several columns could say whose the rows are, the query begins elsewhere, its type would change, the rows are brought along, or no user is in scope.</summary>
    public static SiteFix? Of(EntityQueryContext context)
    {
        var read = context.Read;
        if (read.IsIncluded || read.Judgement is null || read.Entity.Owner.Key is not { } key || read.Entity.PropertyOf(key.Column.Name) is not { } property || !UserExpressions.Fits(property.Type, key.Column.Type))
            return null;
        if (!ReferenceEquals(ParameterBindings.RootOf(read.Query.Root), ParameterBindings.RootOf(read.End)) || UserExpressions.Find(context.Project, read.Query.Root, key, context.Cancellation) is not { } user)
            return null;
        // What a compiled query captures is the first caller's for all.
        if (CompiledQuery.Around(read.End) is { } compiled && !compiled.Symbol.Parameters.Any(parameter => parameter.Name == user && CompiledQuery.IsGiven(compiled, parameter)))
            return null;
        var model = context.Project.Code.ModelOf(read.Query.Root.Syntax.SyntaxTree);
        var row = RowName(model, read.Query.Root.Syntax.SpanStart, read.Entity.Type.Name);
        var condition = $"{row}.{property.Name} == {user}";
        var edit = read.End is IInvocationOperation { TargetMethod.Name: "Find" or "FindAsync" } find ? InPlaceOfFind(model, find, read.Entity, row, condition) : AtRoot(model, read.Query.Root, row, condition);
        return edit is null ? null : new($"Add the condition on {property.Name}", ImmutableArray.Create(edit));
    }

    private static CodeEdit? AtRoot(SemanticModel model, IOperation root, string row, string condition)
    {
        while (root.Parent is IInvocationOperation { TargetMethod.Name: "AsQueryable" } or IArgumentOperation { Parent: IInvocationOperation { TargetMethod.Name: "AsQueryable" } })
            root = root.Parent is IInvocationOperation ? root.Parent : root.Parent!.Parent!;
        var taken = root.Parent;
        var type = root.Type;
        while (taken is IConversionOperation conversion)
        {
            type = conversion.Type;
            taken = conversion.Parent;
        }
        if (taken is IArgumentOperation { Parameter: { } parameter })
            type = parameter.Type;
        var mayBeQuery = type is INamedTypeSymbol { Name: "IQueryable" or "IEnumerable", TypeArguments.Length: 1 } || taken is IForEachLoopOperation;
        return mayBeQuery && IsInScope(model, root.Syntax, "Queryable") && root.Syntax is MemberAccessExpressionSyntax or InvocationExpressionSyntax or IdentifierNameSyntax
            ? CodeEdit.Insert(root.Syntax.SyntaxTree, root.Syntax.Span.End, $".Where({row} => {condition})")
            : null;
    }

    // Find knows the key alone.
    private static CodeEdit? InPlaceOfFind(SemanticModel model, IInvocationOperation find, EntityType entity, string row, string condition)
    {
        if (entity.Table!.Constraints.FirstOrDefault(constraint => constraint.Kind == ConstraintKind.PrimaryKey) is not { Columns: [var column] } || entity.PropertyOf(column) is not { } key)
            return null;
        if (find.Arguments is not [{ ArgumentKind: ArgumentKind.ParamArray, Value: IArrayCreationOperation { Initializer.ElementValues: [var element] } }])
            return null;
        var value = element is IConversionOperation conversion ? conversion.Operand : element;
        if (!SymbolEqualityComparer.Default.Equals(value.Type, key.Type) || find.Syntax is not InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax access } call)
            return null;
        var isAsync = find.TargetMethod.Name == "FindAsync";
        if (isAsync ? find.Parent is not IAwaitOperation || !IsInScope(model, call, "EntityFrameworkQueryableExtensions") : !IsInScope(model, call, "Queryable"))
            return null;
        return new(call.SyntaxTree, Microsoft.CodeAnalysis.Text.TextSpan.FromBounds(access.Name.SpanStart, call.Span.End), $"FirstOrDefault{(isAsync ? "Async" : "")}({row} => {row}.{key.Name} == {value.Syntax} && {condition})");
    }

    /// <summary>A class of extension methods can be used without its name at a place.</summary>
    public static bool IsInScope(SemanticModel model, SyntaxNode place, string extensions) => model.LookupNamespacesAndTypes(place.SpanStart, name: extensions).Length > 0;

    /// <summary>A name for a row of an entity that means nothing else at a place.</summary>
    public static string RowName(SemanticModel model, int position, string entity)
    {
        var name = char.ToLowerInvariant(entity[0]) + entity.Substring(1);
        var isKeyword = Microsoft.CodeAnalysis.CSharp.SyntaxFacts.GetKeywordKind(name) != Microsoft.CodeAnalysis.CSharp.SyntaxKind.None;
        for (var candidate = isKeyword ? "row" : name; ; candidate += "Row")
        {
            if (model.LookupSymbols(position, name: candidate).IsEmpty)
                return candidate;
        }
    }
}
