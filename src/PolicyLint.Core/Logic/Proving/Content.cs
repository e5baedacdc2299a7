using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Logic.Proving;

/// <summary>
/// What an object of a catalog says to the prover, its names apart: two objects of one shape differ in names alone, and these stand at the same places.
/// </summary>
/// <param name="shape">A number for all but the names.</param>
/// <param name="names">Numbers of the names of tables, columns, aliases and parameters, each once, in the order in which they come first.</param>
/// <param name="scope">How far it is like something under other names.</param>
internal sealed class Content(int shape, int[] names, NameScope scope)
{
    private int _number;

    /// <summary>Of what is not there.</summary>
    public static Content None { get; } = new(0, [], NameScope.Anything);

    /// <summary>Of what is there and says nothing more.</summary>
    public static Content Some { get; } = new(1, [], NameScope.Anything);

    public int Shape => shape;

    public int[] Names => names;

    public NameScope Scope => scope;

    /// <summary>A number for the shape and the names.</summary>
    public int NumberIn(Contents contents)
    {
        if (_number == 0)
        {
            var content = contents.Begin();
            content.Add(shape);
            foreach (var name in names)
                content.Add(name);
            _number = content.Build().Shape;
        }
        return _number;
    }
}

/// <summary>How far an object is like another that has other names at the same places.</summary>
internal enum NameScope
{
    /// <summary>Its names are compared with each other and with nothing else.</summary>
    Anything,

    /// <summary>The same, unless two states of a schema are compared: then what is not read as a tree is read for the objects that it names.</summary>
    OneState,

    /// <summary>Its names may mean something by themselves: it is like nothing under other names.</summary>
    Nothing,
}

/// <summary>Gathers the shape of an object, and its names.</summary>
internal sealed class ContentBuilder(Contents contents)
{
    private readonly List<int> _parts = [];
    private readonly List<int> _names = [];
    private NameScope _scope;

    public void Add(int part) => _parts.Add(part);

    public void AddFlags(bool first, bool second = false, bool third = false, bool fourth = false, bool fifth = false, bool sixth = false) =>
        _parts.Add((first ? 1 : 0) | (second ? 2 : 0) | (third ? 4 : 0) | (fourth ? 8 : 0) | (fifth ? 16 : 0) | (sixth ? 32 : 0));

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
        var number = contents.NumberOf(name);
        if (!contents.IsPlain(number))
            _scope = NameScope.Nothing;
        AddName(number);
    }

    public void AddNames(IReadOnlyList<string> names)
    {
        _parts.Add(names.Count);
        for (var i = 0; i < names.Count; i++)
            AddName(names[i]);
    }

    public void Add(Content content)
    {
        Narrow(content.Scope);
        _parts.Add(content.Shape);
        foreach (var name in content.Names)
            AddName(name);
    }

    public void Narrow(NameScope scope) => _scope = scope > _scope ? scope : _scope;

    /// <summary>The content; the builder is for another then.</summary>
    public Content Build()
    {
        var content = new Content(contents.NumberOf(_parts), [.. _names], _scope);
        _parts.Clear();
        _names.Clear();
        _scope = NameScope.Anything;
        contents.End(this);
        return content;
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
            IsByName |= !Contents.IsPlain(name.Text);
            _places.Add(name.Text, place = new("name " + Names.Count.ToString(System.Globalization.CultureInfo.InvariantCulture)));
            Names.Add(name.Text);
        }
        return place;
    }
}
