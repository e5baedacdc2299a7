using PolicyLint.Core.Logic.Proving;

namespace PolicyLint.Core.Logic;

/// <summary>
/// Answers of the prover. Whoever hosts an analysis owns them and may hand them to the next one: a question whose predicates, schema, policies and
/// functions say the same is not decided again. Bounded; any number of threads may use one object.
/// </summary>
/// <param name="capacity">How many answers, and texts that they are found by, are kept. Beyond that all are forgotten.</param>
public sealed class KnownAnswers(int capacity = 400_000)
{
    // A role's part in a question shows only in what was read on the way: a question has few answers.
    private const int MaximumReadings = 8;

    private readonly Dictionary<int[], List<Answer>> _answers = new(SequenceComparer.Instance);
    private int _count;

    /// <summary>Number of answers.</summary>
    public int Count => _count;

    /// <summary>What catalogs say, as numbers.</summary>
    internal Contents Contents { get; } = new();

    /// <summary>The answer to a question, if one is kept and all that was read on the way to it says the same today.</summary>
    internal Answer? Find(int[] question, Reading reading, Reading? earlier)
    {
        lock (_answers)
        {
            if (!_answers.TryGetValue(question, out var known))
                return null;
            foreach (var answer in known)
            {
                if (Contents.AreSame(answer.Reads, reading) && (earlier is null || Contents.AreSame(answer.EarlierReads, earlier)))
                    return answer;
            }
            return null;
        }
    }

    internal void Keep(int[] question, Answer answer)
    {
        lock (_answers)
        {
            if (_count + Contents.Count >= capacity)
            {
                _answers.Clear();
                Contents.Forget();
                _count = 0;
            }
            if (!_answers.TryGetValue(question, out var known))
                _answers.Add(question, known = []);
            if (known.Count == MaximumReadings)
                known.RemoveAt(0);
            else
                _count++;
            known.Add(answer);
        }
    }
}

/// <summary>A verdict and what was read on the way to it.</summary>
internal sealed record Answer(Verdict Verdict, bool ReadsOwnTable, IReadOnlyList<Read> Reads, IReadOnlyList<Read> EarlierReads);
