using PolicyLint.Cli.Tests.Output;
using PolicyLint.Cli.Verification;
using PolicyLint.Core.Findings;

namespace PolicyLint.Cli.Tests;

public sealed class WitnessReplayTests
{
    [SkippableFact]
    public async Task A_scratch_server_confirms_what_findings_of_states_and_of_changes_tell()
    {
        PostgresTests.SkipWithoutPostgres();
        using var folder = new TemporaryFolder();
        folder.With("migrations/1.sql", """
            create table public.notes (id uuid primary key, user_id uuid not null);
            create index on public.notes (user_id);
            alter table public.notes enable row level security;
            create policy own on public.notes for select to authenticated using (user_id = (select auth.uid()));
            create table public.tags (id uuid primary key, user_id uuid not null);
            create index on public.tags (user_id);
            alter table public.tags enable row level security;
            create policy members on public.tags for select to authenticated using ((select auth.uid()) is not null);
            """);
        folder.With("migrations/2.sql", """
            begin;
            drop policy own on public.notes;
            create policy members on public.notes for select to authenticated using ((select auth.uid()) is not null and id <> user_id);
            commit;
            """);

        var report = await ScratchVerification.RunAsync(".", new(), new(TextWriter.Null, TextWriter.Null, folder.Root, UseColor: false, ShowProgress: false), default);

        Assert.Empty(report.Problems);
        var told = report.Findings.Where(finding => finding.Witness is not null).ToList();
        Assert.Equal(["PL2002", "PL3001", "PL3002"], told.Select(finding => finding.Rule.Id).Order(StringComparer.Ordinal));
        Assert.All(told, finding => Assert.Equal(WitnessOutcome.Confirmed, finding.Replay?.Outcome));
        Assert.Contains("replayed 3 witnesses: 3 confirmed on a server", report.Notes);
    }

    [Theory]
    [InlineData(WitnessOutcome.Confirmed, "text", "the witness is confirmed on a server")]
    [InlineData(WitnessOutcome.NotConfirmed, "text", "the witness is NOT confirmed on a server: no row")]
    [InlineData(WitnessOutcome.NotTried, "text", "the witness is not tried on a server: no row")]
    [InlineData(WitnessOutcome.NotConfirmed, "json", "\"outcome\": \"not-confirmed\"")]
    [InlineData(WitnessOutcome.NotConfirmed, "markdown", "(NOT confirmed on a server: no row)")]
    public void A_report_says_what_came_of_a_witness(WitnessOutcome outcome, string format, string expected)
    {
        var report = Samples.Report();
        report = report with { Findings = [report.Findings[0] with { Replay = new(outcome, "no row") }] };

        Assert.Contains(expected, Samples.Render(format, report), StringComparison.Ordinal);
    }
}
