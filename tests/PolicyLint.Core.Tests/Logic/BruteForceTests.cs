using System.Globalization;
using PolicyLint.BruteForce;
using Xunit.Abstractions;

namespace PolicyLint.Core.Tests.Logic;

/// <summary>
/// Random questions about random schemas (`PolicyLint.BruteForce`), each answer compared with an evaluator of its own in small databases. POLICYLINT_FUZZ sets how many;
/// the benchmark `brute` runs many more, `brute-server` compares the evaluators with PostgreSQL.
/// </summary>
public class BruteForceTests(ITestOutputHelper output)
{
    private static readonly int s_shares = int.TryParse(Environment.GetEnvironmentVariable("POLICYLINT_FUZZ"), NumberStyles.None, CultureInfo.InvariantCulture, out var asked) ? Math.Max(1, asked / Run.CasesPerShare) : 4;

    [Fact]
    public void No_small_database_contradicts_an_answer()
    {
        var tally = new Tally();
        for (var share = 0; share < s_shares; share++)
            tally.Add(Run.Share(seed: 1, share, Run.CasesPerShare));
        output.WriteLine($"{tally.Proven} proven, {tally.Refuted} refuted of {tally.Count}");
        Assert.True(tally.Wrong.Count == 0, string.Join("\n", tally.Wrong));
        Assert.InRange(tally.Proven * 100 / tally.Count, 40, 70);
        Assert.InRange(tally.Refuted * 100 / tally.Count, 30, 50);
    }

    [Fact]
    public void The_interpreter_of_refutations_agrees_with_an_evaluator_that_shares_nothing_with_it()
    {
        var random = new Random(1);
        var compared = 0;
        foreach (var made in Run.Sample(seed: 1, 50 * s_shares))
        {
            foreach (var sample in Sample.Of(made, random, worlds: 4))
            {
                var (same, different) = sample.CompareWithInterpreter();
                Assert.True(different is null, different);
                compared += same;
            }
        }
        output.WriteLine(compared + " values compared");
        Assert.True(compared > 200 * s_shares);
    }

    [Fact]
    public void What_a_case_shrinks_to_is_a_case()
    {
        foreach (var made in Run.Sample(seed: 2, 20))
        {
            foreach (var smaller in Cases.Arbitrary.Shrinker(made).Take(40))
                Assert.NotNull(Judgement.Ask(smaller));
        }
    }
}
