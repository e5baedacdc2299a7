using PolicyLint.Core.Catalog;
using PolicyLint.Core.Logic.Proving;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Access;

/// <summary>PostgreSQL's combination of a table's policies for a role (PROVER 2.1), and what the role sees of tables that policies read.</summary>
internal sealed class EffectivePolicies(ICatalog catalog)
{
    private const int MaximumMemberships = 16;

    private readonly Dictionary<QualifiedId, TablePolicies> _tables = [];
    private readonly Dictionary<(SqlFragment<Expression>, string), bool> _forbidden = [];
    private readonly Dictionary<SqlFragment<Expression>, int> _predicates = [];
    private readonly Dictionary<string, int> _texts = new(StringComparer.Ordinal);
    private readonly Dictionary<int[], Claim> _claims = new(SequenceComparer.Instance);

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
    public Claim Of(Table table, PolicyCommand command, string role, PolicyClause clause)
    {
        if (!table.RowSecurityEnabled.Value || Passes(table, role))
            return Claim.Everything.Instance;
        return Of(table).Claim(command, role, clause);
    }

    /// <summary>Superusers, BYPASSRLS, and the owner unless forced (rowsecurity.c check_enable_rls).</summary>
    public bool Passes(Table table, string role)
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
            key[i + 1] = (AccessModel.PredicateOf(applying[i], clause) is { } predicate ? NumberOf(predicate) : 0) * (applying[i].IsPermissive ? 1 : -1);
        }
        if (!_claims.TryGetValue(key, out var claim))
            _claims.Add(key, claim = new Claim.Policies(applying, clause));
        return claim;
    }

    private int NumberOf(SqlFragment<Expression> predicate)
    {
        if (!_predicates.TryGetValue(predicate, out var number))
        {
            var text = predicate.ToString();
            if (!_texts.TryGetValue(text, out number))
                _texts.Add(text, number = _texts.Count + 1);
            _predicates.Add(predicate, number);
        }
        return number;
    }

    // "infinite recursion detected in policy": a table's policies hold subqueries and are reached again from these. The statement fails, so
    // nothing passes (rewriteHandler.c fireRIRrules; functions are not looked into there).
    private bool IsRecursive(Table table, List<Policy> applying, string role, List<QualifiedId> active)
    {
        if (!table.RowSecurityEnabled.Value || Passes(table, role))
            return false;
        var hasSubquery = false;
        foreach (var policy in applying)
            hasSubquery |= PolicyReads.Of(policy.Using)?.HasSubquery == true || PolicyReads.Of(policy.WithCheck)?.HasSubquery == true;
        if (!hasSubquery)
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

    private bool IsRecursive(SqlFragment<Expression>? predicate, string role, List<QualifiedId> active)
    {
        foreach (var name in PolicyReads.Of(predicate)?.Tables ?? [])
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
            if (PolicyReads.Of(predicate)!.Calls is not { } calls)
                return false;
            if (calls.Count == 0)
                continue;
            if (!_forbidden.TryGetValue((predicate, role), out var known))
                _forbidden.Add((predicate, role), known = calls.Any(name => IsForbidden(name, role)));
            isForbidden |= known;
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
        if (_tables.TryGetValue(table.Id, out var known) && ReferenceEquals(known.Table, table))
            return known;
        var policies = new TablePolicies(this, table);
        if (catalog.Relations.TryGetValue(table.Id, out var own) && ReferenceEquals(own, table))
            _tables[table.Id] = policies;
        return policies;
    }

    private sealed class TablePolicies(EffectivePolicies all, Table table)
    {
        private readonly List<RolePolicies> _roles = [];
        private readonly List<List<Policy>> _sets = [];
        private readonly List<(Claim First, Claim Second, Claim Both)> _pairs = [];

        public Table Table => table;

        public Claim Claim(PolicyCommand command, string role, PolicyClause clause)
        {
            var known = Of(role);
            var place = ((int)command * 2) + (int)clause;
            return known.Claims[place] ??= Claim(known, For(command, role), role, clause);
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

        public List<Policy> For(PolicyCommand command, string role)
        {
            var known = Of(role);
            if (known.Applying[(int)command] is { } applying)
                return applying;
            var policies = new List<Policy>();
            foreach (var policy in table.Policies)
            {
                if ((policy.Command == PolicyCommand.All || policy.Command == command) && all.AppliesTo(policy, role, 0))
                    policies.Add(policy);
            }
            var set = _sets.Find(other => AreSame(other, policies));
            if (set is null)
                _sets.Add(set = policies);
            return known.Applying[(int)command] = set;
        }

        // The same policies make the same claim, whichever command they are asked for.
        private Claim Claim(RolePolicies role, List<Policy> applying, string name, PolicyClause clause)
        {
            foreach (var known in role.Sets)
            {
                if (ReferenceEquals(known.Applying, applying) && known.Clause == clause)
                    return known.Claim;
            }
            var claim = all.IsRecursive(table, applying, name, []) || all.CallsForbidden(applying, clause, name) ? Logic.Proving.Claim.Nothing.Instance : all.ClaimOf(applying, clause);
            role.Sets.Add((applying, clause, claim));
            return claim;
        }

        private RolePolicies Of(string role)
        {
            foreach (var known in _roles)
            {
                if (known.Role == role)
                    return known;
            }
            _roles.Add(new(role));
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

    /// <summary>What binds one role on a table, by command and clause.</summary>
    private sealed class RolePolicies(string role)
    {
        private const int Commands = (int)PolicyCommand.Delete + 1;

        public string Role => role;

        public List<Policy>?[] Applying { get; } = new List<Policy>?[Commands];

        public Claim?[] Claims { get; } = new Claim?[Commands * 2];

        public List<(List<Policy> Applying, PolicyClause Clause, Claim Claim)> Sets { get; } = [];
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

    public static PolicyReads? Of(SqlFragment<Expression>? predicate) => predicate?.Make(static tree => new PolicyReads(tree));

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
