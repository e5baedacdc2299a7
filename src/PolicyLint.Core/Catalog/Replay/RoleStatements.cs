using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Catalog.Replay;

/// <summary>Roles and memberships.</summary>
internal sealed class RoleStatements(ReplayContext context)
{
    public void Create(CreateRoleStatement statement)
    {
        var name = statement.Role.Text;
        if (context.State.Roles.TryGetValue(name, out var existing) && !existing.IsAssumed)
        {
            context.Report($"role \"{name}\" already exists", isError: !existing.IsForeignOwned);
            return;
        }
        var role = new Role
        {
            Name = name,
            CanLogin = statement.Kind == RoleStatementKind.User,
            MemberOf = existing?.MemberOf ?? [],
            IsForeignOwned = context.IsSeeding,
            CreatedAt = context.Here,
        };
        Store(null, WithOptions(role, statement.Options));
        AddMembers(name, statement.Options);
    }

    public void Alter(AlterRoleStatement statement)
    {
        var name = context.RoleOf(statement.Role);
        if (!context.State.Roles.TryGetValue(name, out var role))
            return;
        if (statement.Kind == RoleStatementKind.Group)
        {
            foreach (var member in statement.Members)
                SetMembership(context.RoleOf(member), name, statement.IsDropMembers, inherits: null, withAdmin: false);
            return;
        }
        Store(role, WithOptions(role, statement.Options));
        AddMembers(name, statement.Options);
    }

    public void Grant(GrantRoleStatement statement)
    {
        bool? inherits = null;
        bool? withAdmin = null;
        foreach (var option in statement.Options)
        {
            var isOn = option.Value is not Literal { Kind: LiteralKind.False } && option.ValueName.Text is not "false";
            if (option.Name == "inherit")
                inherits = isOn;
            else if (option.Name == "admin")
                withAdmin = isOn;
        }
        foreach (var role in statement.Roles)
        {
            context.AssumeRole(role.Text);
            foreach (var grantee in statement.Grantees)
            {
                var member = context.RoleOf(grantee);

                // REVOKE ADMIN OPTION FOR leaves the membership.
                var isRemoved = statement.IsRevoke && statement.Options.Length == 0;
                SetMembership(member, role.Text, isRemoved, statement.IsRevoke ? null : inherits, statement.IsRevoke ? false : withAdmin);
            }
        }
    }

    public void Rename(string oldName, string newName)
    {
        if (!context.State.Roles.TryGetValue(oldName, out var role))
            return;
        context.State.RemoveRole(oldName);
        var after = role with { Name = newName };
        context.State.SetRole(after);
        foreach (var other in new List<Role>(context.State.Roles.Values))
        {
            var memberships = Lists.Map(other.MemberOf, m => m.Role == oldName ? m with { Role = newName } : m);
            if (!ReferenceEquals(memberships, other.MemberOf))
                context.State.SetRole(other with { MemberOf = memberships });
        }
        RenameInGrants(oldName, newName);
        context.Record(ChangeKind.Renamed, ObjectKind.Role, new("", newName), "", role, after);
    }

    private void RenameInGrants(string oldName, string newName)
    {
        foreach (var relation in new List<Relation>(context.State.Relations.Values))
        {
            var after = relation with
            {
                Owner = relation.Owner == oldName ? newName : relation.Owner,
                Grants = Lists.Map(relation.Grants, g => g.Grantee == oldName ? g with { Grantee = newName } : g),
            };
            if (after is Table table)
            {
                after = table with
                {
                    Policies = Lists.Map(table.Policies, p => Lists.Has(p.Roles, oldName) ? p with { Roles = [.. p.Roles.Select(r => r == oldName ? newName : r)] } : p),
                };
            }
            context.State.Replace(relation, after);
        }
    }

    private static Role WithOptions(Role role, RoleOption[] options)
    {
        foreach (var option in options)
        {
            role = option.Keyword switch
            {
                "superuser" => role with { IsSuperuser = !option.IsNegated },
                "bypassrls" => role with { BypassesRowSecurity = !option.IsNegated },
                "canlogin" => role with { CanLogin = !option.IsNegated },
                "inherit" => role with { Inherits = !option.IsNegated },
                _ => role,
            };
        }
        return role;
    }

    private void AddMembers(string name, RoleOption[] options)
    {
        foreach (var option in options)
        {
            foreach (var other in option.Roles)
            {
                if (option.Keyword == "addroleto")
                    SetMembership(name, context.RoleOf(other), isRemoved: false, inherits: null, withAdmin: false);
                else if (option.Keyword is "rolemembers" or "adminmembers")
                    SetMembership(context.RoleOf(other), name, isRemoved: false, inherits: null, withAdmin: option.Keyword == "adminmembers");
            }
        }
    }

    private void SetMembership(string member, string role, bool isRemoved, bool? inherits, bool? withAdmin)
    {
        if (!context.State.Roles.TryGetValue(member, out var before))
            return;
        Membership? existing = null;
        foreach (var membership in before.MemberOf)
        {
            if (membership.Role == role)
                existing = membership;
        }
        IReadOnlyList<Membership> memberships;
        if (isRemoved)
            memberships = existing is null ? before.MemberOf : Lists.Replace(before.MemberOf, existing, null);
        else
        {
            var after = new Membership(role, inherits ?? existing?.Inherits ?? before.Inherits, withAdmin ?? existing?.WithAdmin ?? false, context.Here);
            memberships = existing is null ? Lists.With(before.MemberOf, after) : Lists.Replace(before.MemberOf, existing, after);
        }
        var changed = before with { MemberOf = memberships };
        context.State.SetRole(changed);
        context.Record(isRemoved ? ChangeKind.Revoked : ChangeKind.Granted, ObjectKind.Role, new("", member), role, before, changed);
    }

    private void Store(Role? before, Role after)
    {
        context.State.SetRole(after);
        context.Record(before is null ? ChangeKind.Created : ChangeKind.Altered, ObjectKind.Role, new("", after.Name), "", before, after);
    }
}
