using PolicyLint.Core.Analysis;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Logic;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Access;

/// <summary>What a role may do to a table in one state and in another.</summary>
/// <param name="Before">Before; null where the table was not there.</param>
/// <param name="After">After; null where the table is gone.</param>
/// <param name="Lost">A row that the role no longer gets at; null where none is known.</param>
/// <param name="Won">A row that the role did not get at before; null where none is known.</param>
public sealed record AccessCellChange(AccessCell? Before, AccessCell? After, AccessWitness? Lost, AccessWitness? Won);

/// <summary>The difference of two access maps: what a reviewer reads.</summary>
public static class AccessMapDifference
{
    /// <summary>Cells with another extent, and those of which rows are lost or won within the same extent, in order.</summary>
    public static IReadOnlyList<AccessCellChange> Between(
        ICatalog before, Tenancy tenancyBefore, ICatalog after, Tenancy tenancy, AnalysisLimits limits, CancellationToken cancellation = default)
    {
        var earlier = new Dictionary<(QualifiedId, PolicyCommand, string), AccessCell>();
        foreach (var cell in AccessMap.Of(before, tenancyBefore, limits, cancellation).Cells)
            earlier[(cell.Table, cell.Command, cell.Role)] = cell;
        var comparison = new AccessComparison(before, after, tenancy, limits, new(), cancellation);
        var changes = new List<AccessCellChange>();
        foreach (var cell in AccessMap.Of(after, tenancy, limits, cancellation).Cells)
        {
            var key = (cell.Table, cell.Command, cell.Role);
            earlier.TryGetValue(key, out var old);
            earlier.Remove(key);
            var change = old is null ? new(null, cell, null, null) : Compare(comparison, tenancy, old, cell, (Table)after.Relations[cell.Table]);
            if (old is null ? cell.Extent != AccessExtent.Nobody : old.Extent != cell.Extent || change.Lost is not null || change.Won is not null)
                changes.Add(change);
        }
        foreach (var old in earlier.Values)
        {
            if (old.Extent != AccessExtent.Nobody)
                changes.Add(new(old, null, null, null));
        }
        changes.Sort(static (left, right) => Order(left.After ?? left.Before!, right.After ?? right.Before!));
        return changes;
    }

    private static AccessCellChange Compare(AccessComparison comparison, Tenancy tenancy, AccessCell old, AccessCell cell, Table after)
    {
        if (comparison.Find(cell.Table) is not { } before)
            return new(old, cell, null, null);
        var clause = cell.Command == PolicyCommand.Insert ? PolicyClause.WithCheck : PolicyClause.Using;
        return new(
            old, cell,
            old.Extent != AccessExtent.Nobody && comparison.Keeps(before, after, cell.Command, cell.Role, clause) is Verdict.Refuted loss ? Witness(loss.Witness, isLetIn: false) : null,
            cell.Extent != AccessExtent.Nobody && comparison.Adds(before, after, cell.Command, cell.Role, clause) is Verdict.Refuted gain ? Witness(gain.Witness, isLetIn: true) : null);

        AccessWitness Witness(Witness found, bool isLetIn) => new(cell.Table, cell.Command, cell.Role, clause, found) { IsLetIn = isLetIn, Telling = PolicyFaults.Telling(after, tenancy) };
    }

    private static int Order(AccessCell left, AccessCell right)
    {
        var order = CatalogLookup.CompareIds(left.Table, right.Table);
        if (order == 0)
            order = left.Command.CompareTo(right.Command);
        return order != 0 ? order : string.CompareOrdinal(left.Role, right.Role);
    }
}
