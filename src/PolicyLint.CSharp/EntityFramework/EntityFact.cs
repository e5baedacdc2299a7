using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace PolicyLint.CSharp.EntityFramework;

/// <summary>
/// What one call says of an entity, as far as its syntax shows. A body that says nothing else of its entities is read by its facts and
/// need not be bound: binding OnModelCreating costs more than all else that is asked of a model.
/// </summary>
/// <param name="Kind">What it says.</param>
/// <param name="Type">The name of the entity's class; null in a Configure, whose parameter names it.</param>
/// <param name="Call">The call.</param>
/// <param name="Name">The table, the column or the name of the filter; null where it has none.</param>
/// <param name="Property">The property that a column is given to; otherwise empty.</param>
internal sealed record EntityFact(EntityFactKind Kind, TextSpan? Type, TextSpan Call, string? Name = null, string Property = "")
{
    // They return the builder that they are called on.
    private static readonly HashSet<string> SameEntity = new(StringComparer.Ordinal) { "HasAnnotation", "HasComment", "HasNoKey", "HasQueryFilter", "Ignore", "ToTable", "ToView", "UsePropertyAccessMode" };

    private static readonly HashSet<string> SameProperty = new(StringComparer.Ordinal)
    {
        "HasAnnotation", "HasColumnName", "HasColumnOrder", "HasColumnType", "HasComment", "HasComputedColumnSql", "HasConversion", "HasDefaultValue", "HasDefaultValueSql", "HasMaxLength", "HasPrecision",
        "IsConcurrencyToken", "IsFixedLength", "IsRequired", "IsRowVersion", "IsUnicode", "UseCollation", "ValueGeneratedNever", "ValueGeneratedOnAdd", "ValueGeneratedOnAddOrUpdate", "ValueGeneratedOnUpdate",
    };

    /// <summary>What a body says of its entities, in the order in which it runs; null where only the bound body shows it.</summary>
    /// <param name="method">A method whose calls are EF Core's own words.</param>
    public static IReadOnlyList<EntityFact>? In(MethodDeclarationSyntax method)
    {
        var facts = new List<EntityFact>();
        foreach (var node in method.DescendantNodes())
        {
            // It may hold a builder, or hide a member.
            if (node is VariableDeclaratorSyntax or SingleVariableDesignationSyntax or ForEachStatementSyntax or LocalFunctionStatementSyntax or AnonymousMethodExpressionSyntax)
                return null;
            if (node is not InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Entity" or "ToTable" or "HasColumnName" or "HasQueryFilter" or "UsingEntity", Expression: var receiver, Name: var word } } call)
                continue;
            var fact = word.Identifier.ValueText switch
            {
                "Entity" => Mapped(call, receiver, method),
                "ToTable" => Table(call, receiver, method),
                "HasColumnName" => Column(call, receiver, method),
                "HasQueryFilter" => Filter(call, receiver, method),
                // UsingEntity has the builder of another entity.
                _ => null,
            };
            if (fact is null)
                return null;
            facts.Add(fact);
        }
        if (method.Identifier.ValueText == "Configure")
            facts.Add(new(EntityFactKind.Mapped, null, method.Span));
        // The first call of a chain ends first.
        facts.Sort((left, right) => left.Call.End.CompareTo(right.Call.End));
        return facts;
    }

    private static EntityFact? Mapped(InvocationExpressionSyntax call, ExpressionSyntax receiver, MethodDeclarationSyntax method) =>
        TypeOf(call) is { } type && IsParameter(receiver, method) ? new(EntityFactKind.Mapped, type.Span, call.Span) : null;

    private static EntityFact? Table(InvocationExpressionSyntax call, ExpressionSyntax receiver, MethodDeclarationSyntax method) =>
        TextAt(call, 0) is { } name && EntityOf(receiver, method, out var type) ? new(EntityFactKind.Table, type, call.Span, name) : null;

    private static EntityFact? Column(InvocationExpressionSyntax call, ExpressionSyntax receiver, MethodDeclarationSyntax method)
    {
        while (receiver is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: var word, Expression: var inner } } outer)
        {
            if (word == "Property")
                return TextAt(call, 0) is { } name && PropertyOf(outer) is { } property && EntityOf(inner, method, out var type) ? new(EntityFactKind.Column, type, call.Span, name, property) : null;
            if (!SameProperty.Contains(word))
                return null;
            receiver = inner;
        }
        return null;
    }

    private static EntityFact? Filter(InvocationExpressionSyntax call, ExpressionSyntax receiver, MethodDeclarationSyntax method)
    {
        var arguments = call.ArgumentList.Arguments.Count;
        var name = arguments == 2 ? TextAt(call, 0) : null;
        if (arguments != 1 && name is null || FilterSyntax.LambdaOf(call) is null || !EntityOf(receiver, method, out var type))
            return null;
        return new(EntityFactKind.Filter, type, call.Span, name);
    }

    // `modelBuilder.Entity<Note>()…`, `entity.…` in `modelBuilder.Entity<Note>(entity => …)`, `builder.…` in Configure.
    private static bool EntityOf(ExpressionSyntax receiver, MethodDeclarationSyntax method, out TextSpan? type)
    {
        type = null;
        while (receiver is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: var word, Expression: var inner } } call)
        {
            if (word == "Entity")
            {
                type = TypeOf(call)?.Span;
                return type is not null && call.ArgumentList.Arguments.Count == 0 && IsParameter(inner, method);
            }
            if (!SameEntity.Contains(word))
                return false;
            receiver = inner;
        }
        if (receiver is not IdentifierNameSyntax { Identifier.ValueText: var builder })
            return false;
        foreach (var lambda in receiver.Ancestors().OfType<LambdaExpressionSyntax>())
        {
            if (FilterSyntax.ParameterOf(lambda) != builder)
                continue;
            if (lambda.Parent?.Parent?.Parent is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Entity", Expression: var outer } } entity && IsParameter(outer, method))
                type = TypeOf(entity)?.Span;
            return type is not null;
        }
        return method.Identifier.ValueText == "Configure" && IsParameter(receiver, method);
    }

    private static bool IsParameter(ExpressionSyntax receiver, MethodDeclarationSyntax method) =>
        receiver is IdentifierNameSyntax { Identifier.ValueText: var name } && method.ParameterList.Parameters is [{ Identifier.ValueText: var parameter }] && name == parameter;

    private static TypeSyntax? TypeOf(InvocationExpressionSyntax call) =>
        call.Expression is MemberAccessExpressionSyntax { Name: GenericNameSyntax { TypeArgumentList.Arguments: [var type] } } ? type : null;

    // `note => note.UserId`, `"UserId"`, `nameof(Note.UserId)`
    private static string? PropertyOf(InvocationExpressionSyntax call) => call.ArgumentList.Arguments is not [{ NameColon: null, Expression: var argument }] ? null : argument switch
    {
        LambdaExpressionSyntax { ExpressionBody: MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.ValueText: var row }, Name.Identifier.ValueText: var name } } lambda => FilterSyntax.ParameterOf(lambda) == row ? name : null,
        InvocationExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.ValueText: "nameof" }, ArgumentList.Arguments: [{ Expression: MemberAccessExpressionSyntax { Name: IdentifierNameSyntax { Identifier.ValueText: var name } } }] } => name,
        _ => TextAt(call, 0),
    };

    private static string? TextAt(InvocationExpressionSyntax call, int index) =>
        call.ArgumentList.Arguments.Count > index && call.ArgumentList.Arguments[index] is { NameColon: null, Expression: LiteralExpressionSyntax { RawKind: (int)SyntaxKind.StringLiteralExpression, Token.ValueText: var text } } ? text : null;
}

/// <summary>What a call says of an entity.</summary>
internal enum EntityFactKind
{
    Mapped,
    Table,
    Column,
    Filter,
}
