using PolicyLint.Core.Catalog;
using PolicyLint.Core.Catalog.Replay.Binding;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Logic.Proving;

/// <summary>What the columns of a view are called.</summary>
internal static class ViewNames
{
    /// <summary>
    /// The names of what the query puts out, by place; empty: they are the query's own; null: they can't be told. CREATE VIEW v (a, b) and RENAME
    /// COLUMN give names of the view's own, and a column of a table that is renamed later keeps its name in the view (PostgreSQL manual, CREATE
    /// VIEW, ALTER TABLE).
    /// </summary>
    /// <param name="view">The view.</param>
    /// <param name="query">Its query, as its tables are called now.</param>
    /// <param name="catalog">What the names in it mean.</param>
    public static IReadOnlyList<Column>? Of(View view, SelectQuery query, ICatalog catalog)
    {
        if (view.AreColumnsKnown && query.Targets.Length == view.Columns.Count && !Array.Exists(query.Targets, static target => target.Value is ColumnReference { IsStar: true }))
            return view.Columns;
        var columns = new QueryBinder(catalog).Bind(query).Columns;
        for (var i = 0; i < view.Columns.Count; i++)
        {
            if (i >= columns.Count || columns[i].Name != view.Columns[i].Name)
                return null;
        }
        return [];
    }
}
