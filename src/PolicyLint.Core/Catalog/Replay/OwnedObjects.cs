using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Catalog.Replay;

/// <summary>
/// DROP OWNED takes the roles' objects, privileges and places in policies away; REASSIGN OWNED gives the objects to another (pg_shdepend.c,
/// shdepDropOwned and shdepReassignOwned).
/// </summary>
internal sealed class OwnedObjects(ReplayContext context, Dropping dropping)
{
    public void Apply(DropOwnedStatement statement, AlterTableStatements tables)
    {
        var roles = new List<string>();
        foreach (var role in statement.Roles)
            roles.Add(context.RoleOf(role));
        if (statement.NewOwner.IsEmpty)
            Drop(roles);
        else
            Reassign(roles, context.RoleOf(statement.NewOwner), tables);
    }

    private void Reassign(List<string> roles, string newOwner, AlterTableStatements tables)
    {
        foreach (var relation in new List<Relation>(context.State.Relations.Values))
        {
            if (IsOwned(relation.Owner, roles))
                tables.ChangeOwner(relation, newOwner);
        }
        foreach (var overloads in new List<IReadOnlyList<Function>>(context.State.Functions.Values))
        {
            foreach (var function in overloads)
            {
                if (IsOwned(function.Owner, roles))
                    Replace(function, function with { Owner = newOwner, Grants = Without(function.Grants, [newOwner]) });
            }
        }
        foreach (var schema in new List<Schema>(context.State.Schemas.Values))
        {
            if (IsOwned(schema.Owner, roles))
                context.State.SetSchema(schema with { Owner = newOwner, Grants = Without(schema.Grants, [newOwner]) });
        }
    }

    private void Drop(List<string> roles)
    {
        var items = new List<DropItem>();
        foreach (var relation in new List<Relation>(context.State.Relations.Values))
        {
            if (IsOwned(relation.Owner, roles))
                items.Add(DropItem.Of(relation.Id));
            else
                TakeAway(relation, roles);
        }
        foreach (var overloads in new List<IReadOnlyList<Function>>(context.State.Functions.Values))
        {
            foreach (var function in overloads)
            {
                if (IsOwned(function.Owner, roles))
                    items.Add(new(DropKind.Function, function.Id, FunctionStatements.Signature(function)));
                else
                    Replace(function, function with { Grants = Without(function.Grants, roles) });
            }
        }
        foreach (var schema in new List<Schema>(context.State.Schemas.Values))
        {
            if (IsOwned(schema.Owner, roles))
                items.Add(new(DropKind.Schema, new(schema.Name, ""), ""));
            else
                context.State.SetSchema(schema with { Grants = Without(schema.Grants, roles) });
        }
        context.State.SetDefaultPrivileges(Lists.Map(
            context.State.DefaultPrivileges, privilege => roles.Contains(privilege.Grantee) || IsOwned(privilege.ForRole, roles) ? null : privilege));
        items.Sort(static (a, b) => a.CompareTo(b));
        if (items.Count > 0)
            dropping.Drop(items, DropBehavior.Cascade);
    }

    private void TakeAway(Relation relation, List<string> roles)
    {
        var columns = Lists.Map(relation.Columns, column => column.Grants.Count == 0 ? column : column with { Grants = Without(column.Grants, roles) });
        var after = relation with { Grants = Without(relation.Grants, roles), Columns = columns };
        if (after is Table table)
            after = table with { Policies = Lists.Map(table.Policies, policy => WithoutRoles(policy, roles)) };
        context.State.Replace(relation, after);
    }

    // A policy for nobody else goes (policy.c, RemoveRoleFromObjectPolicy).
    private static Policy? WithoutRoles(Policy policy, List<string> roles)
    {
        var left = new List<string>(policy.Roles);
        left.RemoveAll(roles.Contains);
        return left.Count == policy.Roles.Count ? policy : left.Count == 0 ? null : policy with { Roles = left };
    }

    private void Replace(Function before, Function after) =>
        context.State.SetFunctions(before.Id, Lists.Replace(context.State.Functions[before.Id], before, after));

    private static bool IsOwned(string? owner, List<string> roles) => owner is not null && roles.Contains(owner);

    private static IReadOnlyList<Grant> Without(IReadOnlyList<Grant> grants, List<string> roles) =>
        Lists.Map(grants, grant => roles.Contains(grant.Grantee) ? null : grant);
}
