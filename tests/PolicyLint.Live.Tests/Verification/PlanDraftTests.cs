using PolicyLint.Configuration;
using PolicyLint.Core.Catalog.Replay;
using PolicyLint.Core.Verification;
using PolicyLint.Live.Verification;
using PolicyLint.Sql.Text;

namespace PolicyLint.Live.Tests.Verification;

/// <summary>What is drafted from the migrations holds of the databases that they make.</summary>
[Collection(PostgresCollection.Name)]
public sealed class PlanDraftTests(PostgresFixture postgres)
{
    public static TheoryData<string> Samples() => [.. SampleDatabase.Names];

    [SkippableTheory]
    [MemberData(nameof(Samples))]
    public async Task A_draft_holds_of_its_sample_in_every_phase(string sample)
    {
        var input = SampleDatabase.Input(sample);
        var second = input.Files.Where(static file => file.Role == ScriptRole.Migration).ElementAt(1).Source.Path;
        var text = PlanText.Write(PlanDraft.Of(input, second)!);
        var read = PlanReader.Read(new SourceText(text, "plan.yml"));
        Assert.Empty(read.Errors.Select(error => $"{read.Plan.Source.GetPosition(error.Span.Start).Line + 1}: {error.Message}"));
        Assert.Equal(second, read.Plan.From);
        Assert.Equal(text, PlanText.Write(PlanDraft.Of(input, second)!));
        foreach (var phase in Enum.GetValues<PlanPhase>())
        {
            Assert.NotEmpty(read.Plan.Of(phase));
            await using var database = await SampleDatabase.AtAsync(postgres, sample, phase);
            var run = await PlanRunner.RunAsync(database.Target, read.Plan, phase);
            Assert.Empty(run.Results.Where(static r => r.Outcome != CheckOutcome.Passed).Select(r => $"{phase}: {r.Expectation.Statement}: {r.Outcome}, {r.Found}"));
        }
    }
}
