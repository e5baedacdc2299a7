using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace PolicyLint.CSharp.Fixes;

/// <summary>A part of a file of the project and the text that comes in its place.</summary>
public sealed record CodeEdit(string Path, TextSpan Span, string Text)
{
    internal CodeEdit(SyntaxTree tree, TextSpan span, string text) : this(tree.FilePath, span, text)
    {
    }

    /// <summary>Another fix may put its own text at the same place: members of an object, statements.</summary>
    public bool JoinsOthers { get; init; }

    internal static CodeEdit Insert(SyntaxTree tree, int position, string text) => new(tree, new(position, 0), text);
}

/// <summary>How a finding is made right: edits that belong together.</summary>
/// <param name="Title">What is done, as a menu says it.</param>
/// <param name="Edits">In no order; none overlaps another.</param>
public sealed record SiteFix(string Title, ImmutableArray<CodeEdit> Edits);
