using PolicyLint.Core.Catalog;
using PolicyLint.Core.Catalog.Replay.Binding;
using PolicyLint.Core.Logic;
using PolicyLint.Core.Logic.Proving;
using PolicyLint.Sql;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Access;

/// <summary>In which way a policy lets a user in to rows of others.</summary>
internal enum PolicyFaultKind
{
    /// <summary>True for every row and session.</summary>
    AlwaysTrue,

    /// <summary>True for every row as soon as anybody is signed in, or a condition that ties the row to nobody.</summary>
    NotIsolating,

    /// <summary>A membership of any tenant opens the rows of all.</summary>
    MembershipWithoutKey,

    /// <summary>A session without a user reaches rows that a stranger does not.</summary>
    Anonymous,
}

/// <summary>Why a policy does not keep users apart, with the part of its predicate that does it.</summary>
internal sealed record PolicyFault(PolicyFaultKind Kind, Expression Part, AccessWitness Witness)
{
    /// <summary>The relation whose rows count as a membership; null for other kinds.</summary>
    public QualifiedId? Membership { get; init; }
}

/// <summary>
/// Judges the policies of tenant tables one by one, each into one kind of fault, so that no two rules report the same. Rows that a column
/// marks as public, and sessions that a condition singles out (an administrator's), are no fault.
/// </summary>
internal sealed class PolicyFaults(ICatalog catalog, AccessModel access, Tenancy tenancy)
{
    private static readonly PolicyCommand[] Reaching = [PolicyCommand.Select, PolicyCommand.Update, PolicyCommand.Delete];

    // Several rules ask about the same policies, each for its own kind.
    private readonly Dictionary<(QualifiedId Table, string Policy), PolicyFault?> _found = [];

    // What keeps to the tenancy condition does so for every command, as long as no restrictive policy takes a part in it.
    private readonly HashSet<(QualifiedId Table, string Predicate, string Role)> _isolating = [];

    /// <summary>The first fault of the policy's USING for a role that the application uses, or null.</summary>
    public PolicyFault? Find(Table table, Policy policy)
    {
        if (!_found.TryGetValue((table.Id, policy.Name), out var fault))
            _found.Add((table.Id, policy.Name), fault = Search(table, policy) is { } found ? OfTable(table, policy, found) : null);
        return fault;
    }

    // A branch is judged by itself; that the other branches make every statement fail is no protection that anybody meant.
    private PolicyFault OfTable(Table table, Policy policy, PolicyFault fault) =>
        access.ClaimOf(table, fault.Witness.Command, fault.Witness.Role, fault.Witness.Clause) is Claim.Nothing
            ? fault with { Witness = fault.Witness with { Alone = new(policy.Name, SqlPrinter.Print(fault.Part)) } }
            : fault;

    private PolicyFault? Search(Table table, Policy policy)
    {
        if (!policy.IsPermissive || policy.IsTainted || policy.Using is not { } predicate || table.Taints.Count > 0
            || table.RowSecurityEnabled is not { Value: true, IsKnown: true } || !tenancy.IsTenantTable(table))
            return null;
        foreach (var role in tenancy.ApplicationRoles)
        {
            foreach (var command in Reaching)
            {
                if ((policy.Command == PolicyCommand.All || policy.Command == command) && Find(table, policy, predicate, command, role) is { } fault)
                    return fault;
            }
        }
        return null;
    }

    private PolicyFault? Find(Table table, Policy policy, SqlFragment<Expression> predicate, PolicyCommand command, string role)
    {
        // What all policies together keep to, each of them does.
        if (access.ClaimOf(table, command, role, PolicyClause.Using) is Claim.Policies && access.Isolates(table, command, role, PolicyClause.Using) is Verdict.Proven)
            return null;
        var key = (table.Id, predicate.ToString(), role);
        if (_isolating.Contains(key) || !Contains(access.PoliciesFor(table, command, role), policy))
            return null;
        var isAlwaysTrue = false;
        var isIsolating = true;
        foreach (var part in Connectives.Disjuncts(predicate.Tree))
        {
            var fragment = new SqlFragment<Expression>(part, predicate.Source);
            if (Isolates(table, policy with { Using = fragment }, command, role) is not Verdict.Refuted refuted)
                continue;
            isIsolating = false;
            isAlwaysTrue = isAlwaysTrue || access.IsAlwaysTrue(table, predicate) is Verdict.Proven;
            var witness = new AccessWitness(table.Id, command, role, PolicyClause.Using, refuted.Witness) { Telling = Telling(table, tenancy) };
            if (isAlwaysTrue)
                return new(PolicyFaultKind.AlwaysTrue, part, witness);
            if (Judge(table, policy, fragment, witness) is { } fault)
                return fault;
        }
        if (isIsolating && !HasRestrictive(table))
            _isolating.Add(key);
        return null;
    }

    private static bool HasRestrictive(Table table)
    {
        foreach (var policy in table.Policies)
        {
            if (!policy.IsPermissive)
                return true;
        }
        return false;
    }

    private PolicyFault? Judge(Table table, Policy policy, SqlFragment<Expression> part, AccessWitness witness)
    {
        if (Anonymous(table, policy, part, witness) is { } anonymous)
            return anonymous;
        if (!IsTiedToRow(table, part.Tree))
        {
            if (UnkeyedMembership.Find(catalog, table, part.Tree) is { } membership
                && access.Isolates(With(table, policy with { Using = part }), witness.Command, witness.Role, PolicyClause.Using, membership.Keyed) is Verdict.Refuted stranger)
                return new(PolicyFaultKind.MembershipWithoutKey, part.Tree, witness with { Case = stranger.Witness }) { Membership = membership.Members };
            return SignedIn(part.Tree, witness.Role) is { } signedIn && access.Implies(table, signedIn, part) is Verdict.Proven
                ? new(PolicyFaultKind.NotIsolating, part.Tree, witness)
                : null;
        }
        if (!IsGoalKnown(table))
            return null;
        var asksNobody = !SessionTerms.Contains(part.Tree) && !CallsOrReads.Any(part.Tree);
        // Reading is open for rows that a column marks as public; writing needs a tie to the user.
        if (witness.Command == PolicyCommand.Select ? asksNobody : IsAboutOwnerless(table, part.Tree))
            return null;
        return asksNobody || AreKeysConfigured(table) ? new(PolicyFaultKind.NotIsolating, part.Tree, witness) : null;
    }

    // A session without a user gets rows that a user whom nothing names does not: the NULL opened them and not a mark on the row.
    private PolicyFault? Anonymous(Table table, Policy policy, SqlFragment<Expression> part, AccessWitness witness)
    {
        var users = UserTerms.Of(part.Tree);
        if (users.Count == 0 || (catalog.Platform == "supabase" && !Serves(policy, "public", "anon")))
            return null;
        var printed = SqlPrinter.Print(part.Tree);
        foreach (var user in users)
        {
            if (Tenancy.Parse($"({printed}) AND ({user}) IS NULL") is not { } unset)
                continue;
            var stranger = new SqlFragment<Expression>(new StrangerFor(user).Rewrite(part.Tree), part.Source);
            if (access.Implies(table, unset, stranger) is not Verdict.Refuted || access.IsAlwaysTrue(table, part) is Verdict.Proven)
                continue;
            var role = catalog.Platform == "supabase" && Contains(tenancy.ApplicationRoles, "anon") ? "anon" : witness.Role;
            var reached = Isolates(table, policy with { Using = unset }, witness.Command, role);
            if (reached is Verdict.Refuted refuted)
                return new(PolicyFaultKind.Anonymous, part.Tree, witness with { Role = role, Case = refuted.Witness });
        }
        return null;
    }

    /// <summary>Columns that tell whose a row is.</summary>
    public static IReadOnlyCollection<string> Telling(Table table, Tenancy tenancy)
    {
        var columns = new List<string>();
        foreach (var key in tenancy.KeysOf(table))
            columns.Add(key.Column.Name);
        return columns;
    }

    // What any user who is signed in has in the session, and nothing more.
    private SqlFragment<Expression>? SignedIn(Expression part, string role)
    {
        if (catalog.Platform == "supabase")
            return Tenancy.Parse($"auth.uid() IS NOT NULL AND auth.role() = '{role.Replace("'", "''")}'");
        var text = "true";
        foreach (var user in UserTerms.Of(part))
            text += $" AND ({user}) IS NOT NULL AND ({user}) <> ''";
        return Tenancy.Parse(text);
    }

    private bool IsTiedToRow(Table table, Expression part)
    {
        if (!table.AreColumnsKnown)
            return true;
        var uses = Uses.Of(catalog, table, part);
        foreach (var (relation, _) in uses.Columns)
        {
            if (relation == table.Id)
                return true;
        }
        foreach (var id in uses.Relations)
        {
            if (!catalog.Relations.TryGetValue(id, out var relation) || relation.IsAssumed || !relation.AreColumnsKnown)
                return true;
        }
        return CallsOrReads.HasRowArgument(part, table);
    }

    // Where no condition is known, any row that is let in will do: what is reported then does not look at the row at all.
    private Verdict Isolates(Table table, Policy only, PolicyCommand command, string role) =>
        IsGoalKnown(table)
            ? access.Isolates(With(table, only), command, role, PolicyClause.Using)
            : access.Isolates(With(table, only), command, role, PolicyClause.Using, Tenancy.Parse("false")!);

    private bool IsGoalKnown(Table table)
    {
        foreach (var key in tenancy.KeysOf(table))
        {
            if (key.Goal is not null)
                return true;
        }
        return false;
    }

    private bool AreKeysConfigured(Table table)
    {
        foreach (var key in tenancy.KeysOf(table))
        {
            if (!key.IsInferred)
                return true;
        }
        return false;
    }

    // `user_id is null`: rows that nobody owns yet are there to be taken.
    private bool IsAboutOwnerless(Table table, Expression part)
    {
        foreach (var key in tenancy.KeysOf(table))
        {
            if (Tenancy.Parse(Tenancy.Quote(key.Column.Name) + " IS NULL") is { } ownerless && access.Implies(table, new(part, ownerless.Source), ownerless) is Verdict.Proven)
                return true;
        }
        return false;
    }

    private static Table With(Table table, Policy only)
    {
        var policies = new List<Policy> { only };
        foreach (var other in table.Policies)
        {
            if (!other.IsPermissive)
                policies.Add(other);
        }
        return table with { Policies = policies };
    }

    private static bool Serves(Policy policy, params string[] roles)
    {
        foreach (var role in roles)
        {
            if (Contains(policy.Roles, role))
                return true;
        }
        return false;
    }

    private static bool Contains<T>(IReadOnlyList<T> items, T item)
        where T : class
    {
        foreach (var candidate in items)
        {
            if (candidate.Equals(item))
                return true;
        }
        return false;
    }
}
