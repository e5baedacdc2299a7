using System.Globalization;
using PolicyLint.Core.Catalog;

namespace PolicyLint.Core.Logic.Proving;

internal enum ValueKind
{
    Null,
    Constant,
    Column,
    Session,
    Function,
}

/// <summary>A value: NULL, a constant, a column of a row, a term of the session, a function of others.</summary>
internal readonly record struct TermNode(ValueKind Kind, string Name, string Type, int Row, int[] Arguments);

/// <summary>What rows come from: a table, or a relation of which nothing is known but its name.</summary>
internal sealed class RowSource(string key, Relation? relation)
{
    private readonly List<string> _columns = [];
    private readonly Dictionary<string, string> _types = new(StringComparer.Ordinal);

    public string Key { get; } = key;

    public Relation? Relation { get; } = relation;

    public Table? Table => Relation as Table;

    /// <summary>Columns that the question speaks of.</summary>
    public IReadOnlyList<string> Columns => _columns;

    /// <summary>The type of a column that the question speaks of; columns stand in the order in which they are first asked for.</summary>
    public string TypeOf(string column, Func<string, string> familyOf)
    {
        if (!_types.TryGetValue(column, out var type))
        {
            _types.Add(column, type = familyOf(Relation?.FindColumn(column)?.Type ?? ""));
            _columns.Add(column);
        }
        return type;
    }
}

/// <summary>Terms and rows of one question, each term once.</summary>
internal sealed class TermTable
{
    public const int Null = 0;
    public const int True = 1;
    public const int False = 2;

    private readonly List<TermNode> _nodes = [];
    private readonly Dictionary<string, int> _index = new(StringComparer.Ordinal);
    private readonly List<RowSource> _rows = [];
    private readonly Dictionary<string, RowSource> _sources = new(StringComparer.Ordinal);
    private int _fresh;

    private readonly HashSet<string> _enums = new(StringComparer.Ordinal);

    public TermTable(ICatalog catalog)
    {
        foreach (var type in catalog.Types.Values)
        {
            if (type.Kind == TypeKind.Enum)
                _enums.Add(type.Id.Name);
        }
        Intern("N", new(ValueKind.Null, "NULL", "", -1, []));
        Constant(TypeFamily.Boolean, "true");
        Constant(TypeFamily.Boolean, "false");
    }

    public int Count => _nodes.Count;

    public int RowCount => _rows.Count;

    public TermNode this[int term] => _nodes[term];

    public RowSource SourceOf(int row) => _rows[row];

    /// <summary>The family of a type; labels of an enum are told apart like texts.</summary>
    public string TypeOf(string type)
    {
        var family = TypeFamily.Of(type);
        var bare = family.Substring(family.LastIndexOf('.') + 1).Trim('"');
        return _enums.Contains(bare) ? "enum:" + bare : family;
    }

    public int NewRow(RowSource source)
    {
        _rows.Add(source);
        return _rows.Count - 1;
    }

    public RowSource Source(string key, Relation? relation)
    {
        if (_sources.TryGetValue(key, out var known))
            return known;
        var source = new RowSource(key, relation);
        _sources.Add(key, source);
        if (source.Table is { } table)
        {
            foreach (var constraint in table.Constraints)
            {
                if (constraint.Kind == ConstraintKind.ForeignKey)
                    Use(constraint.Columns);
            }
            foreach (var columns in TableKeys.Of(table))
                Use(columns);

            void Use(IReadOnlyList<string> columns)
            {
                foreach (var column in columns)
                    source.TypeOf(column, TypeOf);
            }
        }
        return source;
    }

    public int Constant(string type, string text) => Intern("C|" + type + "|" + text, new(ValueKind.Constant, text, type, -1, []));

    public int Column(int row, string name)
    {
        var type = _rows[row].TypeOf(name, TypeOf);
        return Intern("F|" + row.ToString(CultureInfo.InvariantCulture) + "|" + name, new(ValueKind.Column, name, type, row, []));
    }

    public int Session(string key, string type) => Intern("S|" + key + "|" + type, new(ValueKind.Session, key, type, -1, []));

    public int Function(string name, int[] arguments, string type)
    {
        var key = "U|" + name + "|" + type;
        foreach (var argument in arguments)
            key += "," + argument.ToString(CultureInfo.InvariantCulture);
        return Intern(key, new(ValueKind.Function, name, type, -1, arguments));
    }

    /// <summary>A value of its own at each call: what a volatile function gives.</summary>
    public int Fresh(string name, string type) => Function(name + "#" + (++_fresh).ToString(CultureInfo.InvariantCulture), [], type);

    /// <summary>The term with rows replaced.</summary>
    public int Substitute(int term, Dictionary<int, int> rows)
    {
        var node = _nodes[term];
        if (node.Kind == ValueKind.Column)
            return rows.TryGetValue(node.Row, out var row) ? Column(row, node.Name) : term;
        if (node.Kind != ValueKind.Function || node.Arguments.Length == 0)
            return term;
        int[]? changed = null;
        for (var i = 0; i < node.Arguments.Length; i++)
        {
            var argument = Substitute(node.Arguments[i], rows);
            if (argument == node.Arguments[i])
                continue;
            changed ??= (int[])node.Arguments.Clone();
            changed[i] = argument;
        }
        return changed is null ? term : Function(node.Name, changed, node.Type);
    }

    private int Intern(string key, TermNode node)
    {
        if (_index.TryGetValue(key, out var known))
            return known;
        _index.Add(key, _nodes.Count);
        _nodes.Add(node);
        return _nodes.Count - 1;
    }
}
