using PolicyLint.Core.Access;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Rules;
using PolicyLint.Sql.Text;

namespace PolicyLint.Core.Findings;

/// <summary>A place: a span of a text, or an object of a live database.</summary>
/// <param name="Source">The text; null for a live object.</param>
/// <param name="Span">The characters of <paramref name="Source"/>.</param>
/// <param name="LiveObject">`table public.t` where there is no text; otherwise empty.</param>
public sealed record Location(SourceText? Source, TextSpan Span, string LiveObject = "")
{
    /// <summary>The path to show: the file's, or empty for a live object.</summary>
    public string Path => Source?.Path ?? "";

    /// <summary>
    /// A part of a tree that belongs to a fact: its own place in a file, the object in a live database. What EXECUTE made of a format
    /// has a text of its own under the file's path, with offsets that mean nothing in the file: there the fact's place stands.
    /// </summary>
    public static Location Within(Origin owner, SourceText source, TextSpan span) =>
        owner.Source is null || (!ReferenceEquals(owner.Source, source) && owner.Source.Path == source.Path) ? Of(owner) : new(source, span);

    /// <summary>The place of a fact.</summary>
    public static Location Of(Origin origin) => origin.Place;
}

/// <summary>A second place that explains a finding.</summary>
public sealed record RelatedLocation(Location Location, string Message);

/// <summary>A witness after it was put to a server.</summary>
/// <param name="Outcome">What the server showed.</param>
/// <param name="Detail">The server's words, or why it could not be tried; empty where all went as told.</param>
public sealed record WitnessReplay(WitnessOutcome Outcome, string Detail);

/// <summary>What a server shows of a witness.</summary>
public enum WitnessOutcome
{
    /// <summary>The session got at the row, or was kept from it, as the witness says.</summary>
    Confirmed,

    /// <summary>The server did something else.</summary>
    NotConfirmed,

    /// <summary>A session or a row of it can't be made.</summary>
    NotTried,
}

/// <summary>What a rule found. Rendering adds no facts to it.</summary>
public sealed record Finding
{
    public required RuleInfo Rule { get; init; }

    /// <summary>The rule's own severity or the one that configuration gives it.</summary>
    public required Severity Severity { get; init; }

    /// <summary>One clause that can be understood alone; no final dot.</summary>
    public required string Message { get; init; }

    public required Location Location { get; init; }

    public IReadOnlyList<RelatedLocation> Related { get; init; } = [];

    /// <summary>A row and a session that show it, in words; null where there is none.</summary>
    public string? Witness { get; init; }

    /// <summary>The witness with its question, for a server to confirm; null where there is none.</summary>
    public AccessWitness? Access { get; init; }

    /// <summary>What came of replaying the witness on a server; null where it was not tried.</summary>
    public WitnessReplay? Replay { get; init; }

    /// <summary>What the finding is about, independent of place and wording: qualified names, policy, column, role, joined with `/`.</summary>
    public required string Subject { get; init; }

    /// <summary>Stable under moved lines: made of rule and subject, and of the occurrence among equal ones.</summary>
    public string Fingerprint { get; init; } = "";
}
