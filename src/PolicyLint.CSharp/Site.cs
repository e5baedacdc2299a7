using Microsoft.CodeAnalysis;
using PolicyLint.Core.Access;
using PolicyLint.Core.Logic;
using PolicyLint.CSharp.EntityFramework;
using PolicyLint.CSharp.Sinks;
using PolicyLint.CSharp.Text;

namespace PolicyLint.CSharp;

/// <summary>An operation as far as it concerns the database: the SQL that it runs, the queries of EF Core that end in it. Worked out once for all rules.</summary>
internal sealed record Site
{
    /// <summary>What runs neither.</summary>
    public static Site None { get; } = new();

    /// <summary>The call that takes SQL; null where it is none.</summary>
    public SqlCall? Call { get; init; }

    /// <summary>The texts that the call may run, one for each path, as far as they are known.</summary>
    public IReadOnlyList<SiteText> Texts { get; init; } = [];

    /// <summary>Why a text or a query is not known; empty where all are.</summary>
    public string Unread { get; init; } = "";

    /// <summary>What takes the result of a query; null where SQL is run.</summary>
    public SyntaxNode? Query { get; init; }

    /// <summary>The queries, one for each path.</summary>
    public IReadOnlyList<EntityRead> Reads { get; init; } = [];

    /// <summary>It is given no text here: a command whose text is set later.</summary>
    public bool IsEmpty => Texts.Count == 0 && Reads.Count == 0 && Unread.Length == 0;

    /// <summary>The weakest answer of its texts or queries; null where it runs nothing.</summary>
    public SiteCoverage? Cover(JudgedDatabase database, CancellationToken cancellation)
    {
        if (IsEmpty)
            return null;
        return Call is { } call ? CoverTexts(call, database, cancellation) : CoverReads(database, cancellation);
    }

    private SiteCoverage? CoverReads(JudgedDatabase database, CancellationToken cancellation)
    {
        if (Unread.Length == 0 && Reads.All(read => read.IsOfSql))
            return null;
        if (Reads.Count == 0)
            return new(Query!.GetLocation(), SiteAnswer.NotAnalysed, Unread);
        var tally = new CoverageTally();
        foreach (var read in Reads)
        {
            if (read.IsOfSql)
                continue;
            var isFiltered = read.IsFilteredByModel == true || read.Judgement?.Verdict is Verdict.Proven;
            tally.Add(isFiltered, read.IsOpen, database.IsGuardedByRowSecurity(read.Entity.Table!, cancellation), read.Query.Undecided ?? "a filter of the model or of the query can't be read");
        }
        return Known(tally.At(Reads[0].Location));
    }

    private SiteCoverage CoverTexts(SqlCall call, JudgedDatabase database, CancellationToken cancellation)
    {
        var location = call.Sql.Syntax.GetLocation();
        if (Texts.Count == 0)
            return new(location, SiteAnswer.NotAnalysed, "its text is not known: " + Unread) { Kind = SiteKind.UnknownSql };
        var tally = new CoverageTally();
        foreach (var text in Texts)
        {
            if (text.Sql.Tree.Errors.Count > 0)
                return new(location, SiteAnswer.NotAnalysed, text.Text.Holes.Count > 0 ? "a part of its text is not constant" : "it can't be read as PostgreSQL's SQL") { Kind = SiteKind.Sql };
            foreach (var occurrence in text.Occurrences.SelectMany(occurrences => occurrences))
            {
                tally.Add(
                    occurrence.Verdict is Verdict.Proven, occurrence.Verdict is Verdict.Refuted, database.IsGuardedByRowSecurity(occurrence.Table, cancellation),
                    occurrence.Verdict is Verdict.Unknown unknown ? unknown.Detail : "");
            }
        }
        return Known(tally.At(location) with { Kind = SiteKind.Sql });
    }

    // What is known may be harmless; of the rest nothing is known.
    private SiteCoverage Known(SiteCoverage answer)
    {
        if (Unread.Length == 0 || answer.Answer == SiteAnswer.Open)
            return answer;
        return answer with { Answer = SiteAnswer.NotAnalysed, Reason = Call is null ? "a part of it is not known: " + Unread : "its text is not known on every path: " + Unread };
    }
}

/// <summary>A text of a call, on one path.</summary>
/// <param name="Text">The text with its places and holes.</param>
/// <param name="Sql">The same, parsed.</param>
/// <param name="Occurrences">The tenant tables of each statement; what a hole or a query around the text may turn is undecided.</param>
internal sealed record SiteText(SqlText Text, JudgedSql Sql, IReadOnlyList<IReadOnlyList<TenantOccurrence>> Occurrences)
{
    /// <summary>Reads a text.</summary>
    public static SiteText Of(SqlText text, OuterCondition around, JudgedDatabase database, CancellationToken cancellation)
    {
        var sql = database.Read(text.Text, cancellation);
        if (text.Holes.Count == 0 && !around.MayKeepOut)
            return new(text, sql, sql.Occurrences);
        var occurrences = new IReadOnlyList<TenantOccurrence>[sql.Occurrences.Count];
        for (var i = 0; i < occurrences.Length; i++)
        {
            var isMade = text.Holes.Count > 0 && HoleUses.In(sql.Tree.Statements[i], text).MayChangeMeaning;
            if (around.Isolated is { } isolated && !isMade && occurrences.Length == 1 && EntitySql.GivesRows(sql.Tree.Statements[i], sql.Occurrences[i], isolated))
            {
                occurrences[i] = [.. sql.Occurrences[i].Select(occurrence => occurrence with { Verdict = new Verdict.Proven([]) })];
                continue;
            }
            var doubt = around.MayKeepOut ? "a query filter or an operator behind it may keep rows out" : isMade ? "a part of the text is not constant" : null;
            occurrences[i] = doubt is null
                ? sql.Occurrences[i]
                : [.. sql.Occurrences[i].Select(occurrence => occurrence.Verdict is Verdict.Refuted ? occurrence with { Verdict = new Verdict.Unknown(UnknownReason.UnsupportedSyntax, doubt) } : occurrence)];
        }
        return new(text, sql, occurrences);
    }
}
