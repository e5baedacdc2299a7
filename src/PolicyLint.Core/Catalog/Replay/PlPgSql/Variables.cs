namespace PolicyLint.Core.Catalog.Replay.PlPgSql;

/// <summary>The variables of a block and of those around it.</summary>
internal sealed class Variables(Variables? outer = null)
{
    private readonly Dictionary<string, object?> _values = new(StringComparer.Ordinal);

    /// <summary>Positional parameters of a function, or of EXECUTE … USING.</summary>
    public IReadOnlyList<object?> Positional { get; init; } = outer?.Positional ?? [];

    public void Declare(string name, object? value) => _values[name] = value;

    public bool TryGet(string name, out object? value)
    {
        if (_values.TryGetValue(name, out value))
            return true;
        return outer is not null && outer.TryGet(name, out value);
    }

    public void Set(string name, object? value)
    {
        if (_values.ContainsKey(name) || outer is null || !outer.Has(name))
            _values[name] = value;
        else
            outer.Set(name, value);
    }

    private bool Has(string name) => _values.ContainsKey(name) || (outer is not null && outer.Has(name));
}
