using PolicyLint.Core.Analysis;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Logic;
using PolicyLint.Sql.Text;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Access;

/// <summary>What a statement does with a tenant table at one place.</summary>
public enum OccurrenceKind
{
    Read,
    Update,
    Delete,
    Merge,
    Insert,
}

/// <summary>One occurrence of a tenant table in a statement, judged alone (PROVER 2.10).</summary>
/// <param name="Table">The table.</param>
/// <param name="Span">The table's name as it stands in the statement.</param>
/// <param name="Kind">What is done with it.</param>
/// <param name="Key">The tenancy key that the verdict is about.</param>
/// <param name="Verdict">
/// Read, Update, Delete, Merge: proven iff the conditions imply that the tenancy column equals a parameter, literal or session value
/// (or the configured goal). Insert: proven iff the tenancy column is among the columns written, or its default is the session's.
/// </param>
/// <param name="BoundTo">The parameters and session terms that the statement compares: for following them to the user.</param>
/// <param name="AssignsKey">Span of the assignment where an UPDATE sets the tenancy column; null otherwise.</param>
public sealed record TenantOccurrence(
    Table Table, TextSpan Span, OccurrenceKind Kind, TenantKey Key, Verdict Verdict, IReadOnlyList<Expression> BoundTo, TextSpan? AssignsKey)
{
    /// <summary>
    /// The table's key is its owner: it holds the users or tenants themselves. They are looked up by name or address before anyone is
    /// known, so reading them says nothing.
    /// </summary>
    public bool IsOfPrincipals
    {
        get
        {
            foreach (var constraint in Table.Constraints)
            {
                if (constraint.Kind == ConstraintKind.PrimaryKey)
                    return constraint.Columns is [var only] && only == Key.Column.Name;
            }
            return false;
        }
    }
}

/// <summary>Judges statements of an application against the catalog.</summary>
public sealed class QueryJudge(ICatalog catalog, Tenancy tenancy, AnalysisLimits limits)
{
    /// <summary>
    /// Every occurrence of a tenant table in the statement: joins, lateral items, CTEs, subqueries, set operations, FROM and USING of
    /// writes, INSERT … SELECT. In source order.
    /// </summary>
    public IReadOnlyList<TenantOccurrence> Judge(Statement statement, CancellationToken cancellation = default)
    {
        var walk = new QueryWalk(catalog, tenancy, limits, cancellation);
        walk.Visit(statement);
        walk.Finish();
        walk.Occurrences.Sort(static (a, b) => a.Span.Start.CompareTo(b.Span.Start));
        return walk.Occurrences;
    }
}
