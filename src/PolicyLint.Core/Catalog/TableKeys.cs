namespace PolicyLint.Core.Catalog;

/// <summary>What the rows of a table are told apart by.</summary>
internal static class TableKeys
{
    /// <summary>
    /// The columns of each primary key, UNIQUE constraint and unique index of columns alone that holds for all rows: no two rows have the same
    /// values in them, NULLs aside.
    /// </summary>
    public static IReadOnlyList<IReadOnlyList<string>> Of(Table table)
    {
        var keys = new List<IReadOnlyList<string>>();
        foreach (var constraint in table.Constraints)
        {
            if (constraint.Kind is ConstraintKind.PrimaryKey or ConstraintKind.Unique && constraint.Columns.Count > 0)
                keys.Add(constraint.Columns);
        }
        foreach (var index in table.Indexes)
        {
            if (index is { IsUnique: true, IsValid: true, Predicate: null, Constraint: null } && ColumnsOf(index) is { Count: > 0 } columns)
                keys.Add(columns);
        }
        return keys;
    }

    private static List<string>? ColumnsOf(TableIndex index)
    {
        var columns = new List<string>();
        foreach (var key in index.Keys)
        {
            if (key.Column is null)
                return null;
            columns.Add(key.Column);
        }
        return columns;
    }
}
