using PolicyLint.Core.Analysis;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Catalog.Difference;
using PolicyLint.Core.Catalog.Replay;
using PolicyLint.Core.Logic;
using PolicyLint.Core.Logic.Proving;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Access;

/// <summary>What changed for one table, command and role in a migration, with the row that shows it.</summary>
/// <param name="Effect">The migration.</param>
/// <param name="Before">The table before it.</param>
/// <param name="After">The table after it.</param>
/// <param name="IsLoss">Rows are lost; otherwise rows are won.</param>
/// <param name="Witness">Such a row.</param>
/// <param name="Cause">What did it: a policy as it is now, a policy that is gone, a function, or nothing that can be named.</param>
internal sealed record AccessChange(ScriptEffect Effect, Table Before, Table After, bool IsLoss, AccessWitness Witness, AccessCause Cause);

/// <summary>What in a migration changed the access.</summary>
/// <param name="Policy">The policy that was made or altered; null where it is something else.</param>
/// <param name="Dropped">The policy that was dropped and that nothing replaces; null where it is something else.</param>
/// <param name="Function">The function that was replaced; null where it is something else.</param>
internal sealed record AccessCause(Policy? Policy = null, Policy? Dropped = null, Function? Function = null);

/// <summary>
/// The access to tenant tables before and after each migration as a whole: policies under new names, split or merged count by what they let in.
/// What a later migration gives back, or takes back, is history and left out.
/// </summary>
internal sealed class AccessHistory
{
    /// <summary>What can be asked of a table and a role.</summary>
    public static readonly (PolicyCommand Command, PolicyClause Clause)[] Questions =
    [
        (PolicyCommand.Select, PolicyClause.Using),
        (PolicyCommand.Insert, PolicyClause.WithCheck),
        (PolicyCommand.Update, PolicyClause.Using),
        (PolicyCommand.Update, PolicyClause.WithCheck),
        (PolicyCommand.Delete, PolicyClause.Using),
    ];

    private readonly Tenancy _tenancy;
    private readonly AnalysisLimits _limits;
    private readonly KnownAnswers _answers;
    private readonly ICatalog _end;
    private readonly CancellationToken _cancellation;
    private readonly List<AccessChange> _changes = [];

    public AccessHistory(ReplayResult replay, Tenancy tenancy, AnalysisLimits limits, KnownAnswers answers, CancellationToken cancellation)
    {
        _tenancy = tenancy;
        _limits = limits;
        _answers = answers;
        _end = replay.Catalog;
        _cancellation = cancellation;
        // After the rollbacks the migrations are no longer what is judged.
        if (ReferenceEquals(replay.Catalog, replay.RolledBack))
            return;
        foreach (var effect in replay.Effects)
            Compare(effect);
    }

    /// <summary>At most one loss and one gain a table and migration, in order.</summary>
    public IReadOnlyList<AccessChange> Changes => _changes;

    private void Compare(ScriptEffect effect)
    {
        var comparison = new AccessComparison(effect.Before, effect.After, _tenancy, _limits, _answers, _cancellation);
        // A function that changed may change the access to any table whose policies call it.
        foreach (var after in comparison.Functions.IsEmpty ? effect.TouchedTables() : effect.After.TablesInOrder())
        {
            if (!_tenancy.IsTenantTable(after) || comparison.Find(after.Id) is not { } before)
                continue;
            var function = comparison.Functions.CalledBy(before.Policies);
            if (IsSame(before, after) && function is null)
                continue;
            if (Find(effect, comparison, before, after, function, isLoss: true) is { } loss)
                _changes.Add(loss);
            if (Find(effect, comparison, before, after, function, isLoss: false) is { } gain)
                _changes.Add(gain);
        }
    }

    private static bool IsSame(Table before, Table after)
    {
        if (ReferenceEquals(before, after))
            return true;
        if (before.Policies.Count != after.Policies.Count || before.RowSecurityEnabled.Value != after.RowSecurityEnabled.Value || before.RowSecurityForced.Value != after.RowSecurityForced.Value
            || before.Owner != after.Owner)
            return false;
        for (var i = 0; i < before.Policies.Count; i++)
        {
            if (!ReferenceEquals(before.Policies[i], after.Policies[i]))
                return false;
        }
        return true;
    }

    private AccessChange? Find(ScriptEffect effect, AccessComparison comparison, Table before, Table after, Function? function, bool isLoss)
    {
        // Switching row-level security on or off is what other rules are about, and a table without policies is still being set up.
        if (!before.RowSecurityEnabled.Value || !after.RowSecurityEnabled.Value || before.Policies.Count == 0)
            return null;
        foreach (var role in Roles())
        {
            foreach (var (command, clause) in Questions)
            {
                var cause = CauseOf(comparison, before, after, command, role, function, isLoss);
                if (cause is null || Refute(comparison, before, after, command, role, clause, isLoss) is not { } witness || !Lasts(effect, before, command, role, clause, isLoss))
                    continue;
                return new(effect, before, after, isLoss, new(after.Id, command, role, isLoss && command == PolicyCommand.Update ? PolicyClause.Using : clause, witness)
                {
                    IsLetIn = !isLoss,
                    Across = effect.Change,
                    Telling = PolicyFaults.Telling(after, _tenancy),
                }, cause);
            }
        }
        return null;
    }

    // Signed-in users first: what an anonymous session loses or wins is told where it is all there is.
    private IEnumerable<string> Roles()
    {
        foreach (var role in _tenancy.ApplicationRoles)
        {
            if (role != "anon")
                yield return role;
        }
        foreach (var role in _tenancy.ApplicationRoles)
        {
            if (role == "anon")
                yield return role;
        }
    }

    private static Witness? Refute(AccessComparison comparison, Table before, Table after, PolicyCommand command, string role, PolicyClause clause, bool isLoss)
    {
        if (!isLoss)
            return comparison.AddsOnlyOwn(before, after, command, role, clause) is Verdict.Refuted gain ? gain.Witness : null;
        // A circle of policies is another rule's; where everybody reached everything, closing that is the point.
        if (comparison.Later.ClaimOf(after, command, role, clause) is Claim.Nothing)
            return null;
        return comparison.Keeps(before, after, command, role, clause) is Verdict.Refuted loss && comparison.WasOpen(before, command, role, clause) is not Verdict.Proven ? loss.Witness : null;
    }

    private bool Lasts(ScriptEffect effect, Table before, PolicyCommand command, string role, PolicyClause clause, bool isLoss)
    {
        if (!_end.Relations.TryGetValue(before.Id, out var relation) || relation is not Table end)
            return false;
        var comparison = new AccessComparison(effect.Before, _end, _tenancy, _limits, _answers, _cancellation);
        return Refute(comparison, comparison.Find(end.Id)!, end, command, role, clause, isLoss) is not null;
    }

    // A loss comes of a policy that took the place of another, of a new restrictive one, or of one that is gone; a gain the other way round.
    private static AccessCause? CauseOf(AccessComparison comparison, Table before, Table after, PolicyCommand command, string role, Function? function, bool isLoss)
    {
        var earlier = comparison.Earlier.PoliciesFor(before, command, role);
        var later = comparison.Later.PoliciesFor(after, command, role);
        Policy? changed = null, dropped = null;
        foreach (var policy in later)
        {
            if (!Contains(earlier, policy) && (changed is null || policy.IsPermissive != isLoss))
                changed = policy;
        }
        foreach (var policy in earlier)
        {
            if (!Contains(later, policy) && policy.IsPermissive == isLoss)
                dropped ??= policy;
        }
        // A permissive policy that came cannot take rows away, nor a restrictive one give them, unless it stands for one that went.
        if (changed is not null && (changed.IsPermissive != isLoss || dropped is not null))
            return new(Policy: changed);
        if (dropped is not null)
            return new(Dropped: dropped);
        return function is null ? null : new(Function: function);
    }

    private static bool Contains(IReadOnlyList<Policy> policies, Policy policy)
    {
        foreach (var candidate in policies)
        {
            if (ReferenceEquals(candidate, policy))
                return true;
        }
        return false;
    }
}
