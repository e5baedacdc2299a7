using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Catalog.Replay.Binding;

/// <summary>Finds the columns of one relation that an expression over it reads.</summary>
internal sealed class ColumnsRead : QueryBinder
{
    private readonly Relation _relation;
    private readonly bool[] _isRead;
    private int _count;

    private ColumnsRead(ICatalog catalog, Relation relation)
        : base(catalog)
    {
        _relation = relation;
        _isRead = new bool[relation.Columns.Count];
    }

    /// <summary>The columns in the relation's own order.</summary>
    public static IReadOnlyList<string> Of(ICatalog catalog, Relation relation, Expression expression)
    {
        var search = new ColumnsRead(catalog, relation);
        search.BindOver(relation, expression);
        if (search._count == 0)
            return [];
        var columns = new string[search._count];
        for (int i = 0, next = 0; next < columns.Length; i++)
        {
            if (search._isRead[i])
                columns[next++] = relation.Columns[i].Name;
        }
        return columns;
    }

    protected override void OnColumn(ColumnReference node, RangeEntry entry, OutputColumn column) => Note(column);

    protected override void OnStar(ColumnReference node, IReadOnlyList<(string Alias, OutputColumn Column)> columns, bool isKnown)
    {
        foreach (var (_, column) in columns)
            Note(column);
    }

    private void Note(OutputColumn column)
    {
        if (column.Relation != _relation.Id)
            return;
        for (var i = 0; i < _isRead.Length; i++)
        {
            if (_isRead[i] || _relation.Columns[i].Name != column.Column)
                continue;
            _isRead[i] = true;
            _count++;
        }
    }
}
