using PolicyLint.Core.Findings;
using PolicyLint.Sql.Text;

namespace PolicyLint.Core.Catalog;

/// <summary>
/// Where a fact of the catalog comes from: a statement in a file, an object of a live database,
/// the platform's seed, or PostgreSQL's own default.
/// </summary>
public sealed class Origin
{
    // The text, or the words of what says so where no text does.
    private readonly object _source;
    private Location? _place;

    private Origin(object source, TextSpan span)
    {
        _source = source;
        Span = span;
    }

    /// <summary>What PostgreSQL does when nothing is said.</summary>
    public static Origin Default { get; } = new("postgres default", default);

    /// <summary>The text that says so; null for facts that no file states.</summary>
    public SourceText? Source => _source as SourceText;

    /// <summary>The statement, or the part of it, in <see cref="Source"/>.</summary>
    public TextSpan Span { get; }

    /// <summary>What says so where no file does: `policy p on public.t`, `platform supabase`.</summary>
    public string Description => _source as string ?? "";

    /// <summary>The same as a place to report: one object, however many findings stand or point there.</summary>
    internal Location Place => _place ??= new(Source, Span, Description);

    /// <summary>A file's statement or part of one.</summary>
    public static Origin In(SourceText source, TextSpan span) => new(source, span);

    /// <summary>An object of a live database.</summary>
    public static Origin Live(string objectDescription) => new(objectDescription, default);

    /// <summary>Seeded by a platform: rules do not report on what the project did not make.</summary>
    public static Origin Platform(string platform) => new("platform " + platform, default);
}

/// <summary>A value that a statement set, and which one it was.</summary>
/// <param name="Value">The value; where it is not known, the likeliest.</param>
/// <param name="Origin">What set it last.</param>
/// <param name="IsKnown">False where a statement that could not be read may have set it.</param>
public readonly record struct Fact<T>(T Value, Origin Origin, bool IsKnown = true);
