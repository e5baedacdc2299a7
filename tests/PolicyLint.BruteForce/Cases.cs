using FsCheck;
using FsCheck.Fluent;

namespace PolicyLint.BruteForce;

/// <summary>The generator and the shrinker as FsCheck takes them.</summary>
internal static class Cases
{
    public static Arbitrary<Case> Arbitrary { get; } = Arb.From(Gen.Sized(static size => Gen.Choose(0, int.MaxValue).Select(seed => Make(seed, size))), Shrinker.Shrink);

    // Of the questions whose premise nothing seems to pass, and of those whose goal seems to follow, some are passed over: most random questions are such.
    private static Case Make(int seed, int size)
    {
        var random = new Random(seed);
        var grammar = new Grammar(random);
        while (true)
        {
            var made = grammar.Case(size);
            var share = Judgement.Glance(made, random) switch { Glance.NothingPasses => 20, Glance.Follows => 45, _ => 100 };
            if (random.Next(100) < share)
                return made;
        }
    }
}
