using PolicyLint.Core.Logic;

namespace PolicyLint.BruteForce;

/// <summary>What a run of cases came to.</summary>
internal sealed class Tally
{
    public int Proven { get; private set; }

    public int Refuted { get; private set; }

    public int Exhaustive { get; private set; }

    public int Vacuous { get; private set; }

    public long Worlds { get; private set; }

    public int Count { get; private set; }

    public SortedDictionary<string, int> Constructs { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, int> Unknown { get; } = new(StringComparer.Ordinal);

    public List<string> Wrong { get; } = [];

    public void Add(Case made, Outcome outcome)
    {
        Count++;
        Worlds += outcome.Worlds;
        Exhaustive += outcome.IsExhaustive ? 1 : 0;
        Vacuous += outcome.IsVacuous ? 1 : 0;
        foreach (var construct in made.Constructs())
            Constructs[construct] = Constructs.GetValueOrDefault(construct) + 1;
        switch (outcome.Verdict)
        {
            case Verdict.Proven:
                Proven++;
                break;
            case Verdict.Refuted:
                Refuted++;
                break;
            case Verdict.Unknown unknown:
                Unknown[unknown.Reason.ToString()] = Unknown.GetValueOrDefault(unknown.Reason.ToString()) + 1;
                break;
        }
    }

    public void Add(Tally other)
    {
        Count += other.Count;
        Proven += other.Proven;
        Refuted += other.Refuted;
        Exhaustive += other.Exhaustive;
        Vacuous += other.Vacuous;
        Worlds += other.Worlds;
        Wrong.AddRange(other.Wrong);
        foreach (var (construct, count) in other.Constructs)
            Constructs[construct] = Constructs.GetValueOrDefault(construct) + count;
        foreach (var (reason, count) in other.Unknown)
            Unknown[reason] = Unknown.GetValueOrDefault(reason) + count;
    }
}
