namespace PolicyLint.Core.Logic.Proving;

/// <summary>
/// Names in the order in which a question and what is read on the way to its answer first speak of them: what two questions of one shape have in common.
/// </summary>
/// <param name="isByName">The names stand for themselves.</param>
internal sealed class Naming(bool isByName)
{
    private readonly List<int> _names = [];
    private int[] _places = new int[256];

    public bool IsByName => isByName;

    public IReadOnlyList<int> Names => _names;

    /// <summary>Adds what a content says, names by their places.</summary>
    public void Add(List<int> parts, Content content)
    {
        parts.Add(content.Shape);
        foreach (var name in content.Names)
            parts.Add(isByName ? name : PlaceOf(name));
    }

    /// <summary>The place of a name that was spoken of; null: it was not.</summary>
    public int? Find(int name) => isByName ? name : name < _places.Length && _places[name] > 0 ? _places[name] - 1 : null;

    public int NameAt(int place) => isByName ? place : _names[place];

    /// <summary>Forgets all names after the first so many.</summary>
    public void Truncate(int count)
    {
        for (var i = _names.Count - 1; i >= count; i--)
            _places[_names[i]] = 0;
        _names.RemoveRange(count, _names.Count - count);
    }

    private int PlaceOf(int name)
    {
        if (name >= _places.Length)
            Array.Resize(ref _places, name * 2);
        if (_places[name] == 0)
        {
            _names.Add(name);
            _places[name] = _names.Count;
        }
        return _places[name] - 1;
    }
}
