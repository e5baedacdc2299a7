using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Logic.Proving;

/// <summary>
/// What an object of a catalog says to the prover, its names apart: two objects of one shape differ in names alone, and these stand at the same places.
/// </summary>
/// <param name="Shape">A number for all but the names.</param>
/// <param name="Names">Numbers of the names of tables, columns, aliases and parameters, each once, in the order in which they come first.</param>
/// <param name="IsByName">Its names may mean something by themselves: it is like nothing under other names.</param>
internal sealed record Content(int Shape, int[] Names, bool IsByName)
{
    /// <summary>Of what is not there.</summary>
    public static Content None { get; } = new(0, [], IsByName: false);
}

/// <summary>Gathers the shape of an object, and its names.</summary>
internal sealed class ContentBuilder(Contents contents)
{
    private readonly List<int> _parts = [];
    private readonly List<int> _names = [];
    private bool _isByName;

    public void Add(int part) => _parts.Add(part);

    public void AddFlags(bool first, bool second = false, bool third = false, bool fourth = false, bool fifth = false) =>
        _parts.Add((first ? 1 : 0) | (second ? 2 : 0) | (third ? 4 : 0) | (fourth ? 8 : 0) | (fifth ? 16 : 0));

    /// <summary>A text that is the same whatever names are given: a type, a schema, a setting.</summary>
    public void AddText(string text) => _parts.Add(contents.NumberOf(text));

    public void AddTexts(IReadOnlyCollection<string> texts)
    {
        _parts.Add(texts.Count);
        foreach (var text in texts)
            AddText(text);
    }

    public void AddName(string name)
    {
        _isByName |= !IsPlain(name);
        AddName(contents.NumberOf(name));
    }

    public void AddNames(IReadOnlyCollection<string> names)
    {
        _parts.Add(names.Count);
        foreach (var name in names)
            AddName(name);
    }

    public void Add(Content content)
    {
        _isByName |= content.IsByName;
        _parts.Add(content.Shape);
        foreach (var name in content.Names)
            AddName(name);
    }

    public Content Build() => new(contents.NumberOf([.. _parts]), [.. _names], _isByName);

    /// <summary>A name that no part of the prover gives a meaning of its own, such as `$1`.</summary>
    public static bool IsPlain(string name)
    {
        foreach (var c in name)
        {
            if (c is not ((>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9') or '_'))
                return false;
        }
        return name.Length > 0;
    }

    private void AddName(int name)
    {
        var index = _names.IndexOf(name);
        if (index < 0)
        {
            index = _names.Count;
            _names.Add(name);
        }
        _parts.Add(index);
    }
}

/// <summary>Takes the names out of a tree: those of tables, columns, aliases and arguments, which the prover compares with each other and with nothing else.</summary>
internal sealed class NameExtraction : SqlRewriter
{
    private readonly Dictionary<string, Name> _places = new(StringComparer.Ordinal);

    public List<string> Names { get; } = [];

    /// <summary>A name stands where it is not known what it is compared with.</summary>
    public bool IsByName { get; private set; }

    public override ObjectName RewriteObjectName(SqlNode owner, ObjectName name)
    {
        switch (owner)
        {
            case ColumnReference when name.Outer.Count == 0:
                return new(PlaceOf(name.Name), PlaceOf(name.Qualifier));
            case NamedTable when name.Outer.Count == 0:
                return new(PlaceOf(name.Name), name.Qualifier);
            case ColumnReference or NamedTable:
                IsByName = true;
                return name;
            default:
                return name;
        }
    }

    public override Name RewriteName(SqlNode owner, Name name)
    {
        if (owner is TableAlias or CommonTableExpression or SelectItem or NamedArgument)
            return PlaceOf(name);
        IsByName |= !name.IsEmpty;
        return name;
    }

    private Name PlaceOf(Name name)
    {
        if (name.IsEmpty)
            return name;
        if (!_places.TryGetValue(name.Text, out var place))
        {
            IsByName |= !ContentBuilder.IsPlain(name.Text);
            _places.Add(name.Text, place = new("name " + Names.Count.ToString(System.Globalization.CultureInfo.InvariantCulture)));
            Names.Add(name.Text);
        }
        return place;
    }
}
