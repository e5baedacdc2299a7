using PolicyLint.Core.Findings;

namespace PolicyLint.Cli.Output;

/// <summary>A location as every format shows it: 1-based lines and columns, in UTF-16 units, the end exclusive.</summary>
internal readonly record struct Place(string Path, int Line, int Column, int EndLine, int EndColumn)
{
    public static Place Of(Location location)
    {
        if (location.Source is not { } source)
            return new(location.LiveObject, 0, 0, 0, 0);
        var start = source.GetPosition(location.Span.Start);
        var end = source.GetPosition(location.Span.End);
        return new(source.Path, start.Line + 1, start.Column + 1, end.Line + 1, end.Column + 1);
    }

    /// <summary>There is no text: the path names an object of a live database.</summary>
    public bool IsLive => Line == 0;

    /// <summary>`path:line:column`, or the object.</summary>
    public override string ToString() => IsLive ? Path : $"{Path}:{Line}:{Column}";
}
