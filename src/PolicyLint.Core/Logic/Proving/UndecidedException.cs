using PolicyLint.Sql.Text;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Logic.Proving;

/// <summary>The question holds something that the prover does not know. Never leaves the prover: it becomes Unknown with this reason.</summary>
internal sealed class UndecidedException(UnknownReason reason, string detail, SqlNode? node = null) : Exception(detail)
{
    public UnknownReason Reason { get; } = reason;

    public TextSpan? Span { get; } = node?.Span;
}
