using System.Collections;

namespace PolicyLint.Core.Catalog.Replay.Binding;

/// <summary>A column that a query or an item of FROM puts out.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">As format_type prints it; empty where not known.</param>
/// <param name="Relation">The relation that it is read from unchanged, or null.</param>
/// <param name="Column">The column there.</param>
internal sealed record OutputColumn(string Name, string Type, QualifiedId? Relation = null, string? Column = null);

/// <summary>The columns of a relation as an item of FROM puts them out. An expression names few of them: each is made when it is asked for.</summary>
internal sealed class RelationColumns(Relation relation) : IReadOnlyList<OutputColumn>
{
    public int Count => relation.Columns.Count;

    public OutputColumn this[int index] => Output(relation.Columns[index]);

    public OutputColumn? Find(string name) => relation.FindColumn(name) is { } column ? Output(column) : null;

    public IEnumerator<OutputColumn> GetEnumerator()
    {
        for (var i = 0; i < Count; i++)
            yield return this[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private OutputColumn Output(Column column) => new(column.Name, column.Type, relation.Id, column.Name);
}

/// <summary>The columns of a query.</summary>
/// <param name="Columns">In order.</param>
/// <param name="IsKnown">Whether these are all.</param>
internal sealed record QueryShape(IReadOnlyList<OutputColumn> Columns, bool IsKnown)
{
    public static QueryShape Unknown { get; } = new([], false);

    /// <summary>The shape with its first columns named anew.</summary>
    public QueryShape Renamed(IReadOnlyList<string> names)
    {
        if (names.Count == 0)
            return this;
        var columns = new List<OutputColumn>(Math.Max(names.Count, Columns.Count));
        for (var i = 0; i < Math.Max(names.Count, Columns.Count); i++)
        {
            var column = i < Columns.Count ? Columns[i] : new OutputColumn("", "");
            columns.Add(i < names.Count ? column with { Name = names[i] } : column);
        }
        return new(columns, IsKnown);
    }
}

/// <summary>An item of FROM as names see it.</summary>
/// <param name="Alias">The name that qualifies its columns; empty where nothing does.</param>
/// <param name="Relation">The relation, where it is one.</param>
/// <param name="Shape">Its columns.</param>
/// <param name="IsAliased">The name is an alias and not the relation's own.</param>
internal sealed record RangeEntry(string Alias, QualifiedId? Relation, QueryShape Shape, bool IsAliased = false)
{
    /// <summary>Tells items apart: 0 is the relation that an expression is bound over, FROM counts on.</summary>
    public int Number { get; init; }

    public OutputColumn? Find(string column)
    {
        if (Shape.Columns is RelationColumns known)
            return known.Find(column);
        foreach (var candidate in Shape.Columns)
        {
            if (string.Equals(candidate.Name, column, StringComparison.Ordinal))
                return candidate;
        }
        return null;
    }
}
