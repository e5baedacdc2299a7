using FsCheck;
using FsCheck.Fluent;

namespace PolicyLint.BruteForce;

/// <summary>Cases in shares: each has a seed of its own, so that what is found does not depend on the machine.</summary>
internal static class Run
{
    public const int CasesPerShare = 250;

    // SplitMix's own: sequences of shares next to each other do not overlap.
    private const ulong Gamma = 0x9E3779B97F4A7C15;

    /// <summary>As many cases, to do something else with.</summary>
    public static IEnumerable<Case> Sample(int seed, int count) => Cases.Arbitrary.Generator.Sample(count, new Rnd(unchecked((ulong)seed), Gamma), 20);

    /// <summary>The cases of one share; stops at the first that is wrong and makes it as small as it goes.</summary>
    public static Tally Share(int seed, int share, int count)
    {
        var tally = new Tally();
        var judgement = new Judgement(new Pool());
        var isShrinking = false;
        var property = Prop.ForAll(Cases.Arbitrary, made =>
        {
            var outcome = judgement.Of(made);
            if (!isShrinking)
                tally.Add(made, outcome);
            isShrinking |= outcome.Fault is not null;
            return outcome.Fault is null;
        });
        var runner = new Reporter(made => tally.Wrong.Add(judgement.Of(made).Fault + "\n" + made));
        Check.One(Config.Quick.WithMaxTest(count).WithStartSize(1).WithEndSize(30).WithReplay(unchecked(((ulong)seed << 32) + (ulong)share), Gamma).WithRunner(runner), property);
        return tally;
    }

    private sealed class Reporter(Action<Case> report) : IRunner
    {
        public void OnStartFixture(Type value)
        {
        }

        public void OnArguments(int ntest, Microsoft.FSharp.Collections.FSharpList<object> args, Microsoft.FSharp.Core.FSharpFunc<int, Microsoft.FSharp.Core.FSharpFunc<Microsoft.FSharp.Collections.FSharpList<object>, string>> every)
        {
        }

        public void OnShrink(Microsoft.FSharp.Collections.FSharpList<object> args, Microsoft.FSharp.Core.FSharpFunc<Microsoft.FSharp.Collections.FSharpList<object>, string> everyShrink)
        {
        }

        public void OnFinished(string name, TestResult testResult)
        {
            switch (testResult)
            {
                case TestResult.Failed failed:
                    foreach (var argument in failed.Item3)
                        report((Case)argument);
                    break;
                case TestResult.Passed:
                    break;
                default:
                    throw new InvalidOperationException(testResult.ToString());
            }
        }
    }
}
