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
/// <param name="Kind">Which of these.</param>
/// <param name="Name">The constant's text, or the name.</param>
/// <param name="Type">The family of its type.</param>
/// <param name="Row">The column's row; otherwise -1.</param>
/// <param name="Place">The column's place in the row's source, or a function's number.</param>
/// <param name="Arguments">The function's arguments.</param>
/// <param name="HasRow">Whether it speaks of a row.</param>
internal readonly record struct TermNode(ValueKind Kind, string Name, string Type, int Row, int Place, int[] Arguments, bool HasRow);

/// <summary>What rows come from: a table, or a relation of which nothing is known but its name.</summary>
internal sealed class RowSource(string key, Relation? relation)
{
    private readonly List<string> _columns = [];
    private readonly List<(string Type, bool IsNotNull)> _kinds = [];
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);

    public string Key { get; } = key;

    public Relation? Relation { get; } = relation;

    public Table? Table => Relation as Table;

    /// <summary>Columns that the question speaks of, in the order in which they are first asked for.</summary>
    public IReadOnlyList<string> Columns => _columns;

    /// <summary>The place of a column among those that the question speaks of.</summary>
    public int PlaceOf(string column, TermTable terms)
    {
        if (!_places.TryGetValue(column, out var place))
        {
            var known = Relation?.FindColumn(column);
            _places.Add(column, place = _columns.Count);
            _columns.Add(column);
            _kinds.Add((terms.TypeOf(known?.Type ?? ""), Relation is Table && known?.IsNotNull is { Value: true, IsKnown: true }));
        }
        return place;
    }

    public string TypeAt(int place) => _kinds[place].Type;

    public bool IsNotNullAt(int place) => _kinds[place].IsNotNull;
}

/// <summary>Terms and rows of one question, each term once.</summary>
internal sealed class TermTable
{
    public const int Null = 0;
    public const int True = 1;
    public const int False = 2;

    private readonly List<TermNode> _nodes = [];
    private readonly Dictionary<(ValueKind Kind, string Name, string Type), int> _named = [];
    private readonly Dictionary<(string Name, string Type), int> _functionNames = [];
    private readonly Dictionary<int[], int> _functions = new(SequenceComparer.Instance);
    private readonly List<int[]> _columns = [];
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
        _nodes.Add(new(ValueKind.Null, "NULL", "", -1, -1, [], HasRow: false));
        Constant(TypeFamily.Boolean, "true");
        Constant(TypeFamily.Boolean, "false");
    }

    public int Count => _nodes.Count;

    public int RowCount => _rows.Count;

    public TermNode this[int term] => _nodes[term];

    public RowSource SourceOf(int row) => _rows[row];

    /// <summary>Forgets the terms and rows after the first so many.</summary>
    public void Truncate(int terms, int rows)
    {
        for (var i = _nodes.Count - 1; i >= terms; i--)
        {
            var node = _nodes[i];
            if (node.Kind == ValueKind.Function)
                _functions.Remove([node.Place, .. node.Arguments]);
            else if (node.Kind != ValueKind.Column)
                _named.Remove((node.Kind, node.Name, node.Type));
            else if (node.Row < rows)
                _columns[node.Row][node.Place] = 0;
        }
        _nodes.RemoveRange(terms, _nodes.Count - terms);
        _rows.RemoveRange(rows, _rows.Count - rows);
        _columns.RemoveRange(rows, _columns.Count - rows);
    }

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
        _columns.Add([]);
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
                    source.PlaceOf(column, this);
            }
        }
        return source;
    }

    public int Constant(string type, string text) => Named(ValueKind.Constant, text, type);

    public int Session(string key, string type) => Named(ValueKind.Session, key, type);

    public int Column(int row, string name) => Column(row, _rows[row].PlaceOf(name, this));

    /// <summary>The column at a place of the row's source.</summary>
    public int Column(int row, int place)
    {
        var columns = _columns[row];
        if (place >= columns.Length)
        {
            Array.Resize(ref columns, Math.Max(place + 1, _rows[row].Columns.Count));
            _columns[row] = columns;
        }
        // No column is the first term, which is NULL.
        if (columns[place] == 0)
        {
            var source = _rows[row];
            columns[place] = _nodes.Count;
            _nodes.Add(new(ValueKind.Column, source.Columns[place], source.TypeAt(place), row, place, [], HasRow: true));
        }
        return columns[place];
    }

    public int Function(string name, int[] arguments, string type)
    {
        if (!_functionNames.TryGetValue((name, type), out var number))
            _functionNames.Add((name, type), number = _functionNames.Count);
        return Function(name, number, arguments, type);
    }

    /// <summary>A value of its own at each call: what a volatile function gives.</summary>
    public int Fresh(string name, string type) => Function(name + "#" + (++_fresh).ToString(CultureInfo.InvariantCulture), [], type);

    /// <summary>The term with rows in the place of others.</summary>
    public int Substitute(int term, RowChoice? rows)
    {
        var node = _nodes[term];
        if (!node.HasRow || rows is null)
            return term;
        if (node.Kind == ValueKind.Column)
            return rows.Of(node.Row) is var row && row == node.Row ? term : Column(row, node.Place);
        int[]? changed = null;
        for (var i = 0; i < node.Arguments.Length; i++)
        {
            var argument = Substitute(node.Arguments[i], rows);
            if (argument == node.Arguments[i])
                continue;
            changed ??= (int[])node.Arguments.Clone();
            changed[i] = argument;
        }
        return changed is null ? term : Function(node.Name, node.Place, changed, node.Type);
    }

    private int Named(ValueKind kind, string name, string type)
    {
        if (_named.TryGetValue((kind, name, type), out var known))
            return known;
        _named.Add((kind, name, type), _nodes.Count);
        _nodes.Add(new(kind, name, type, -1, -1, [], HasRow: false));
        return _nodes.Count - 1;
    }

    private int Function(string name, int number, int[] arguments, string type)
    {
        int[] key = [number, .. arguments];
        if (_functions.TryGetValue(key, out var known))
            return known;
        var hasRow = false;
        foreach (var argument in arguments)
            hasRow |= _nodes[argument].HasRow;
        _functions.Add(key, _nodes.Count);
        _nodes.Add(new(ValueKind.Function, name, type, -1, number, arguments, hasRow));
        return _nodes.Count - 1;
    }
}

/// <summary>Which rows stand in the place of the rows that a quantifier speaks of; the places around it go on outside.</summary>
internal sealed class RowChoice(int[] variables, int[] rows, RowChoice? outer)
{
    /// <summary>The rows.</summary>
    public int[] Rows { get; } = rows;

    /// <summary>The row in the place of another one; a row that is no quantifier's stands for itself.</summary>
    public int Of(int row)
    {
        for (var current = this; current is not null; current = current.Outer)
        {
            var place = Array.IndexOf(current.Variables, row);
            if (place >= 0)
                return current.Rows[place];
        }
        return row;
    }

    private int[] Variables { get; } = variables;

    private RowChoice? Outer { get; } = outer;
}
