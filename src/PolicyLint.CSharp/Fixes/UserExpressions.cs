using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PolicyLint.Core.Access;
using PolicyLint.CSharp.Binding;

namespace PolicyLint.CSharp.Fixes;

/// <summary>Finds the expression that stands for the authenticated user, or for the tenant, at a place.</summary>
internal static class UserExpressions
{
    /// <summary>
    /// The expression for a tenancy key: a member that `csharp.user` names, through what is in scope, or else the one variable or member
    /// that is named like the key and does not come from the request. Null where there is none, or more than one.
    /// </summary>
    public static string? Find(ProjectAnalysis project, IOperation place, TenantKey key, CancellationToken cancellation)
    {
        var model = project.Code.ModelOf(place.Syntax.SyntaxTree);
        var position = place.Syntax.SpanStart;
        var isStatic = model.GetEnclosingSymbol(position, cancellation) is { } enclosing && IsStatic(enclosing);
        var configured = new HashSet<string>(StringComparer.Ordinal);
        var named = new HashSet<string>(StringComparer.Ordinal);
        foreach (var symbol in model.LookupSymbols(position))
        {
            if (TypeOf(symbol) is not { } type || !IsReadable(symbol, position, isStatic))
                continue;
            foreach (var member in ConfiguredMembers(project, model, position, type, key))
                configured.Add($"{symbol.Name}.{member}");
            if (IsConfigured(project, symbol) && Fits(type, key.Column.Type))
                configured.Add(symbol.Name);
            else if (Fold(symbol.Name) == Fold(key.Column.Name) && Fits(type, key.Column.Type) && project.Origins.Of(symbol, place, cancellation).Origin != ValueOrigin.Request)
                named.Add(symbol.Name);
        }
        return configured.Count == 1 ? configured.First() : configured.Count == 0 && named.Count == 1 ? named.First() : null;
    }

    /// <summary>`user_id` as `userId`.</summary>
    public static string CamelCase(string column)
    {
        var name = new StringBuilder();
        var isStart = false;
        foreach (var c in column)
        {
            if (c == '_')
                isStart = name.Length > 0;
            else
                name.Append(name.Length == 0 ? char.ToLowerInvariant(c) : isStart ? char.ToUpperInvariant(c) : c);
            isStart &= c == '_';
        }
        return name.ToString();
    }

    /// <summary>A value of the type can be compared with a column of that PostgreSQL type.</summary>
    public static bool Fits(ITypeSymbol type, string columnType)
    {
        if (type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable)
            type = nullable.TypeArguments[0];
        return columnType switch
        {
            "uuid" => type is { Name: "Guid", ContainingNamespace.Name: "System" },
            "integer" => type.SpecialType is SpecialType.System_Int32 or SpecialType.System_Int16,
            "bigint" => type.SpecialType is SpecialType.System_Int64 or SpecialType.System_Int32,
            _ => type.SpecialType == SpecialType.System_String && (columnType == "text" || columnType.StartsWith("character varying", StringComparison.Ordinal)),
        };
    }

    private static bool IsStatic(ISymbol enclosing)
    {
        for (var symbol = enclosing; symbol is IMethodSymbol or IPropertySymbol or IFieldSymbol; symbol = symbol.ContainingSymbol)
        {
            if (symbol.IsStatic)
                return true;
        }
        return false;
    }

    private static ITypeSymbol? TypeOf(ISymbol symbol) => symbol switch
    {
        ILocalSymbol local => local.Type,
        IParameterSymbol parameter => parameter.Type,
        IFieldSymbol { CanBeReferencedByName: true } field => field.Type,
        IPropertySymbol { IsIndexer: false, GetMethod: not null } property => property.Type,
        _ => null,
    };

    private static bool IsReadable(ISymbol symbol, int position, bool isStatic) => symbol switch
    {
        ILocalSymbol => symbol.DeclaringSyntaxReferences is [var reference] && reference.GetSyntax() is VariableDeclaratorSyntax { Initializer: not null } declarator && declarator.Span.End <= position,
        IParameterSymbol { RefKind: RefKind.Out } => false,
        // Of a primary constructor.
        IParameterSymbol { ContainingSymbol: IMethodSymbol { MethodKind: MethodKind.Constructor } } => !isStatic,
        IFieldSymbol or IPropertySymbol => symbol.IsStatic || !isStatic,
        _ => true,
    };

    private static bool IsConfigured(ProjectAnalysis project, ISymbol member) =>
        member.ContainingType is { } owner && project.Options.CSharp.User.Contains(owner.OriginalDefinition.ToDisplayString() + "." + member.Name);

    private static IEnumerable<string> ConfiguredMembers(ProjectAnalysis project, SemanticModel model, int position, ITypeSymbol type, TenantKey key)
    {
        foreach (var configured in project.Options.CSharp.User)
        {
            var dot = configured.LastIndexOf('.');
            if (dot <= 0)
                continue;
            var owner = configured.Substring(0, dot);
            var name = configured.Substring(dot + 1);
            foreach (var candidate in WithBases(type))
            {
                if (candidate.ToDisplayString() != owner)
                    continue;
                foreach (var member in candidate.GetMembers(name))
                {
                    if (member is IPropertySymbol { IsStatic: false } property && Fits(property.Type, key.Column.Type))
                        yield return name;
                    else if (member is IMethodSymbol { IsStatic: false, Parameters.IsEmpty: true } method && Fits(method.ReturnType, key.Column.Type))
                        yield return name + "()";
                }
            }
            foreach (var extension in model.LookupSymbols(position, type, name, includeReducedExtensionMethods: true))
            {
                if (extension is IMethodSymbol { ReducedFrom: not null, Parameters.IsEmpty: true } method && method.ContainingType.ToDisplayString() == owner && Fits(method.ReturnType, key.Column.Type))
                    yield return name + "()";
            }
        }
    }

    private static IEnumerable<ITypeSymbol> WithBases(ITypeSymbol type)
    {
        for (var current = type; current is not null; current = current.BaseType)
            yield return current;
        foreach (var implemented in type.AllInterfaces)
            yield return implemented;
    }

    private static string Fold(string name) => name.Replace("_", "").ToLowerInvariant();
}
