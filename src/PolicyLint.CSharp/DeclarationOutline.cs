using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using PolicyLint.CSharp.EntityFramework;

namespace PolicyLint.CSharp;

/// <summary>A type as it is declared in one place.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Bases">What it derives from and implements, as written and without type arguments.</param>
/// <param name="Span">Where.</param>
internal sealed record DeclaredType(string Name, IReadOnlyList<string> Bases, TextSpan Span);

/// <summary>The types of a file, and those of their members that make a model or a migration.</summary>
internal sealed class DeclarationOutline
{
    private DeclarationOutline()
    {
    }

    public List<DeclaredType> Types { get; } = [];

    /// <summary>What may map entities.</summary>
    public List<ModelPart> ModelParts { get; } = [];

    /// <summary>Methods that may be migrations by their names.</summary>
    public List<TextSpan> Migrations { get; } = [];

    /// <summary>Overrides of SaveChanges.</summary>
    public List<TextSpan> Saves { get; } = [];

    /// <summary>Names may stand for others than they say in all files: by a global alias, or by an extension of EF Core's own words.</summary>
    public bool ChangesWords { get; private set; }

    public static DeclarationOutline Read(SyntaxNode root)
    {
        var outline = new DeclarationOutline();
        var hasAliases = false;
        foreach (var node in root.DescendantNodes(static node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax or TypeDeclarationSyntax))
        {
            switch (node)
            {
                case UsingDirectiveSyntax { Alias: not null } alias:
                    hasAliases = true;
                    outline.ChangesWords |= alias.GlobalKeyword.IsKind(SyntaxKind.GlobalKeyword);
                    break;
                case TypeDeclarationSyntax type:
                    outline.Types.Add(new(type.Identifier.ValueText, [.. type.BaseList?.Types.Select(part => NameOf(part.Type)) ?? []], type.Span));
                    break;
                case PropertyDeclarationSyntax property:
                    if (ModelPart.Of(property, hasAliases) is { } set)
                        outline.ModelParts.Add(set);
                    break;
                case MethodDeclarationSyntax method:
                    outline.Add(method, hasAliases);
                    break;
            }
        }
        return outline;
    }

    private void Add(MethodDeclarationSyntax method, bool hasAliases)
    {
        switch (method.Identifier.ValueText)
        {
            case "Up" or "ProvideScript":
                Migrations.Add(method.Span);
                break;
            case "SaveChanges" or "SaveChangesAsync" when method.Modifiers.Any(SyntaxKind.OverrideKeyword):
                Saves.Add(method.Span);
                break;
            default:
                if (ModelPart.Of(method, hasAliases) is { } part)
                    ModelParts.Add(part);
                ChangesWords |= ModelPart.IsWord(method.Identifier.ValueText) && method.ParameterList.Parameters is [{ Modifiers: var modifiers }, ..] && modifiers.Any(SyntaxKind.ThisKeyword);
                break;
        }
    }

    /// <summary>A type's name as it is written, without type arguments.</summary>
    private static string NameOf(TypeSyntax type) => type switch
    {
        SimpleNameSyntax name => name.Identifier.ValueText,
        QualifiedNameSyntax qualified => NameOf(qualified.Left) + "." + qualified.Right.Identifier.ValueText,
        AliasQualifiedNameSyntax alias => alias.Alias.Identifier.ValueText + "::" + alias.Name.Identifier.ValueText,
        _ => type.ToString(),
    };
}
