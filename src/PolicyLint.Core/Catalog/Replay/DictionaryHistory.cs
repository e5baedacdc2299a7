using System.Collections;

namespace PolicyLint.Core.Catalog.Replay;

/// <summary>What a dictionary held at moments that were marked. Only what changed between them is kept, so a thousand moments cost no more than the changes.</summary>
internal sealed class DictionaryHistory<TKey, TValue>
    where TKey : notnull
{
    private readonly IEqualityComparer<TKey> _comparer;
    private readonly Dictionary<TKey, TValue> _first;
    private readonly Dictionary<TKey, List<Version>> _later;
    private readonly List<TKey[]> _changed = [];
    private Moment _last;

    public DictionaryHistory(Dictionary<TKey, TValue> items)
    {
        _comparer = items.Comparer;
        _first = new(items, _comparer);
        _later = new(_comparer);
        _last = new(this, 0, items.Count);
    }

    /// <summary>The dictionary at the last moment that was marked.</summary>
    public Moment Last => _last;

    /// <summary>Marks a moment.</summary>
    /// <param name="items">What the dictionary holds.</param>
    /// <param name="changed">The keys that may have changed since the last moment.</param>
    public void Mark(Dictionary<TKey, TValue> items, IReadOnlyCollection<TKey> changed)
    {
        _changed.Add([.. changed]);
        foreach (var key in changed)
        {
            if (!_later.TryGetValue(key, out var versions))
                _later.Add(key, versions = []);
            var isThere = items.TryGetValue(key, out var value);
            versions.Add(new(_changed.Count, isThere, value!));
        }
        _last = new(this, _changed.Count, items.Count);
    }

    private bool TryGet(TKey key, int time, out TValue value)
    {
        if (_later.TryGetValue(key, out var versions) && LastUntil(versions, time) is { } version)
        {
            value = version.Value;
            return version.IsThere;
        }
        return _first.TryGetValue(key, out value!);
    }

    private static Version? LastUntil(List<Version> versions, int time)
    {
        var (low, high) = (0, versions.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (versions[middle].Time <= time)
                low = middle + 1;
            else
                high = middle;
        }
        return low == 0 ? null : versions[low - 1];
    }

    private IEnumerable<KeyValuePair<TKey, TValue>> ItemsAt(int time)
    {
        foreach (var pair in _first)
        {
            if (TryGet(pair.Key, time, out var value))
                yield return new(pair.Key, value);
        }
        foreach (var key in _later.Keys)
        {
            if (!_first.ContainsKey(key) && TryGet(key, time, out var value))
                yield return new(key, value);
        }
    }

    private sealed class Version(int time, bool isThere, TValue value)
    {
        public int Time => time;

        public bool IsThere => isThere;

        public TValue Value => value;
    }

    /// <summary>The dictionary as it was at one moment, in no order.</summary>
    public sealed class Moment : IReadOnlyDictionary<TKey, TValue>
    {
        private readonly DictionaryHistory<TKey, TValue> _history;
        private readonly int _time;

        internal Moment(DictionaryHistory<TKey, TValue> history, int time, int count)
        {
            _history = history;
            _time = time;
            Count = count;
        }

        public int Count { get; }

        public IEnumerable<TKey> Keys => _history.ItemsAt(_time).Select(static item => item.Key);

        public IEnumerable<TValue> Values => _history.ItemsAt(_time).Select(static item => item.Value);

        public TValue this[TKey key] => TryGetValue(key, out var value) ? value : throw new KeyNotFoundException();

        public bool ContainsKey(TKey key) => TryGetValue(key, out _);

        public bool TryGetValue(TKey key, out TValue value) => _history.TryGet(key, _time, out value);

        public IEnumerator<KeyValuePair<TKey, TValue>> GetEnumerator() => _history.ItemsAt(_time).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        /// <summary>The keys that may hold something else than at an earlier moment of the same dictionary; null where it is one of another.</summary>
        public IReadOnlyCollection<TKey>? ChangedSince(IReadOnlyDictionary<TKey, TValue> earlier)
        {
            if (earlier is not Moment moment || moment._history != _history || moment._time > _time)
                return null;
            var keys = new HashSet<TKey>(_history._comparer);
            for (var i = moment._time; i < _time; i++)
                keys.UnionWith(_history._changed[i]);
            return keys;
        }
    }
}
