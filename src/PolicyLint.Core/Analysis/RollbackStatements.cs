using PolicyLint.Core.Catalog.Replay;
using PolicyLint.Core.Findings;
using PolicyLint.Sql.Text;

namespace PolicyLint.Core.Analysis;

/// <summary>Where rollback scripts stand, so that findings can be told apart from those of the migrations in the same file.</summary>
internal sealed class RollbackStatements
{
    private readonly Dictionary<SourceText, List<TextSpan>> _spans = [];

    public RollbackStatements(IReadOnlyList<Script> scripts)
    {
        foreach (var script in scripts)
        {
            if (script.Role != ScriptRole.Rollback || script.Tree.Statements.Count == 0)
                continue;
            if (!_spans.TryGetValue(script.Tree.Source, out var spans))
                _spans.Add(script.Tree.Source, spans = []);
            var statements = script.Tree.Statements;
            spans.Add(TextSpan.FromBounds(statements[0].Start, statements[statements.Count - 1].End));
        }
    }

    public bool Contains(Location location)
    {
        if (location.Source is null || !_spans.TryGetValue(location.Source, out var spans))
            return false;
        foreach (var span in spans)
        {
            if (location.Span.Start >= span.Start && location.Span.Start <= span.End)
                return true;
        }
        return false;
    }
}
