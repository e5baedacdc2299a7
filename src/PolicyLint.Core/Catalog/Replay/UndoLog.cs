namespace PolicyLint.Core.Catalog.Replay;

/// <summary>
/// What must be undone when a transaction or savepoint is rolled back, so that no statement copies the catalog. The log knows in which order things
/// changed; what each was before, it keeps itself.
/// </summary>
internal sealed class UndoLog
{
    private readonly List<IUndoable> _changes = [];

    /// <summary>A place to roll back to.</summary>
    public int Mark => _changes.Count;

    /// <summary>Says that something changed, which keeps what it was before.</summary>
    public void Add(IUndoable changed) => _changes.Add(changed);

    public void RollBackTo(int mark)
    {
        for (var i = _changes.Count - 1; i >= mark; i--)
            _changes[i].UndoLast();
        _changes.RemoveRange(mark, _changes.Count - mark);
    }

    /// <summary>What was done stays done.</summary>
    public void Forget()
    {
        foreach (var changed in _changes)
            changed.Forget();
        _changes.Clear();
    }
}

/// <summary>Something whose changes can be taken back one by one, the last first.</summary>
internal interface IUndoable
{
    /// <summary>Takes back the last change that is not forgotten.</summary>
    void UndoLast();

    /// <summary>Forgets what was before all changes.</summary>
    void Forget();
}

/// <summary>Values from which the last is taken first.</summary>
/// <remarks>Not a Stack: those of a struct are compiled at every start.</remarks>
internal sealed class Trail<T>
{
    private T[] _items = [];
    private int _count;

    public void Push(T item)
    {
        if (_count == _items.Length)
            Array.Resize(ref _items, Math.Max(4, _count * 2));
        _items[_count++] = item;
    }

    public T Pop()
    {
        var item = _items[--_count];
        _items[_count] = default!;
        return item;
    }

    public void Clear()
    {
        Array.Clear(_items, 0, _count);
        _count = 0;
    }
}

/// <summary>A value whose changes can be taken back.</summary>
internal sealed class UndoValue<T>(UndoLog log, T value) : IUndoable
{
    private readonly Trail<T> _before = new();
    private T _value = value;

    public T Value
    {
        get => _value;
        set
        {
            if (EqualityComparer<T>.Default.Equals(_value, value))
                return;
            log.Add(this);
            _before.Push(_value);
            _value = value;
        }
    }

    public void UndoLast() => _value = _before.Pop();

    public void Forget() => _before.Clear();
}

/// <summary>A dictionary whose changes can be taken back.</summary>
internal sealed class UndoDictionary<TKey, TValue>(UndoLog log, IEqualityComparer<TKey>? comparer = null) : IUndoable
    where TKey : notnull
{
    private readonly Dictionary<TKey, TValue> _items = new(comparer ?? EqualityComparer<TKey>.Default);
    private readonly Trail<Before> _before = new();
    private HashSet<TKey>? _changed;
    private DictionaryHistory<TKey, TValue>? _history;

    public Dictionary<TKey, TValue> Items => _items;

    public bool TryGetValue(TKey key, out TValue value) => _items.TryGetValue(key, out value!);

    public bool ContainsKey(TKey key) => _items.ContainsKey(key);

    public void Set(TKey key, TValue value)
    {
        var had = _items.TryGetValue(key, out var old);
        Keep(key, had, old!);
        _items[key] = value;
        _changed?.Add(key);
    }

    public void Remove(TKey key)
    {
        if (!_items.TryGetValue(key, out var old))
            return;
        Keep(key, true, old);
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

    public void UndoLast()
    {
        var before = _before.Pop();
        if (before.IsThere)
            _items[before.Key] = before.Value;
        else
            _items.Remove(before.Key);
        _changed?.Add(before.Key);
    }

    public void Forget() => _before.Clear();

    private void Keep(TKey key, bool isThere, TValue value)
    {
        log.Add(this);
        _before.Push(new(key, isThere, value));
    }

    /// <summary>What a key held before a change.</summary>
    private readonly struct Before(TKey key, bool isThere, TValue value)
    {
        public TKey Key => key;

        public bool IsThere => isThere;

        public TValue Value => value;
    }
}
