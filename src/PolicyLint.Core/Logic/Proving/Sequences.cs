namespace PolicyLint.Core.Logic.Proving;

/// <summary>Sequences of numbers, each with the number that stands for it. One that is looked for is copied only where it is new.</summary>
internal sealed class Sequences
{
    private readonly List<Entry> _entries = [];
    private int[] _buckets = new int[1024];

    /// <summary>The number of a sequence; 0: it has none yet.</summary>
    public int Find(List<int> sequence)
    {
        var hash = HashOf(sequence);
        for (var i = _buckets[hash & (_buckets.Length - 1)]; i > 0; i = _entries[i - 1].Next)
        {
            if (_entries[i - 1].Hash == hash && AreEqual(_entries[i - 1].Sequence, sequence))
                return _entries[i - 1].Number;
        }
        return 0;
    }

    /// <summary>Gives a number to a sequence that has none.</summary>
    public void Add(List<int> sequence, int number)
    {
        if (_entries.Count == _buckets.Length)
        {
            _buckets = new int[_buckets.Length * 2];
            for (var i = 0; i < _entries.Count; i++)
                _entries[i] = _entries[i] with { Next = Link(_entries[i].Hash, i + 1) };
        }
        var hash = HashOf(sequence);
        _entries.Add(new([.. sequence], hash, number, Link(hash, _entries.Count + 1)));
    }

    private int Link(int hash, int entry)
    {
        ref var bucket = ref _buckets[hash & (_buckets.Length - 1)];
        var next = bucket;
        bucket = entry;
        return next;
    }

    private static int HashOf(List<int> sequence)
    {
        var hash = (uint)sequence.Count;
        foreach (var number in sequence)
            hash = (((hash << 5) | (hash >> 27)) ^ (uint)number) * 0x9E3779B1;
        return (int)(hash ^ (hash >> 15));
    }

    private static bool AreEqual(int[] known, List<int> sequence)
    {
        if (known.Length != sequence.Count)
            return false;
        for (var i = 0; i < known.Length; i++)
        {
            if (known[i] != sequence[i])
                return false;
        }
        return true;
    }

    private readonly record struct Entry(int[] Sequence, int Hash, int Number, int Next);
}
