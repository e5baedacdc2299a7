using PolicyLint.BruteForce;

namespace PolicyLint.Benchmarks;

/// <summary>Random questions to the prover; every answer is compared with evaluation over small databases.</summary>
internal static class BruteForce
{
    public static int Search(int count, int seed)
    {
        var shares = new Tally[(count + Run.CasesPerShare - 1) / Run.CasesPerShare];
        Parallel.For(0, shares.Length, new ParallelOptions { MaxDegreeOfParallelism = 2 }, share => shares[share] = Run.Share(seed, share, Math.Min(Run.CasesPerShare, count - (share * Run.CasesPerShare))));
        var tally = new Tally();
        foreach (var share in shares)
            tally.Add(share);
        foreach (var text in tally.Wrong)
            Console.WriteLine(text);
        foreach (var (construct, cases) in tally.Constructs)
            Console.WriteLine($"{cases,8} {construct}");
        Console.WriteLine($"{tally.Count} questions, seed {seed}: {tally.Proven} proven ({tally.Worlds} databases and sessions looked at, all there are for {tally.Exhaustive} of them; nothing passes the premise of {tally.Vacuous}), {tally.Refuted} refuted, {tally.Count - tally.Proven - tally.Refuted} unknown ({string.Join(", ", tally.Unknown.Select(static pair => pair.Key + " " + pair.Value))}); {tally.Wrong.Count} wrong");
        return tally.Wrong.Count == 0 ? 0 : 1;
    }
}
