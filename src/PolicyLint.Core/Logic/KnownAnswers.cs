using PolicyLint.Core.Catalog;
using PolicyLint.Core.Logic.Proving;

namespace PolicyLint.Core.Logic;

/// <summary>
/// Answers of the prover. Whoever hosts an analysis owns them and may hand them to the next one: a question whose predicates, schema, policies and
/// functions say the same is not decided again, be it of a table under other names. Bounded; any number of threads may use one object.
/// </summary>
/// <param name="capacity">How many answers, and texts that they are found by, are kept. Beyond that all are forgotten.</param>
public sealed class KnownAnswers(int capacity = 400_000)
{
    // A role's part in a question shows only in what was read on the way: a question has few answers.
    private const int MaximumReadings = 8;

    private readonly Dictionary<long, List<KeptAnswer>> _answers = [];
    private Contents _contents = new();
    private Naming _byPlace = new(isByName: false);
    private Naming _byName = new(isByName: true);
    private int _count;

    /// <summary>Number of answers.</summary>
    public int Count => _count;

    /// <summary>The answer to a question, if one is kept and all that was read on the way to it says the same today.</summary>
    internal FoundAnswer? Find(in Question question)
    {
        lock (_answers)
            return Find(question, _byPlace) ?? Find(question, _byName);
    }

    /// <summary>The same for one who asks which kind of answer it is alone: a witness may be one of another table.</summary>
    internal Answer? FindKind(in Question question)
    {
        lock (_answers)
            return (KeptOf(question, _byPlace) ?? KeptOf(question, _byName))?.Answer;
    }

    internal void Keep(in Question question, Answer answer, IReadOnlyList<Read> reads)
    {
        lock (_answers)
        {
            if (_count + _contents.Count >= capacity)
            {
                _answers.Clear();
                (_contents, _byPlace, _byName, _count) = (new(), new(isByName: false), new(isByName: true), 0);
            }
            // Why something is not decided is told in names.
            if (answer.Verdict is Verdict.Unknown || !TryKeep(question, answer, reads, _byPlace))
                TryKeep(question, answer, reads, _byName);
        }
    }

    // Only a witness speaks of tables and columns: why something is undecided is not kept by places.
    private FoundAnswer? Find(in Question question, Naming naming) =>
        KeptOf(question, naming) is not { } kept ? null
        : kept.Answer.Verdict is not Verdict.Refuted || kept.Names.SequenceEqual(naming.Names) ? new(kept.Answer)
        : Renamed(kept, [.. naming.Names]);

    private KeptAnswer? KeptOf(in Question question, Naming naming)
    {
        if (KeyOf(question, naming) is not { } key || !_answers.TryGetValue(key, out var known))
            return null;
        naming.Begin(question.Subject.In(_contents));
        var asked = naming.Names.Count;
        foreach (var kept in known)
        {
            naming.Truncate(asked);
            if (IsAsItWas(kept.Reads, question.Circumstances, naming))
                return kept;
        }
        return null;
    }

    // Everything that the decision depends on but what it looks up on the way; null where its names may mean something by themselves.
    private long? KeyOf(in Question question, Naming naming)
    {
        var subject = question.Subject.In(_contents);
        if (!IsIn(subject, question.Circumstances, naming))
            return null;
        var said = naming.IsByName ? subject.NumberIn(_contents) : subject.Shape;
        return ((long)question.Circumstances.NumberIn(_contents) << 33) | ((long)said << 2) | (question.IsNew ? 2L : 0L) | (naming.IsByName ? 1L : 0L);
    }

    private static bool IsIn(Content content, Circumstances circumstances, Naming naming) =>
        naming.IsByName || content.Scope == NameScope.Anything || (content.Scope == NameScope.OneState && !circumstances.IsOverTime);

    private FoundAnswer Renamed(KeptAnswer kept, int[] names)
    {
        if (kept.Told.TryGetValue(names, out var told))
            return new(kept.Answer with { Verdict = told });
        var renaming = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < names.Length; i++)
        {
            if (kept.Names[i] != names[i])
                renaming.Add(_contents.TextOf(kept.Names[i]), _contents.TextOf(names[i]));
        }
        return new(kept.Answer)
        {
            Names = renaming,
            Tell = verdict =>
            {
                lock (_answers)
                {
                    kept.Told[names] = verdict;
                    _count++;
                }
            },
        };
    }

    private bool IsAsItWas(KeptRead[] reads, Circumstances circumstances, Naming naming)
    {
        foreach (var read in reads)
        {
            var content = circumstances.Read(_contents, read.Kind, read.IsEarlier, read.Schema, read.Kind == ReadKind.Functions ? read.Name : naming.NameAt(read.Name));
            if (content.Shape != read.Shape || !IsIn(content, circumstances, naming) || !naming.AreAt(content, read.Places))
                return false;
        }
        return true;
    }

    private bool TryKeep(in Question question, Answer answer, IReadOnlyList<Read> reads, Naming naming)
    {
        if (KeyOf(question, naming) is not { } key)
            return false;
        naming.Begin(question.Subject.In(_contents));
        var kept = new KeptRead[reads.Count];
        for (var i = 0; i < kept.Length; i++)
        {
            var read = reads[i];
            var (schema, number) = (_contents.NumberOf(read.Id.Schema), _contents.NumberOf(read.Id.Name));
            // A question names functions in its shape: they are the same for all that have it.
            if ((read.Kind == ReadKind.Functions ? number : naming.Find(number)) is not { } name)
                return false;
            var content = question.Circumstances.Read(_contents, read.Kind, read.IsEarlier, schema, number);
            if (!IsIn(content, question.Circumstances, naming))
                return false;
            kept[i] = new(read.Kind, read.IsEarlier, schema, name, content.Shape, naming.PlacesOf(content));
        }
        if (!_answers.TryGetValue(key, out var known))
            _answers.Add(key, known = []);
        if (known.Count == MaximumReadings)
            known.RemoveAt(0);
        else
            _count++;
        known.Add(new(answer, kept, [.. naming.Names]));
        return true;
    }

    private sealed record KeptAnswer(Answer Answer, KeptRead[] Reads, int[] Names)
    {
        /// <summary>The verdict under other names.</summary>
        public Dictionary<int[], Verdict> Told { get; } = new(SequenceComparer.Instance);
    }

    /// <param name="Kind">What was read.</param>
    /// <param name="IsEarlier">In which state.</param>
    /// <param name="Schema">The number of the schema's name.</param>
    /// <param name="Name">The place of the object's name; of a function its number.</param>
    /// <param name="Shape">What it said.</param>
    /// <param name="Places">Where its names stand.</param>
    private readonly record struct KeptRead(ReadKind Kind, bool IsEarlier, int Schema, int Name, int Shape, int[] Places);
}
