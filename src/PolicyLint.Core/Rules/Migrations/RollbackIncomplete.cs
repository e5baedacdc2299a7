using PolicyLint.Core.Catalog.Difference;
using PolicyLint.Core.Catalog.Replay;
using PolicyLint.Core.Findings;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Rules.Migrations;

internal sealed class RollbackIncomplete : MigrationRule
{
    private const int MostNamed = 4;

    public override RuleInfo Info { get; } = new()
    {
        Id = "PL3010",
        Name = "rollback-incomplete",
        Severity = Severity.Warning,
        Title = "Rollback that does not bring back what was there",
        What = "Runs the migrations that a rollback script belongs to and then the rollback, and reports each table, view, function, type and schema that is not as it was before: what stays, what is missing, what is different. The down part of a file (goose, dbmate) belongs to its up part, `2_x.down.sql` to `2_x.up.sql`, `008_rollback.sql` to all of version 008; a rollback that belongs to no migration for certain is left alone, and so is one that is empty.",
        Why = "A rollback runs once, under stress, and is seldom tried before. A policy that it forgets leaves the table open or shut; a function that it leaves behind still runs as its owner.",
        Fix = "Drop what the migration makes and make again what it drops. `DROP COLUMN … CASCADE` takes policies and views, but no function whose body mentions the column: functions are dropped by name.",
        Bad = """
            -- file: 008_locale.sql
            create table public.notes (id uuid primary key);
            create function public.note_count() returns bigint language sql stable as 'select count(*) from public.notes';
            -- file: 008_locale_rollback.sql
            drop table public.notes;
            -- ^^^ PL3010: After this rollback public.note_count is not as it was before: function public.note_count() stays
            """,
        Good = """
            -- file: 008_locale.sql
            create table public.notes (id uuid primary key);
            create function public.note_count() returns bigint language sql stable as 'select count(*) from public.notes';
            -- file: 008_locale_rollback.sql
            drop function public.note_count();
            drop table public.notes;
            """,
        Sources = ["PostgreSQL manual, Dependency Tracking"],
    };

    public override void Check(MigrationRuleContext context)
    {
        foreach (var remainder in context.Replay.RollbackRemainders)
        {
            RelatedLocation[] related = remainder.CreatedAt is { Source: not null } origin ? [new(Location.Of(origin), "it is made here")] : [];
            context.Report(
                this, new(remainder.Rollback.Tree.Source, LastOf(remainder.Rollback).Span), remainder.Object + "/rollback",
                $"After this rollback {remainder.Object} is not as it was before: {Describe(remainder)}", related);
        }
    }

    private static Statement LastOf(Script rollback)
    {
        var statements = rollback.Tree.Statements;
        for (var i = statements.Count - 1; i > 0; i--)
        {
            if (statements[i] is not TransactionStatement)
                return statements[i];
        }
        return statements[0];
    }

    // A relation that stays or is missing says it all: its columns and policies go without saying.
    private static string Describe(RollbackRemainder remainder)
    {
        var named = new List<CatalogDisagreement>();
        foreach (var difference in remainder.Differences)
        {
            if (IsWhole(difference, remainder.Object))
                return Word(difference);
            if (!IsOneSided(difference) || !difference.Object.StartsWith("body of ", StringComparison.Ordinal))
                named.Add(difference);
        }
        var words = new List<string>();
        for (var i = 0; i < named.Count && i < MostNamed; i++)
            words.Add(Word(named[i]));
        return string.Join(", ", words) + (named.Count > MostNamed ? $" and {named.Count - MostNamed} more" : "");
    }

    private static bool IsWhole(CatalogDisagreement difference, string name) =>
        IsOneSided(difference) && (difference.Object == "table " + name || difference.Object == "view " + name);

    private static bool IsOneSided(CatalogDisagreement difference) => difference.Left is null || difference.Right is null;

    private static string Word(CatalogDisagreement difference) =>
        difference.Object + (difference.Left is null ? " stays" : difference.Right is null ? " is missing" : " is different");
}
