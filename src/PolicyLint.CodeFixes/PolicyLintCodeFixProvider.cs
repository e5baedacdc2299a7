using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using PolicyLint.CSharp.Fixes;

namespace PolicyLint.CodeFixes;

/// <summary>Applies the edits that a finding brings. What they are is decided with the schema in hand, where the finding is made.</summary>
/// <remarks>Without [Shared], which hosts ask of their own parts alone: it would tie the package to the version of System.Composition that it is built with.</remarks>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(PolicyLintCodeFixProvider), DocumentKinds = [nameof(TextDocumentKind.Document), nameof(TextDocumentKind.AdditionalDocument)])]
public sealed class PolicyLintCodeFixProvider : CodeFixProvider
{
    private static readonly FixAllProvider All = new FixAllFindings();

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = DiagnosticFix.Ids;

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => All;

    /// <inheritdoc/>
    public override Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var project = context.TextDocument.Project;
        foreach (var diagnostic in context.Diagnostics)
        {
            if (DiagnosticFix.Read(diagnostic) is { } fix && EditMerge.CanApply(fix, project))
                context.RegisterCodeFix(CodeAction.Create(fix.Title, cancellation => FixAllFindings.ApplyAsync(project.Solution, project, [diagnostic], cancellation), diagnostic.Id), diagnostic);
        }
        return Task.CompletedTask;
    }
}
