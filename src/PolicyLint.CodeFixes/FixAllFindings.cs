using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Diagnostics;
using PolicyLint.CSharp.Fixes;

namespace PolicyLint.CodeFixes;

/// <summary>Makes all findings of a rule right at once. A fix may change other files than that of its finding.</summary>
internal sealed class FixAllFindings : FixAllProvider
{
    /// <inheritdoc/>
    public override async Task<CodeAction?> GetFixAsync(FixAllContext fixAllContext)
    {
        var solution = fixAllContext.Solution;
        foreach (var project in fixAllContext.Scope == FixAllScope.Solution ? solution.Projects.ToList() : [fixAllContext.Project])
        {
            var diagnostics = fixAllContext is { Scope: FixAllScope.Document, Document: { } document }
                ? await fixAllContext.GetDocumentDiagnosticsAsync(document).ConfigureAwait(false)
                : (await fixAllContext.GetAllDiagnosticsAsync(project).ConfigureAwait(false)).AddRange(await InSettingsAsync(project, fixAllContext).ConfigureAwait(false));
            solution = await ApplyAsync(solution, project, diagnostics, fixAllContext.CancellationToken).ConfigureAwait(false);
        }
        return CodeAction.Create("Fix all " + string.Join(", ", fixAllContext.DiagnosticIds), _ => Task.FromResult(solution), nameof(FixAllFindings));
    }

    // Hosts may bring the findings in C# alone, as `dotnet format` does.
    private static async Task<IEnumerable<Diagnostic>> InSettingsAsync(Project project, FixAllContext context)
    {
        var ids = context.DiagnosticIds.Intersect(DiagnosticFix.IdsOfSettings);
        var analyzers = project.AnalyzerReferences.SelectMany(reference => reference.GetAnalyzers(project.Language)).Where(analyzer => analyzer.SupportedDiagnostics.Any(descriptor => ids.Contains(descriptor.Id))).ToImmutableArray();
        if (analyzers.IsEmpty || await project.GetCompilationAsync(context.CancellationToken).ConfigureAwait(false) is not { } compilation)
            return [];
        var found = await compilation.WithAnalyzers(analyzers, project.AnalyzerOptions).GetAnalyzerDiagnosticsAsync(context.CancellationToken).ConfigureAwait(false);
        return found.Where(diagnostic => ids.Contains(diagnostic.Id) && diagnostic.Location.Kind == LocationKind.ExternalFile);
    }

    /// <summary>Makes findings of one project right.</summary>
    public static Task<Solution> ApplyAsync(Solution solution, Project project, IReadOnlyCollection<Diagnostic> diagnostics, CancellationToken cancellation)
    {
        var merge = new EditMerge();
        foreach (var diagnostic in diagnostics.OrderBy(diagnostic => diagnostic.Location.GetLineSpan().Path, StringComparer.Ordinal).ThenBy(diagnostic => diagnostic.Location.SourceSpan.Start))
        {
            if (DiagnosticFix.Read(diagnostic) is { } fix && EditMerge.CanApply(fix, project))
                merge.Add(fix.Edits);
        }
        return merge.ApplyAsync(solution, project, cancellation);
    }
}
