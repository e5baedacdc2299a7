using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Catalog.Replay;

/// <summary>CREATE POLICY and ALTER POLICY.</summary>
internal sealed class PolicyStatements(ReplayContext context)
{
    private static readonly IReadOnlyList<string> s_public = ["public"];

    private IReadOnlyList<string> _lastRoles = s_public;

    public void Create(CreatePolicyStatement statement)
    {
        if (context.RequireTable(statement.Table) is not { } table)
            return;
        var name = statement.Name.Text;
        if (Find(table, name) is not null)
        {
            context.Report($"policy \"{name}\" for table \"{table.Id.Name}\" already exists", isError: table.Taints.Count == 0);
            return;
        }
        if (IsRefused(statement))
            return;
        var policy = new Policy
        {
            Name = name,
            Command = statement.Command,
            IsPermissive = !statement.IsRestrictive,
            Roles = Roles(statement.Roles),
            HasImplicitRoles = statement.Roles.Length == 0,
            Using = Stored(table, statement.Using),
            WithCheck = Stored(table, statement.WithCheck),
            CreatedAt = context.Here,
            ChangedAt = context.Here,
        };
        context.Alter(table, table with { Policies = Lists.With(table.Policies, policy) }, ChangeKind.Created, ObjectKind.Policy, name, null, policy);
    }

    public void Alter(AlterPolicyStatement statement)
    {
        if (context.RequireTable(statement.Table) is not { } table)
            return;
        if (Find(table, statement.Name.Text) is not { } policy)
        {
            var isCertain = !table.IsAssumed && !table.IsForeignOwned && table.Taints.Count == 0;
            context.Report($"policy \"{statement.Name}\" for table \"{table.Id.Name}\" does not exist", isCertain);
            return;
        }
        var after = policy with
        {
            Roles = statement.Roles.Length == 0 ? policy.Roles : Roles(statement.Roles),
            HasImplicitRoles = statement.Roles.Length == 0 && policy.HasImplicitRoles,
            Using = statement.Using is null ? policy.Using : Stored(table, statement.Using),
            WithCheck = statement.WithCheck is null ? policy.WithCheck : Stored(table, statement.WithCheck),
            ChangedAt = context.Here,
        };
        context.Alter(table, table with { Policies = Lists.Replace(table.Policies, policy, after) }, ChangeKind.Altered, ObjectKind.Policy, policy.Name, policy, after);
    }

    // A policy that reads a column which its relation does not have is not made (policy.c CreatePolicy parses its expressions first).
    private bool IsRefused(CreatePolicyStatement statement)
    {
        if (context.State.UnknownEffects.Count > 0)
            return false;
        if (UnknownColumns.First(statement, context.State) is not { } missing)
            return false;
        context.Report($"column \"{missing.Column}\" of relation \"{missing.Relation}\" does not exist", isError: true);
        return true;
    }

    public static Policy? Find(Table table, string name)
    {
        var policies = table.Policies;
        for (var i = 0; i < policies.Count; i++)
        {
            if (string.Equals(policies[i].Name, name, StringComparison.Ordinal))
                return policies[i];
        }
        return null;
    }

    // PUBLIC makes the other roles pointless, and PostgreSQL keeps it alone (policy.c, policy_role_list_to_array).
    private IReadOnlyList<string> Roles(RoleSpecification[] roles)
    {
        if (roles.Length == 0)
            return s_public;
        var names = context.RolesOf(roles);
        if (Lists.Has(names, "public"))
            return s_public;
        // Policies come in rows for the same roles.
        return _lastRoles = Lists.AreEqual(names, _lastRoles) ? _lastRoles : names;
    }

    private SqlFragment<Expression>? Stored(Table table, Expression? expression) =>
        expression is null ? null : context.Fragment(expression, StoredNames.Of(context, table, expression));
}
