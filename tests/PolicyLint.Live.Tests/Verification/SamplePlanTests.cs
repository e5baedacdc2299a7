using PolicyLint.Core.Verification;
using PolicyLint.Live.Scratch;
using PolicyLint.Live.Verification;

namespace PolicyLint.Live.Tests.Verification;

/// <summary>The ready plans hold of the samples done right, in every phase.</summary>
[Collection(PostgresCollection.Name)]
public sealed class SamplePlanTests(PostgresFixture postgres)
{
    public static TheoryData<string, PlanPhase> Phases()
    {
        var data = new TheoryData<string, PlanPhase>();
        foreach (var sample in SampleDatabase.Names)
        {
            foreach (var phase in Enum.GetValues<PlanPhase>())
                data.Add(sample, phase);
        }

        return data;
    }

    [SkippableTheory]
    [MemberData(nameof(Phases))]
    public async Task A_plan_holds_of_its_sample(string sample, PlanPhase phase)
    {
        await using var database = await SampleDatabase.AtAsync(postgres, sample, phase);
        var run = await PlanRunner.RunAsync(database.Target, SampleDatabase.Plan(sample), phase);

        Assert.Null(run.Refusal);
        Assert.NotEmpty(run.Results);
        Assert.Empty(run.Results.Where(static r => r.Outcome != CheckOutcome.Passed).Select(static r => $"{r.Expectation.Statement}: {r.Outcome}, {r.Found}"));
    }
}
