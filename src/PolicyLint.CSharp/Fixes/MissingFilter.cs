using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using PolicyLint.CSharp.EntityFramework;

namespace PolicyLint.CSharp.Fixes;

/// <summary>Gives an entity the query filter that the others of its context have.</summary>
internal static class MissingFilter
{
    /// <summary>The fix; null where the entity has a filter already, or no other entity of its context shows what its own must be.</summary>
    public static SiteFix? Of(ProjectAnalysis project, EntityModel entities, EntityType entity, CancellationToken cancellation)
    {
        if (entity.Set is not { ContainingType: var context } || entity.Filters.Count > 0 || KeyOf(entity, entities) is not { } key)
            return null;
        var examples = new List<Example>();
        foreach (var sibling in entities.Entities)
        {
            if (sibling.Set is null || !SymbolEqualityComparer.Default.Equals(sibling.Set.ContainingType, context))
                continue;
            foreach (var filter in sibling.Filters)
            {
                if (filter.IsTenant == true && Read(project, sibling, filter, key, cancellation) is { } example)
                    examples.Add(example);
            }
        }
        if (examples.Count == 0 || examples.Exists(example => example.Value != examples[0].Value || example.Body != examples[0].Body))
            return null;
        var last = examples.OrderBy(example => example.Statement.SpanStart).Last();
        var model = project.Code.ModelOf(last.Statement.SyntaxTree);
        var row = EntityPredicate.RowName(model, last.Statement.SpanStart, entity.Type.Name);
        var name = entity.Type.ToMinimalDisplayString(model, last.Statement.SpanStart);
        return new($"Add a query filter on {key.Name}", Append(last.Statement, $"{last.Builder}.Entity<{name}>().HasQueryFilter({row} => {row}.{key.Name} == {last.Value})"));
    }

    // Where several columns could say whose the rows are, the one that the others are filtered by.
    private static IPropertySymbol? KeyOf(EntityType entity, EntityModel entities)
    {
        if (entity.Owner.Key is { } owner)
            return entity.PropertyOf(owner.Column.Name);
        var filtered = new HashSet<string>(entities.Entities.Where(sibling => sibling.Filters.Exists(filter => filter.IsTenant == true)).Select(sibling => sibling.Owner.Name), StringComparer.Ordinal);
        return entity.Keys.Select(key => entity.PropertyOf(key.Column.Name)).Where(property => property is not null && filtered.Contains(property.Name)).ToList() is [var only] ? only : null;
    }

    /// <summary>A filter in OnModelCreating that compares a property of the same name and type.</summary>
    /// <param name="Body">What OnModelCreating does.</param>
    /// <param name="Statement">What of it sets the filter: a statement, or all of it.</param>
    /// <param name="Builder">The name of the ModelBuilder.</param>
    /// <param name="Value">What the property is compared with.</param>
    private sealed record Example(SyntaxNode Body, SyntaxNode Statement, string Builder, string Value);

    private static Example? Read(ProjectAnalysis project, EntityType sibling, QueryFilter filter, IPropertySymbol key, CancellationToken cancellation)
    {
        var model = project.Code.ModelOf(filter.Syntax.SyntaxTree);
        if (filter is not { Name: null, Predicate: { Syntax: LambdaExpressionSyntax { ExpressionBody: { } condition } lambda, Symbol.Parameters: [var row] } } || sibling.Owner.Name != key.Name)
            return null;
        if (filter.Syntax.FirstAncestorOrSelf<MethodDeclarationSyntax>() is not { Identifier.ValueText: "OnModelCreating" } method || !SymbolEqualityComparer.Default.Equals(model.GetDeclaredSymbol(method, cancellation)?.ContainingType, sibling.Set!.ContainingType))
            return null;
        SyntaxNode? body = (SyntaxNode?)method.Body ?? method.ExpressionBody;
        SyntaxNode? statement = method.Body is { } block ? block.Statements.FirstOrDefault(own => own.Span.Contains(filter.Syntax.Span)) : method.ExpressionBody?.Expression;
        var expression = statement is ExpressionStatementSyntax { Expression: var called } ? called : statement as ExpressionSyntax;
        if (body is null || expression is null)
            return null;
        var values = Conjuncts(condition).Select(part => ValueOf(model, part, row, key, cancellation)).Where(value => value is not null).ToList();
        if (values is not [var value] || BuilderOf(expression, sibling.Type.Name) is not { } builder)
            return null;
        // What only the statement itself knows is not in scope beside it.
        foreach (var name in value!.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>())
        {
            if (model.GetSymbolInfo(name, cancellation).Symbol is (ILocalSymbol or IParameterSymbol) and { DeclaringSyntaxReferences: [var declared] } && ReferenceEquals(declared.SyntaxTree, statement!.SyntaxTree) && statement.Span.Contains(declared.Span))
                return null;
        }
        return new(body, statement!, builder, value.ToString());
    }

    private static IEnumerable<ExpressionSyntax> Conjuncts(ExpressionSyntax condition) => condition switch
    {
        ParenthesizedExpressionSyntax parenthesized => Conjuncts(parenthesized.Expression),
        BinaryExpressionSyntax { RawKind: (int)SyntaxKind.LogicalAndExpression } both => Conjuncts(both.Left).Concat(Conjuncts(both.Right)),
        _ => [condition],
    };

    private static ExpressionSyntax? ValueOf(SemanticModel model, ExpressionSyntax condition, ISymbol row, IPropertySymbol key, CancellationToken cancellation)
    {
        if (condition is not BinaryExpressionSyntax { RawKind: (int)SyntaxKind.EqualsExpression } comparison)
            return null;
        var (property, value) = IsKey(comparison.Left) ? (comparison.Left, comparison.Right) : (comparison.Right, comparison.Left);
        return IsKey(property) && !value.DescendantNodesAndSelf().Any(node => node is IdentifierNameSyntax name && name.Identifier.ValueText == row.Name) ? value : null;

        bool IsKey(ExpressionSyntax side) => side is MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.ValueText: var owner } } && owner == row.Name
            && model.GetSymbolInfo(side, cancellation).Symbol is IPropertySymbol compared && compared.Name == key.Name && SymbolEqualityComparer.Default.Equals(compared.Type, key.Type);
    }

    // `modelBuilder.Entity<Sibling>()…`
    private static string? BuilderOf(ExpressionSyntax expression, string sibling)
    {
        while (expression is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax access })
        {
            if (access is { Name: GenericNameSyntax { Identifier.ValueText: "Entity", TypeArgumentList.Arguments: [var named] }, Expression: IdentifierNameSyntax builder })
                return named.DescendantNodesAndSelf().OfType<SimpleNameSyntax>().Last().Identifier.ValueText == sibling ? builder.Identifier.ValueText : null;
            expression = access.Expression;
        }
        return null;
    }

    private static ImmutableArray<CodeEdit> Append(SyntaxNode statement, string call)
    {
        var text = statement.SyntaxTree.GetText();
        if (statement is StatementSyntax)
            return ImmutableArray.Create(CodeEdit.Insert(statement.SyntaxTree, statement.Span.End, SourceLines.BreakAt(text, statement.SpanStart) + call + ";") with { JoinsOthers = true });
        // `=> call;` becomes a block.
        var arrow = statement.FirstAncestorOrSelf<ArrowExpressionClauseSyntax>()!;
        var method = (MethodDeclarationSyntax)arrow.Parent!;
        var outer = SourceLines.BreakAt(text, method.SpanStart);
        var inner = outer + "    ";
        return ImmutableArray.Create(
            new(arrow.SyntaxTree, TextSpan.FromBounds(method.ParameterList.Span.End, statement.SpanStart), outer + "{" + inner),
            CodeEdit.Insert(arrow.SyntaxTree, method.SemicolonToken.SpanStart, ";" + inner + call) with { JoinsOthers = true },
            new(arrow.SyntaxTree, method.SemicolonToken.Span, ";" + outer + "}"));
    }
}
