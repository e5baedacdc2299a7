using PolicyLint.Core.Analysis;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Logic;
using PolicyLint.Core.Logic.Proving;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Access;

/// <summary>Which of a policy's two predicates is meant.</summary>
public enum PolicyClause
{
    /// <summary>Which rows a command reaches.</summary>
    Using,

    /// <summary>Which rows it may write.</summary>
    WithCheck,
}

/// <summary>Who reaches which rows: PostgreSQL's combination of policies, and the questions that rules ask of it.</summary>
/// <remarks>A question about a tainted object is Unknown.</remarks>
public sealed class AccessModel(ICatalog catalog, Tenancy tenancy, AnalysisLimits limits, CancellationToken cancellation = default)
{
    /// <summary>
    /// The policies that bind a role for a command: permissive and restrictive, FOR ALL included, PUBLIC and inherited roles included
    /// (PostgreSQL manual, CREATE POLICY; rowsecurity.c get_policies_for_relation).
    /// </summary>
    public IReadOnlyList<Policy> PoliciesFor(Table table, PolicyCommand command, string role)
    {
        var result = new List<Policy>();
        foreach (var policy in table.Policies)
        {
            if ((policy.Command == PolicyCommand.All || policy.Command == command) && AppliesTo(policy, role, 0))
                result.Add(policy);
        }
        return result;
    }

    /// <summary>The predicate of a policy for a clause: WITH CHECK falls back to USING. Null: the policy has none for it.</summary>
    public static SqlFragment<Expression>? PredicateOf(Policy policy, PolicyClause clause) =>
        clause == PolicyClause.WithCheck ? policy.WithCheck ?? policy.Using : policy.Using;

    /// <summary>Proven iff the predicate is true for every row of the table and every session.</summary>
    public Verdict IsAlwaysTrue(Table table, SqlFragment<Expression> predicate) =>
        ProverFor(null).Decide(table, new Claim.Everything(), new Claim.Condition(predicate.Tree, Sight.Role), isNew: false);

    /// <summary>Proven iff whenever the premise is true for a row, the goal is true for it too (three-valued).</summary>
    public Verdict Implies(Table table, SqlFragment<Expression> premise, SqlFragment<Expression> goal) =>
        ProverFor(null).Decide(table, new Claim.Condition(premise.Tree, Sight.Role), new Claim.Condition(goal.Tree, Sight.Role), isNew: false);

    /// <summary>
    /// Proven iff the combined predicate of all policies for the command, role and clause implies a tenancy condition of the table:
    /// that of any of its keys, because a row of mine and a row of my tenant are both mine to reach.
    /// </summary>
    public Verdict Isolates(Table table, PolicyCommand command, string role, PolicyClause clause)
    {
        var goals = new List<Claim>();
        foreach (var key in tenancy.KeysOf(table))
        {
            if (key.Goal is not null)
                goals.Add(new Claim.Condition(key.Goal.Tree, Sight.Everything));
        }
        return goals.Count == 0
            ? new Verdict.Unknown(UnknownReason.SchemaMissing, "no tenancy condition is known for " + table.Id)
            : Admits(table, command, role, clause, new Claim.AnyOf(goals));
    }

    /// <summary>Proven iff the combined predicate of all policies for the command, role and clause implies the condition.</summary>
    public Verdict Isolates(Table table, PolicyCommand command, string role, PolicyClause clause, SqlFragment<Expression> condition) =>
        Admits(table, command, role, clause, new Claim.Condition(condition.Tree, Sight.Everything));

    /// <summary>
    /// Proven iff a role reaches, or may write, every row under the second table's policies that it may under the first's. The rows are
    /// those of the second: its columns and constraints.
    /// </summary>
    public Verdict IsAdditive(Table before, Table after, PolicyCommand command, string role, PolicyClause clause)
    {
        if (!before.RowSecurityEnabled.IsKnown || !after.RowSecurityEnabled.IsKnown || before.Taints.Count > 0)
            return new Verdict.Unknown(UnknownReason.Tainted, "it is not known whether row-level security is enabled on " + after.Id);
        return ProverFor(role).Decide(after, EffectiveClaim(before, command, role, clause), EffectiveClaim(after, command, role, clause), clause == PolicyClause.WithCheck);
    }

    /// <summary>Proven iff rows with the predicate true satisfy the predicate of a partial index (PL1007).</summary>
    public Verdict UsesIndex(Table table, SqlFragment<Expression> predicate, TableIndex index) =>
        index.Predicate is null ? new Verdict.Proven([]) : Implies(table, predicate, index.Predicate);

    /// <summary>
    /// Proven iff the policies let no row pass while nothing has said who the user is: `auth.uid()` and the project's own settings are NULL,
    /// but for those that a statement before may have set.
    /// </summary>
    /// <param name="table">The table.</param>
    /// <param name="command">The command.</param>
    /// <param name="clause">The clause.</param>
    /// <param name="role">Who asks; null where that is not known: whatever some role may do counts.</param>
    /// <param name="settings">Settings that may have a value.</param>
    public Verdict IsClosedWithoutUser(Table table, PolicyCommand command, PolicyClause clause, string? role, IReadOnlyCollection<string> settings)
    {
        var policies = role is null ? PoliciesForAnyone(table, command) : PoliciesFor(table, command, role);
        return ProverFor(role, key => SessionKeys.IsUnset(key, settings)).Decide(
            table, new Claim.Policies(policies, clause), new Claim.AnyOf([]), clause == PolicyClause.WithCheck);
    }

    // For an unknown role all permissive policies count; a restrictive one only where it is everyone's.
    private static List<Policy> PoliciesForAnyone(Table table, PolicyCommand command)
    {
        var result = new List<Policy>();
        foreach (var policy in table.Policies)
        {
            if ((policy.Command == PolicyCommand.All || policy.Command == command) && (policy.IsPermissive || IsForEveryone(policy)))
                result.Add(policy);
        }
        return result;
    }

    private static bool IsForEveryone(Policy policy)
    {
        foreach (var role in policy.Roles)
        {
            if (role == "public")
                return true;
        }
        return false;
    }

    /// <summary>Whether row-level security binds a role on a table; false where that is not known.</summary>
    public bool Binds(Table table, string role) => table.RowSecurityEnabled is { Value: true, IsKnown: true } && table.RowSecurityForced.IsKnown && !Passes(table, role);

    private Verdict Admits(Table table, PolicyCommand command, string role, PolicyClause clause, Claim goal)
    {
        if (!table.RowSecurityEnabled.IsKnown)
            return new Verdict.Unknown(UnknownReason.Tainted, "it is not known whether row-level security is enabled on " + table.Id);
        return ProverFor(role).Decide(table, EffectiveClaim(table, command, role, clause), goal, clause == PolicyClause.WithCheck);
    }

    private Claim EffectiveClaim(Table table, PolicyCommand command, string role, PolicyClause clause) =>
        !table.RowSecurityEnabled.Value || Passes(table, role)
            ? new Claim.Everything()
            : new Claim.Policies(PoliciesFor(table, command, role), clause);

    // Superusers, BYPASSRLS, and the owner unless forced (rowsecurity.c check_enable_rls).
    private bool Passes(Table table, string role)
    {
        if (catalog.Roles.TryGetValue(role, out var known) && (known.IsSuperuser || known.BypassesRowSecurity))
            return true;
        return table.Owner is { } owner && table.RowSecurityForced is { Value: false, IsKnown: true } && HasPrivilegesOf(role, owner, 0);
    }

    private bool HasPrivilegesOf(string role, string other, int depth)
    {
        if (role == other)
            return true;
        if (depth > 16 || !catalog.Roles.TryGetValue(role, out var known))
            return false;
        foreach (var membership in known.MemberOf)
        {
            if (membership.Inherits && HasPrivilegesOf(membership.Role, other, depth + 1))
                return true;
        }
        return false;
    }

    private Prover ProverFor(string? role, Func<string, bool>? isUnset = null) =>
        new(catalog, new Reading(this, role), limits.ProverSteps, cancellation) { IsUnset = isUnset };

    // What the asked role reads of other tables inside a policy.
    private sealed class Reading(AccessModel model, string? role) : IPolicySource
    {
        public bool IsRoleKnown => role is not null;

        public IReadOnlyList<Policy>? ReadingPolicies(Table table) =>
            model.Passes(table, role!) ? null : model.PoliciesFor(table, PolicyCommand.Select, role!);
    }

    private bool AppliesTo(Policy policy, string role, int depth)
    {
        foreach (var named in policy.Roles)
        {
            if (named == "public" || named == role)
                return true;
        }
        if (depth > 16 || !catalog.Roles.TryGetValue(role, out var known))
            return false;
        foreach (var membership in known.MemberOf)
        {
            if (membership.Inherits && AppliesTo(policy, membership.Role, depth + 1))
                return true;
        }
        return false;
    }
}
