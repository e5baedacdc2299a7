using PolicyLint.Core.Catalog;
using PolicyLint.Core.Logic.Proving;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Access;

/// <summary>PostgreSQL's combination of a table's policies for a role (PROVER 2.1), and what the role sees of tables that policies read.</summary>
internal sealed class EffectivePolicies(ICatalog catalog)
{
    private const int MaximumMemberships = 16;

    private readonly Dictionary<QualifiedId, TablePolicies> _tables = [];
    private readonly Dictionary<SqlFragment<Expression>, PolicyPredicate> _predicates = [];
    private readonly Dictionary<Wording, PolicyPredicate> _worded = [];
    private readonly Wordings _wordings = new();
    private readonly Dictionary<int[], Claim> _claims = new(SequenceComparer.Instance);
    private readonly List<Policy> _gathered = [];
    private TablePolicies? _last;

    /// <summary>The policies that bind a role for a command, permissive and restrictive.</summary>
    public IReadOnlyList<Policy> For(Table table, PolicyCommand command, string role) => Of(table).For(command, role);

    /// <summary>For an unknown role all permissive policies count; a restrictive one only where it is everyone's.</summary>
    public static IReadOnlyList<Policy> ForAnyone(Table table, PolicyCommand command)
    {
        var result = new List<Policy>();
        foreach (var policy in table.Policies)
        {
            if ((policy.Command == PolicyCommand.All || policy.Command == command) && (policy.IsPermissive || policy.Roles.Contains("public")))
                result.Add(policy);
        }
        return result;
    }

    /// <summary>The claim that a statement of the form may touch a row, or leave it behind; null where it touches or leaves none.</summary>
    public Claim? Of(Table table, StatementForm form, string role, PolicyClause clause)
    {
        var parts = Parts(form, clause);
        return parts.Length switch
        {
            0 => null,
            1 => Of(table, parts[0].Command, role, parts[0].Clause),
            _ => Of(table).Both(Of(table, parts[0].Command, role, parts[0].Clause), Of(table, parts[1].Command, role, parts[1].Clause)),
        };
    }

    /// <summary>The claim that the policies of one command let a row pass: one object for all roles of which the same holds.</summary>
    public Claim Of(Table table, PolicyCommand command, string role, PolicyClause clause) =>
        table.RowSecurityEnabled.Value ? Of(table).Claim(command, role, clause) : Claim.Everything.Instance;

    /// <summary>Superusers, BYPASSRLS, and the owner unless forced (rowsecurity.c check_enable_rls).</summary>
    public bool Passes(Table table, string role) => Of(table).Passes(role);

    private bool IsPassedBy(Table table, string role)
    {
        if (Bypasses(role))
            return true;
        return table.Owner is { } owner && table.RowSecurityForced is { Value: false, IsKnown: true } && HasPrivilegesOf(role, owner, 0);
    }

    /// <summary>Whether a function that runs as the owner of the table sees all its rows.</summary>
    public bool PassesAsOwner(Table table) =>
        table.RowSecurityForced is { Value: false, IsKnown: true } || Bypasses(table.Owner ?? (catalog.Platform == "supabase" ? "postgres" : ""));

    private bool Bypasses(string role) => catalog.Roles.TryGetValue(role, out var known) && (known.IsSuperuser || known.BypassesRowSecurity);

    /// <summary>Which policies bind the statement, of which command and by which clause.</summary>
    private static (PolicyCommand Command, PolicyClause Clause)[] Parts(StatementForm form, PolicyClause clause) => (form, clause) switch
    {
        (StatementForm.Select, PolicyClause.Using) => [(PolicyCommand.Select, PolicyClause.Using)],
        (StatementForm.SelectForUpdate, PolicyClause.Using) => [(PolicyCommand.Select, PolicyClause.Using), (PolicyCommand.Update, PolicyClause.Using)],
        (StatementForm.Insert, PolicyClause.WithCheck) => [(PolicyCommand.Insert, PolicyClause.WithCheck)],
        (StatementForm.InsertReturning, PolicyClause.WithCheck) => [(PolicyCommand.Insert, PolicyClause.WithCheck), (PolicyCommand.Select, PolicyClause.Using)],
        (StatementForm.Update or StatementForm.InsertOnConflictUpdate, _) => [(PolicyCommand.Update, clause), (PolicyCommand.Select, PolicyClause.Using)],
        (StatementForm.BlindUpdate, _) => [(PolicyCommand.Update, clause)],
        (StatementForm.Delete, PolicyClause.Using) => [(PolicyCommand.Delete, PolicyClause.Using), (PolicyCommand.Select, PolicyClause.Using)],
        (StatementForm.BlindDelete, PolicyClause.Using) => [(PolicyCommand.Delete, PolicyClause.Using)],
        _ => [],
    };

    // Policies say the same of one command as of the next, and on one table as on the next: such are one claim, which is asked about once.
    private Claim ClaimOf(List<Policy> applying, PolicyClause clause)
    {
        var key = new int[applying.Count + 1];
        key[0] = (int)clause;
        for (var i = 0; i < applying.Count; i++)
        {
            // What is not known of a policy is told by its name.
            if (applying[i].IsTainted)
                return new Claim.Policies(applying, clause);
            key[i + 1] = (AccessModel.PredicateOf(applying[i], clause) is { } predicate ? Of(predicate).Number : 0) * (applying[i].IsPermissive ? 1 : -1);
        }
        if (!_claims.TryGetValue(key, out var claim))
            _claims.Add(key, claim = new Claim.Policies(applying, clause));
        return claim;
    }

    private PolicyPredicate Of(SqlFragment<Expression> predicate)
    {
        if (_predicates.TryGetValue(predicate, out var known))
            return known;
        var wording = _wordings.Of(predicate);
        if (!_worded.TryGetValue(wording, out known))
            _worded.Add(wording, known = new(_worded.Count + 1, PolicyReads.Of(predicate)));
        _predicates.Add(predicate, known);
        return known;
    }

    // "infinite recursion detected in policy": a table's policies hold subqueries and are reached again from these. The statement fails, so
    // nothing passes (rewriteHandler.c fireRIRrules; functions are not looked into there).
    private bool IsRecursive(Table table, List<Policy> applying, string role, List<QualifiedId> active)
    {
        if (!table.RowSecurityEnabled.Value || Passes(table, role))
            return false;
        if (!HasSubquery(applying))
            return false;
        if (active.Contains(table.Id))
            return true;
        var isRecursive = false;
        active.Add(table.Id);
        foreach (var policy in applying)
            isRecursive |= IsRecursive(policy.Using, role, active) || IsRecursive(policy.WithCheck, role, active);
        active.RemoveAt(active.Count - 1);
        return isRecursive;
    }

    // Whether policies that hold subqueries hide rows of some table in the predicate: other circles there are none.
    private bool LeadsOn(PolicyReads reads, string role)
    {
        foreach (var name in reads.Tables)
        {
            if (catalog.FindTable(name) is { RowSecurityEnabled.Value: true } inner && !Passes(inner, role) && HasSubquery(Of(inner).For(PolicyCommand.Select, role)))
                return true;
        }
        return false;
    }

    private bool HasSubquery(List<Policy> applying)
    {
        foreach (var policy in applying)
        {
            if (HasSubquery(policy.Using) || HasSubquery(policy.WithCheck))
                return true;
        }
        return false;
    }

    private bool HasSubquery(SqlFragment<Expression>? predicate) => predicate is not null && Of(predicate).Reads.HasSubquery;

    private bool IsRecursive(SqlFragment<Expression>? predicate, string role, List<QualifiedId> active)
    {
        if (predicate is null)
            return false;
        var known = Of(predicate);
        if (!known.LeadsOn(role, this))
            return false;
        foreach (var name in known.Reads.Tables)
        {
            if (catalog.FindTable(name) is { } inner && IsRecursive(inner, Of(inner).For(PolicyCommand.Select, role), role, active))
                return true;
        }
        return false;
    }

    // "permission denied for function": asked when the statement starts, whatever the other branches of the predicate say (execExpr.c ExecInitFunc).
    private bool CallsForbidden(List<Policy> applying, PolicyClause clause, string role)
    {
        if (!catalog.Roles.ContainsKey(role) || catalog.UnknownEffects.Count > 0)
            return false;
        var isForbidden = false;
        foreach (var policy in applying)
        {
            if (AccessModel.PredicateOf(policy, clause) is not { } predicate)
                continue;
            // One policy that is decided before it runs may take the calls of all others with it.
            var known = Of(predicate);
            if (known.Reads.Calls is not { } calls)
                return false;
            if (calls.Count > 0)
                isForbidden |= known.IsForbidden(role, this);
        }
        return isForbidden;
    }

    private bool IsForbidden(ObjectName name, string role)
    {
        var found = false;
        foreach (var function in catalog.FindFunctions(name))
        {
            if (function.IsForeignOwned || function.IsAssumed || function.IsTainted || Bypasses(role) || (function.Owner is { } owner && HasPrivilegesOf(role, owner, 0)))
                return false;
            foreach (var grant in function.Grants)
            {
                if (grant.Privilege == "execute" && (grant.Grantee == "public" || HasPrivilegesOf(role, grant.Grantee, 0)))
                    return false;
            }
            found = true;
        }
        return found;
    }

    private bool HasPrivilegesOf(string role, string other, int depth)
    {
        if (role == other)
            return true;
        if (depth > MaximumMemberships || !catalog.Roles.TryGetValue(role, out var known))
            return false;
        foreach (var membership in known.MemberOf)
        {
            if (membership.Inherits && HasPrivilegesOf(membership.Role, other, depth + 1))
                return true;
        }
        return false;
    }

    private bool AppliesTo(Policy policy, string role, int depth)
    {
        foreach (var named in policy.Roles)
        {
            if (named == "public" || HasPrivilegesOf(role, named, depth))
                return true;
        }
        return false;
    }

    // A table that is not the catalog's own, as rules make some, has its policies gathered anew.
    private TablePolicies Of(Table table)
    {
        // Questions about one table follow each other.
        if (_last is { } last && ReferenceEquals(last.Table, table))
            return last;
        if (_tables.TryGetValue(table.Id, out var known) && ReferenceEquals(known.Table, table))
            return _last = known;
        var policies = new TablePolicies(this, table);
        if (catalog.Relations.TryGetValue(table.Id, out var own) && ReferenceEquals(own, table))
            _tables[table.Id] = policies;
        return _last = policies;
    }

    private sealed class TablePolicies(EffectivePolicies all, Table table)
    {
        private readonly List<RolePolicies> _roles = [];
        private readonly List<List<Policy>> _sets = [];
        private readonly List<(Claim First, Claim Second, Claim Both)> _pairs = [];

        public Table Table => table;

        public bool Passes(string role) => Of(role).Passes;

        public Claim Claim(PolicyCommand command, string role, PolicyClause clause)
        {
            var known = Of(role);
            if (known.Passes)
                return Logic.Proving.Claim.Everything.Instance;
            return Claim(Of(known, command), role, clause);
        }

        public Claim Both(Claim first, Claim second)
        {
            foreach (var pair in _pairs)
            {
                if (ReferenceEquals(pair.First, first) && ReferenceEquals(pair.Second, second))
                    return pair.Both;
            }
            var both = new Claim.AllOf([first, second]);
            _pairs.Add((first, second, both));
            return both;
        }

        public List<Policy> For(PolicyCommand command, string role) => Of(Of(role), command).Policies;

        // The same policies make the same claim, whichever command they are asked for.
        private Claim Claim(AppliedPolicies applied, string role, PolicyClause clause) => clause == PolicyClause.Using
            ? applied.Using ??= Make(applied, role, clause)
            : applied.WithCheck ??= Make(applied, role, clause);

        private Claim Make(AppliedPolicies applied, string role, PolicyClause clause)
        {
            applied.IsRecursive ??= all.IsRecursive(table, applied.Policies, role, []);
            return applied.IsRecursive.Value || all.CallsForbidden(applied.Policies, clause, role) ? Logic.Proving.Claim.Nothing.Instance : all.ClaimOf(applied.Policies, clause);
        }

        private AppliedPolicies Of(RolePolicies role, PolicyCommand command) => role.ByCommand[(int)command] ??= Gather(role, command);

        private AppliedPolicies Gather(RolePolicies role, PolicyCommand command)
        {
            var policies = all._gathered;
            policies.Clear();
            for (var i = 0; i < table.Policies.Count; i++)
            {
                var policy = table.Policies[i];
                if ((policy.Command == PolicyCommand.All || policy.Command == command) && role.Applies[i])
                    policies.Add(policy);
            }
            foreach (var known in role.ByCommand)
            {
                if (known is not null && AreSame(known.Policies, policies))
                    return known;
            }
            foreach (var known in _sets)
            {
                if (AreSame(known, policies))
                    return new(known);
            }
            _sets.Add([.. policies]);
            return new(_sets[_sets.Count - 1]);
        }

        private RolePolicies Of(string role)
        {
            foreach (var known in _roles)
            {
                if (known.Role == role)
                    return known;
            }
            var applies = new bool[table.Policies.Count];
            for (var i = 0; i < applies.Length; i++)
                applies[i] = all.AppliesTo(table.Policies[i], role, 0);
            _roles.Add(new(role, all.IsPassedBy(table, role), applies));
            return _roles[_roles.Count - 1];
        }

        private static bool AreSame(List<Policy> left, List<Policy> right)
        {
            if (left.Count != right.Count)
                return false;
            for (var i = 0; i < left.Count; i++)
            {
                if (!ReferenceEquals(left[i], right[i]))
                    return false;
            }
            return true;
        }
    }

    /// <summary>What binds one role on a table.</summary>
    private sealed class RolePolicies(string role, bool passes, bool[] applies)
    {
        private const int Commands = (int)PolicyCommand.Delete + 1;

        public string Role => role;

        /// <summary>No policy binds it.</summary>
        public bool Passes => passes;

        /// <summary>Which of the table's policies are for it, in their order.</summary>
        public bool[] Applies => applies;

        public AppliedPolicies?[] ByCommand { get; } = new AppliedPolicies?[Commands];
    }

    /// <summary>The policies that bind a role for some commands, and the claims that they make.</summary>
    private sealed class AppliedPolicies(List<Policy> policies)
    {
        public List<Policy> Policies => policies;

        /// <summary>They read each other in a circle; null: not looked at yet.</summary>
        public bool? IsRecursive { get; set; }

        public Claim? Using { get; set; }

        public Claim? WithCheck { get; set; }
    }

    /// <summary>A predicate in one wording, whichever policies have it.</summary>
    private sealed class PolicyPredicate(int number, PolicyReads reads)
    {
        private readonly List<PredicateOfRole> _roles = [];

        /// <summary>The same for all in the same words; never 0.</summary>
        public int Number => number;

        public PolicyReads Reads => reads;

        /// <summary>Whether a role may not execute some function that is called in any plan.</summary>
        public bool IsForbidden(string role, EffectivePolicies all)
        {
            var known = Of(role);
            if (known.IsForbidden is null)
            {
                known.IsForbidden = false;
                foreach (var name in reads.Calls!)
                    known.IsForbidden |= all.IsForbidden(name, role);
            }
            return known.IsForbidden.Value;
        }

        /// <summary>Whether it may read, for a role, a table whose policies read others.</summary>
        public bool LeadsOn(string role, EffectivePolicies all)
        {
            if (reads.Tables.Count == 0)
                return false;
            var known = Of(role);
            return known.LeadsOn ??= all.LeadsOn(reads, role);
        }

        private PredicateOfRole Of(string role)
        {
            foreach (var known in _roles)
            {
                if (known.Role == role)
                    return known;
            }
            _roles.Add(new(role));
            return _roles[_roles.Count - 1];
        }
    }

    /// <summary>What a predicate is to a role; null: not looked at yet.</summary>
    private sealed class PredicateOfRole(string role)
    {
        public string Role => role;

        public bool? IsForbidden { get; set; }

        public bool? LeadsOn { get; set; }
    }
}

/// <summary>What a policy's predicate reads, found out once for each.</summary>
internal sealed class PolicyReads : SqlVisitor
{
    private readonly List<ObjectName> _tables = [];

    private PolicyReads(Expression predicate)
    {
        Visit(predicate);
        Calls = CertainCalls.Of(predicate);
    }

    public bool HasSubquery { get; private set; }

    /// <summary>Tables that its subqueries name.</summary>
    public IReadOnlyList<ObjectName> Tables => _tables;

    /// <summary>Functions that it calls in any plan; null where some part of it may be decided before it runs.</summary>
    public IReadOnlyList<ObjectName>? Calls { get; }

    public static PolicyReads Of(SqlFragment<Expression> predicate) => predicate.Make(static tree => new PolicyReads(tree));

    public override void VisitSelectQuery(SelectQuery node)
    {
        HasSubquery = true;
        base.VisitSelectQuery(node);
    }

    public override void VisitNamedTable(NamedTable node)
    {
        _tables.Add(node.Name);
        base.VisitNamedTable(node);
    }
}

/// <summary>What a role reads of other tables inside a policy.</summary>
internal sealed class RoleReading(EffectivePolicies policies, string? role) : IPolicySource
{
    public bool IsRoleKnown => role is not null;

    public IReadOnlyList<Policy>? ReadingPolicies(Table table) => policies.Passes(table, role!) ? null : policies.For(table, PolicyCommand.Select, role!);

    public bool OwnerReadsAll(Table table) => policies.PassesAsOwner(table);
}
