using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using PolicyLint.Core.Catalog;
using PolicyLint.CSharp.Binding;
using PolicyLint.CSharp.EntityFramework;

namespace PolicyLint.CSharp.Fixes;

/// <summary>Loads the row that is removed or attached, under its tenancy condition, where an object stood for it that only has its key.</summary>
internal static class LoadedEntity
{
    /// <summary>
    /// The fix; null where more is written than what the row's key says (`Update`), or no user is in scope. As `SaveChanges` does, the query
    /// throws where there is no such row.
    /// </summary>
    public static SiteFix? Of(ProjectAnalysis project, IInvocationOperation call, IOperation written, EntityType entity, CancellationToken cancellation)
    {
        if (call is not { TargetMethod.Name: "Remove" or "Attach", Instance: { } owner } || StubOf(written) is not { Arguments.Length: 0, Initializer: { } initializer } stub)
            return null;
        var model = project.Code.ModelOf(stub.Syntax.SyntaxTree);
        var position = stub.Syntax.SpanStart;
        if (SetOf(owner, entity, model, position) is not { } set || Values(initializer, entity) is not { } values)
            return null;
        var row = EntityPredicate.RowName(model, position, entity.Type.Name);
        var conditions = values.Select(value => $"{row}.{value.Property} == {value.Expression}").ToList();
        if (!entity.Filters.Exists(filter => filter.IsTenant == true))
        {
            if (entity.Owner.Key is not { } key || entity.PropertyOf(key.Column.Name) is not { } property || !UserExpressions.Fits(property.Type, key.Column.Type) || UserExpressions.Find(project, stub, key, cancellation) is not { } user)
                return null;
            conditions.Add($"{row}.{property.Name} == {user}");
        }
        var isAsync = model.GetEnclosingSymbol(position, cancellation) is IMethodSymbol { IsAsync: true } && EntityPredicate.IsInScope(model, stub.Syntax, "EntityFrameworkQueryableExtensions")
            && stub.Syntax.FirstAncestorOrSelf<LockStatementSyntax>() is null;
        if (!isAsync && !EntityPredicate.IsInScope(model, stub.Syntax, "Queryable"))
            return null;
        var query = $"{set}.Single{(isAsync ? "Async" : "")}({row} => {string.Join(" && ", conditions)})";
        return new($"Load the {entity.Type.Name} first", ImmutableArray.Create(new CodeEdit(stub.Syntax.SyntaxTree, stub.Syntax.Span, isAsync ? "await " + query : query)));
    }

    private static IObjectCreationOperation? StubOf(IOperation written) =>
        (written is ILocalReferenceOperation local ? ParameterBindings.SingleValueOf(local) : written) as IObjectCreationOperation;

    private static string? SetOf(IOperation owner, EntityType entity, SemanticModel model, int position)
    {
        var isSet = owner.Type is { Name: "DbSet" };
        var isOwn = entity.Set is { } property && model.Compilation.HasImplicitConversion(owner.Type, property.ContainingType);
        var ofSet = isSet ? "" : isOwn ? entity.Set!.Name : $"Set<{entity.Type.ToMinimalDisplayString(model, position)}>()";
        if (owner is IInstanceReferenceOperation { IsImplicit: true })
            return ofSet;
        // A variable must be there already where the object is made.
        var isThere = owner.DescendantsAndSelf().All(part => part is IMemberReferenceOperation or IInstanceReferenceOperation or IParameterReferenceOperation || part is ILocalReferenceOperation { Local.DeclaringSyntaxReferences: [var declared] } && declared.Span.End <= position);
        return !isThere ? null : isSet ? owner.Syntax.ToString() : $"{owner.Syntax}.{ofSet}";
    }

    // What the object says of the row: its key, all of it, and perhaps the tenant. An expression tree must take the values.
    private static List<(string Property, string Expression)>? Values(IObjectOrCollectionInitializerOperation initializer, EntityType entity)
    {
        var values = new List<(string Property, string Expression)>();
        foreach (var operation in initializer.Initializers)
        {
            if (operation is not ISimpleAssignmentOperation { Target: IPropertyReferenceOperation { Property: var property }, Value: var value })
                return null;
            if (entity.IsKey(property.Name))
                continue;
            var isPlain = value.DescendantsAndSelf().All(part => part is IMemberReferenceOperation or IInstanceReferenceOperation or ILocalReferenceOperation or ILiteralOperation || part is IParameterReferenceOperation { Parameter.RefKind: RefKind.None });
            if (!entity.IsPrimaryKey(property.Name) || !isPlain || !SymbolEqualityComparer.Default.Equals(value.Type, property.Type))
                return null;
            values.Add((property.Name, value.Syntax.ToString()));
        }
        var key = entity.Table!.Constraints.First(constraint => constraint.Kind == ConstraintKind.PrimaryKey);
        return key.Columns.All(column => initializer.Initializers.OfType<ISimpleAssignmentOperation>().Any(set => set.Target is IPropertyReferenceOperation target && entity.ColumnOf(target.Property.Name)?.Name == column)) ? values : null;
    }
}
