using Microsoft.CodeAnalysis.Text;

namespace PolicyLint.CSharp.Fixes;

/// <summary>The lines of a file of C#, as what is written into it must follow them.</summary>
internal static class SourceLines
{
    /// <summary>A line break, and the indentation of the line that a position stands in.</summary>
    public static string BreakAt(SourceText text, int position)
    {
        var line = text.Lines.GetLineFromPosition(position);
        var end = line.EndIncludingLineBreak > line.End ? text.ToString(TextSpan.FromBounds(line.End, line.EndIncludingLineBreak)) : "\n";
        return end + new string([.. line.ToString().TakeWhile(char.IsWhiteSpace)]);
    }
}
