using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using PolicyLint.CSharp.Fixes;

namespace PolicyLint.CodeFixes;

/// <summary>Brings the edits of several fixes of a project together. A fix that does not go with those before it is left for another time.</summary>
internal sealed class EditMerge
{
    private readonly List<DiagnosticEdit> _edits = [];

    /// <summary>Adds the edits of one fix: all of them, or none. One that another fix makes, too, is made once.</summary>
    public void Add(IReadOnlyList<DiagnosticEdit> fix)
    {
        var added = new List<DiagnosticEdit>();
        foreach (var edit in fix)
        {
            if (_edits.Contains(edit))
                continue;
            if (_edits.Exists(other => Collide(edit, other)))
                return;
            added.Add(edit);
        }
        _edits.AddRange(added);
    }

    /// <summary>A solution with all edits made. The texts are those of the project: projects share files.</summary>
    public async Task<Solution> ApplyAsync(Solution solution, Project project, CancellationToken cancellation)
    {
        foreach (var edits in _edits.GroupBy(edit => edit.Path))
        {
            if (DocumentAt(project, edits.Key) is not { } document)
                continue;
            var text = (await document.GetTextAsync(cancellation).ConfigureAwait(false)).WithChanges(Changes(edits));
            solution = document is Document ? solution.WithDocumentText(document.Id, text) : solution.WithAdditionalDocumentText(document.Id, text);
        }
        return solution;
    }

    /// <summary>The project has all files that a fix changes.</summary>
    public static bool CanApply(DiagnosticFix fix, Project project) => fix.Edits.All(edit => DocumentAt(project, edit.Path) is not null);

    private static TextDocument? DocumentAt(Project project, string path) =>
        project.Solution.GetDocumentIdsWithFilePath(path).FirstOrDefault(id => id.ProjectId == project.Id) is { } id ? project.GetDocument(id) ?? project.GetAdditionalDocument(id) : null;

    // One change a place, in order.
    private static IEnumerable<TextChange> Changes(IEnumerable<DiagnosticEdit> edits) => edits
        .GroupBy(edit => edit.Span)
        .OrderBy(group => group.Key.Start).ThenBy(group => group.Key.End)
        .Select(group => new TextChange(group.Key, string.Concat(group.Select(edit => edit.Text))));

    private static bool Collide(DiagnosticEdit edit, DiagnosticEdit other)
    {
        if (edit.Path != other.Path)
            return false;
        return edit.Span.IsEmpty && other.Span.IsEmpty
            ? edit.Span == other.Span && !(edit.JoinsOthers && other.JoinsOthers)
            : edit.Span.IntersectsWith(other.Span) && edit.Span.End != other.Span.Start && edit.Span.Start != other.Span.End;
    }
}
