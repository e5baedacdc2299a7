using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using PolicyLint.CSharp.Fixes;

namespace PolicyLint.CodeFixes;

/// <summary>Applies the edits that a finding brings. What they are is decided with the schema in hand, where the finding is made.</summary>
/// <remarks>Without [Shared], which hosts ask of their own parts alone: it would tie the package to the version of System.Composition that it is built with.</remarks>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(PolicyLintCodeFixProvider))]
public sealed class PolicyLintCodeFixProvider : CodeFixProvider
{
    private static readonly FixAllProvider All = FixAllProvider.Create(static async (context, document, diagnostics) => await ApplyAsync(document, diagnostics, context.CancellationToken).ConfigureAwait(false));

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = DiagnosticFix.Ids;

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => All;

    /// <inheritdoc/>
    public override Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        foreach (var diagnostic in context.Diagnostics)
        {
            if (DiagnosticFix.Read(diagnostic) is { } fix)
                context.RegisterCodeFix(CodeAction.Create(fix.Title, cancellation => ApplyAsync(context.Document, ImmutableArray.Create(diagnostic), cancellation), diagnostic.Id), diagnostic);
        }
        return Task.CompletedTask;
    }

    private static async Task<Document> ApplyAsync(Document document, ImmutableArray<Diagnostic> diagnostics, CancellationToken cancellation)
    {
        var text = await document.GetTextAsync(cancellation).ConfigureAwait(false);
        var merge = new EditMerge();
        foreach (var diagnostic in diagnostics.OrderBy(diagnostic => diagnostic.Location.SourceSpan.Start))
        {
            if (DiagnosticFix.Read(diagnostic) is { } fix)
                merge.Add(fix.Edits);
        }
        return document.WithText(text.WithChanges(merge.Changes()));
    }
}
