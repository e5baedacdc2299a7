using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Catalog.Replay;

/// <summary>The privileges that a new object starts with: PostgreSQL's own and ALTER DEFAULT PRIVILEGES.</summary>
internal sealed class DefaultGrants(ReplayContext context)
{
    /// <summary>The owner's own privileges are not listed.</summary>
    public IReadOnlyList<Grant> For(ObjectKind kind, string schema, string owner)
    {
        var type = TypeOf(kind);
        List<Grant>? grants = null;
        if (type == "functions")
            grants = [new("execute", "public", false, Origin.Default)];
        foreach (var privilege in context.State.DefaultPrivileges)
        {
            if (privilege.ForRole != owner || privilege.ObjectType != type || privilege.Grantee == owner
                || (privilege.Schema is not null && privilege.Schema != schema))
                continue;
            grants ??= [];
            var at = grants.FindIndex(g => g.Privilege == privilege.Privilege && g.Grantee == privilege.Grantee);
            if (privilege.IsRevoke && at >= 0)
                grants.RemoveAt(at);
            else if (!privilege.IsRevoke && at < 0)
                grants.Add(new(privilege.Privilege, privilege.Grantee, false, privilege.Origin));
        }
        return grants ?? (IReadOnlyList<Grant>)[];
    }

    private static string TypeOf(ObjectKind kind) => kind switch
    {
        ObjectKind.Sequence => "sequences",
        ObjectKind.Function => "functions",
        ObjectKind.Schema => "schemas",
        ObjectKind.Type => "types",
        _ => "tables",
    };
}
