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

    /// <summary>Begins with the names of a question.</summary>
    public void Begin(Content question)
    {
        foreach (var name in _names)
            _places[name] = 0;
        _names.Clear();
        foreach (var name in question.Names)
            PlaceOf(name);
    }

    /// <summary>The names of a content by their places.</summary>
    public int[] PlacesOf(Content content)
    {
        var places = new int[content.Names.Length];
        for (var i = 0; i < places.Length; i++)
            places[i] = PlaceOf(content.Names[i]);
        return places;
    }

    /// <summary>Whether the names of a content have these places.</summary>
    public bool AreAt(Content content, int[] places)
    {
        if (content.Names.Length != places.Length)
            return false;
        for (var i = 0; i < places.Length; i++)
        {
            if (PlaceOf(content.Names[i]) != places[i])
                return false;
        }
        return true;
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
        if (isByName)
            return name;
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
