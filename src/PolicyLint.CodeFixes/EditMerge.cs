using Microsoft.CodeAnalysis.Text;
using PolicyLint.CSharp.Fixes;

namespace PolicyLint.CodeFixes;

/// <summary>Brings the edits of several fixes together. A fix that does not go with those before it is left for another time.</summary>
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

    /// <summary>One change a place, in order.</summary>
    public IEnumerable<TextChange> Changes() => _edits
        .GroupBy(edit => edit.Span)
        .OrderBy(group => group.Key.Start).ThenBy(group => group.Key.End)
        .Select(group => new TextChange(group.Key, string.Concat(group.Select(edit => edit.Text))));

    private static bool Collide(DiagnosticEdit edit, DiagnosticEdit other) => edit.Span.IsEmpty && other.Span.IsEmpty
        ? edit.Span == other.Span && !(edit.JoinsOthers && other.JoinsOthers)
        : edit.Span.IntersectsWith(other.Span) && edit.Span.End != other.Span.Start && edit.Span.Start != other.Span.End;
}
