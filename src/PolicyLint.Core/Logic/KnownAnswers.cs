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

    private readonly Dictionary<int[], List<KeptAnswer>> _answers = new(SequenceComparer.Instance);
    private readonly List<int> _parts = [];
    private Contents _contents = new();
    private Naming _byPlace = new(isByName: false);
    private Naming _byName = new(isByName: true);
    private int _count;

    /// <summary>Number of answers.</summary>
    public int Count => _count;

    /// <summary>The answer to a question, if one is kept and all that was read on the way to it says the same today.</summary>
    internal FoundAnswer? Find(Question question)
    {
        lock (_answers)
            return Find(question, _byPlace) ?? Find(question, _byName);
    }

    /// <summary>The same for one who asks which kind of answer it is alone: a witness may be one of another table.</summary>
    internal Answer? FindKind(Question question)
    {
        lock (_answers)
            return (KeptOf(question, _byPlace) ?? KeptOf(question, _byName))?.Answer;
    }

    internal void Keep(Question question, Answer answer, IReadOnlyList<Read> reads)
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
    private FoundAnswer? Find(Question question, Naming naming) =>
        KeptOf(question, naming) is not { } kept ? null
        : kept.Answer.Verdict is not Verdict.Refuted || kept.Names.SequenceEqual(naming.Names) ? new(kept.Answer)
        : Renamed(kept, [.. naming.Names]);

    private KeptAnswer? KeptOf(Question question, Naming naming)
    {
        naming.Truncate(0);
        if (question.KeyOf(_contents, naming) is not { } key || !_answers.TryGetValue(key, out var known))
            return null;
        var asked = naming.Names.Count;
        foreach (var kept in known)
        {
            naming.Truncate(asked);
            if (IsAsItWas(kept.Reads, question, naming))
                return kept;
        }
        return null;
    }

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

    private bool IsAsItWas(KeptRead[] reads, Question question, Naming naming)
    {
        foreach (var read in reads)
        {
            var id = new QualifiedId(_contents.TextOf(read.Schema), _contents.TextOf(naming.NameAt(read.Name)));
            var content = question.ContentOf(_contents, new(read.Kind, read.IsEarlier, id));
            if (content.IsByName && !naming.IsByName)
                return false;
            _parts.Clear();
            naming.Add(_parts, content);
            if (_parts.Count != read.Content.Length)
                return false;
            for (var i = 0; i < read.Content.Length; i++)
            {
                if (_parts[i] != read.Content[i])
                    return false;
            }
        }
        return true;
    }

    private bool TryKeep(Question question, Answer answer, IReadOnlyList<Read> reads, Naming naming)
    {
        naming.Truncate(0);
        if (question.KeyOf(_contents, naming) is not { } key)
            return false;
        var kept = new KeptRead[reads.Count];
        for (var i = 0; i < kept.Length; i++)
        {
            var read = reads[i];
            var content = question.ContentOf(_contents, read);
            if (naming.Find(_contents.NumberOf(read.Id.Name)) is not { } name || (content.IsByName && !naming.IsByName))
                return false;
            _parts.Clear();
            naming.Add(_parts, content);
            kept[i] = new(read.Kind, read.IsEarlier, _contents.NumberOf(read.Id.Schema), name, [.. _parts]);
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

    private readonly record struct KeptRead(ReadKind Kind, bool IsEarlier, int Schema, int Name, int[] Content);
}
