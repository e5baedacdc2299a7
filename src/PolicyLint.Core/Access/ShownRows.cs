using PolicyLint.Core.Catalog;
using PolicyLint.Core.Catalog.Replay.Binding;
using PolicyLint.Core.Logic;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Access;

/// <summary>A tenant table whose rows a view shows, as those meet it who read the view.</summary>
/// <param name="Table">
/// What its rows are judged as: the table itself where the view reads it as whoever asks, else the view as a table of its own, which no policy guards
/// (PostgreSQL manual, CREATE VIEW, security_invoker).
/// </param>
/// <param name="Key">The tenancy key that <paramref name="Verdict"/> is about.</param>
/// <param name="Keys">The columns of the view that show a tenancy key of the rows: a condition on one of them binds the rows.</param>
/// <param name="Verdict">Whether the view's own query has the tenancy condition.</param>
/// <param name="Doubt">Why rows that no condition binds may still be the reader's own; null: they are not.</param>
internal sealed record ShownRows(Table Table, TenantKey Key, IReadOnlyList<TenantKey> Keys, Verdict Verdict, string? Doubt)
{
    /// <summary>The tenant tables that a view shows rows of.</summary>
    /// <param name="view">The view.</param>
    /// <param name="catalog">What its names mean.</param>
    /// <param name="tenancy">Whose rows are whose.</param>
    /// <param name="inside">The occurrences in the view's query, judged.</param>
    public static IReadOnlyList<ShownRows> Of(View view, ICatalog catalog, Tenancy tenancy, IReadOnlyList<TenantOccurrence> inside)
    {
        var shown = new List<ShownRows>();
        foreach (var occurrence in inside)
        {
            // Who is looked up among the users themselves is no one yet.
            if (occurrence.IsOfPrincipals)
                continue;
            var isAsked = view is { IsMaterialized: false, SecurityInvoker: { IsKnown: true, Value: true } };
            var isBound = !isAsked && occurrence.Table.RowSecurityForced is not { IsKnown: true, Value: false };
            var keys = new List<TenantKey>();
            if (occurrence.Verdict is Verdict.Refuted)
            {
                // What stands for another view has one key, that which was judged.
                IReadOnlyList<TenantKey> own = catalog.Relations.TryGetValue(occurrence.Table.Id, out var relation) && relation is Table ? tenancy.KeysOf(occurrence.Table) : [occurrence.Key];
                foreach (var key in own)
                {
                    if (ColumnOf(view, catalog, occurrence, key.Column.Name) is { } column)
                        keys.Add(new(column, null, key.IsInferred));
                }
            }
            shown.Add(new(isAsked ? occurrence.Table : AsTable(view), keys is [var first, ..] ? first : occurrence.Key, keys, occurrence.Verdict, isBound ? $"the policies of {occurrence.Table.Id} bind the owner of {view.Id}" : null));
        }
        return shown;
    }

    /// <summary>The view as a table that no policy guards.</summary>
    public static Table AsTable(View view) => new()
    {
        Id = view.Id,
        CreatedAt = view.CreatedAt,
        Owner = view.Owner,
        Columns = view.Columns,
        AreColumnsKnown = view.AreColumnsKnown,
        Taints = view.Taints,
        RowSecurityEnabled = new(false, Origin.Default),
        RowSecurityForced = new(false, Origin.Default),
    };

    // The column of the view that is the tenancy column of the rows that the view reads there. It goes by places: names may be others in the view.
    private static Column? ColumnOf(View view, ICatalog catalog, TenantOccurrence occurrence, string key)
    {
        // A window has looked at everyone's rows before a condition on the view takes any out.
        if (!view.AreColumnsKnown || view.Query?.Tree is not SelectQuery select || WindowSearch.In(select))
            return null;
        var relations = new List<NamedTable>();
        foreach (var item in select.From)
        {
            if (!AddRelations(item, relations))
                return null;
        }
        if (relations.Find(relation => relation.Name.Span == occurrence.Span) is not { } place || catalog.FindRelation(place.Name) is not { } read)
            return null;
        // Read twice, it can't be told which of the two a column is of.
        if (relations.FindAll(relation => ReferenceEquals(catalog.FindRelation(relation.Name), read)).Count > 1)
            return null;
        var shape = new QueryBinder(catalog).Bind(select);
        if (!shape.IsKnown || shape.Columns.Count != view.Columns.Count)
            return null;
        for (var i = 0; i < view.Columns.Count; i++)
        {
            if (shape.Columns[i] is { Relation: { } of, Column: { } column } && of == read.Id && column == key)
                return view.Columns[i];
        }
        return null;
    }

    // A join by names merges columns: which relation's one is meant is not followed.
    private static bool AddRelations(TableReference item, List<NamedTable> relations)
    {
        switch (item)
        {
            case NamedTable { Alias: null or { Columns.Length: 0, Definitions.Length: 0 } } named:
                relations.Add(named);
                return true;
            case JoinedTable { IsNatural: false, Using.Length: 0 } join:
                return AddRelations(join.Left, relations) && AddRelations(join.Right, relations);
            default:
                return false;
        }
    }

    private sealed class WindowSearch : SqlVisitor
    {
        private bool _found;

        public static bool In(SelectQuery query)
        {
            var search = new WindowSearch();
            search.Visit(query);
            return search._found;
        }

        public override void VisitWindowDefinition(WindowDefinition node) => _found = true;
    }
}
