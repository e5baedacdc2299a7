using PolicyLint.Cli.Commands;
using PolicyLint.Cli.Verification;
using PolicyLint.Core.Verification;

namespace PolicyLint.Cli.Tests;

/// <summary>A plan that is written from migrations and given back to `verify --scratch`.</summary>
public sealed class PlanCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new TemporaryFolder()
        .With("migrations/1.sql", "create table docs (id uuid primary key); alter table docs enable row level security; create policy all_of_it on docs to reader using (true);")
        .With("migrations/2.sql", "alter table docs add column owner_id uuid not null; drop policy all_of_it on docs; create policy own on docs to reader using (owner_id = current_setting('app.user')::uuid);")
        .With("migrations/2.down.sql", "drop policy own on docs; create policy all_of_it on docs to reader using (true); alter table docs drop column owner_id;");

    public void Dispose() => _folder.Dispose();

    [SkippableTheory]
    [InlineData(PlanPhase.Before)]
    [InlineData(PlanPhase.After)]
    [InlineData(PlanPhase.Rollback)]
    public async Task A_written_plan_holds_on_a_scratch_server_in_the_phase_that_it_is_for(PlanPhase phase)
    {
        PostgresTests.SkipWithoutPostgres();
        var written = Policylint.Run(_folder.Root, terminal => PlanCommand.Run(".", "migrations/2.sql", terminal, default));
        Assert.Equal("", written.Messages);
        _folder.With("plan.yml", written.Output);
        var report = await VerifyAsync(phase, until: null);
        Assert.Empty(report.Problems);
        Assert.DoesNotContain(report.Findings, static finding => finding.Rule.Id == "PL7001");
        Assert.NotEmpty(Assert.Single(report.Plans).Results);
    }

    [SkippableFact]
    public async Task A_phase_before_stands_where_somebody_says_that_it_does()
    {
        PostgresTests.SkipWithoutPostgres();
        _folder.With("plan.yml", "before:\n  - { column: docs.owner_id, exists: false }\n");
        Assert.Contains("is not said", Assert.Single((await VerifyAsync(PlanPhase.Before, until: null)).Problems).Message, StringComparison.Ordinal);
        Assert.Contains("no such migration", Assert.Single((await VerifyAsync(PlanPhase.Before, until: "3.sql")).Problems).Message, StringComparison.Ordinal);
        var report = await VerifyAsync(PlanPhase.Before, until: "2.sql");
        Assert.Empty(report.Problems);
        Assert.Empty(report.Findings);
    }

    [Fact]
    public void What_can_not_be_planned_for_is_said()
    {
        var missing = Policylint.Run(_folder.Root, static terminal => PlanCommand.Run(".", "7.sql", terminal, default));
        Assert.Equal((2, "", "policylint: there is no migration 7.sql\n"), (missing.ExitCode, missing.Output, missing.Messages));
    }

    private Task<Report> VerifyAsync(PlanPhase phase, string? until)
    {
        var problems = new List<Problem>();
        var plan = VerifyRequest.ReadPlan("plan.yml", _folder.Root, problems);
        Assert.Empty(problems);
        var terminal = new Terminal(TextWriter.Null, TextWriter.Null, _folder.Root, UseColor: false, ShowProgress: false);
        return ScratchVerification.RunAsync(".", new() { Plan = plan, Phase = phase, Until = until }, terminal, default);
    }
}
