namespace PolicyLint.Core.Catalog.Replay;

/// <summary>What must be undone when a transaction or savepoint is rolled back, so that no statement copies the catalog.</summary>
internal sealed class UndoLog
{
    private readonly List<UndoRecord> _records = [];

    /// <summary>A place to roll back to.</summary>
    public int Mark => _records.Count;

    public void Add(UndoRecord record) => _records.Add(record);

    public void RollBackTo(int mark)
    {
        for (var i = _records.Count - 1; i >= mark; i--)
            _records[i].Undo();
        _records.RemoveRange(mark, _records.Count - mark);
    }

    /// <summary>What was done stays done.</summary>
    public void Forget() => _records.Clear();
}

/// <summary>One change and how to take it back.</summary>
internal abstract class UndoRecord
{
    public abstract void Undo();
}

/// <summary>A value whose changes can be taken back.</summary>
internal sealed class UndoValue<T>(UndoLog log, T value)
{
    private T _value = value;

    public T Value
    {
        get => _value;
        set
        {
            log.Add(new Record(this, _value));
            _value = value;
        }
    }

    private sealed class Record(UndoValue<T> owner, T old) : UndoRecord
    {
        public override void Undo() => owner._value = old;
    }
}

/// <summary>A dictionary whose changes can be taken back.</summary>
internal sealed class UndoDictionary<TKey, TValue>(UndoLog log, IEqualityComparer<TKey>? comparer = null)
    where TKey : notnull
{
    private readonly Dictionary<TKey, TValue> _items = new(comparer ?? EqualityComparer<TKey>.Default);
    private HashSet<TKey>? _changed;
    private DictionaryHistory<TKey, TValue>? _history;

    public Dictionary<TKey, TValue> Items => _items;

    public bool TryGetValue(TKey key, out TValue value) => _items.TryGetValue(key, out value!);

    public bool ContainsKey(TKey key) => _items.ContainsKey(key);

    public void Set(TKey key, TValue value)
    {
        var had = _items.TryGetValue(key, out var old);
        log.Add(new Record(this, key, had, old!));
        _items[key] = value;
        _changed?.Add(key);
    }

    public void Remove(TKey key)
    {
        if (!_items.TryGetValue(key, out var old))
            return;
        log.Add(new Record(this, key, true, old));
        _items.Remove(key);
        _changed?.Add(key);
    }

    /// <summary>What it holds now, whatever is done to it later. Equal moments are one object.</summary>
    public DictionaryHistory<TKey, TValue>.Moment Snapshot()
    {
        if (_history is null)
        {
            _history = new(_items);
            _changed = new(_items.Comparer);
        }
        else if (_changed!.Count > 0)
        {
            _history.Mark(_items, _changed);
            _changed.Clear();
        }
        return _history.Last;
    }

    private sealed class Record(UndoDictionary<TKey, TValue> owner, TKey key, bool had, TValue old) : UndoRecord
    {
        public override void Undo()
        {
            if (had)
                owner._items[key] = old;
            else
                owner._items.Remove(key);
            owner._changed?.Add(key);
        }
    }
}
