using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Catalog.Replay;

/// <summary>The privileges that a new object starts with: PostgreSQL's own and ALTER DEFAULT PRIVILEGES.</summary>
internal sealed class DefaultGrants(ReplayContext context)
{
    // One object for all that start with the same, as long as the defaults stay as they are.
    private readonly Dictionary<string, IReadOnlyList<Grant>> _known = new(StringComparer.Ordinal);
    private IReadOnlyList<DefaultPrivilege>? _knownFor;

    // Tables come in rows.
    private string _lastType = "", _lastSchema = "", _lastOwner = "";
    private IReadOnlyList<Grant> _last = [];

    /// <summary>The owner's own privileges are not listed.</summary>
    public IReadOnlyList<Grant> For(ObjectKind kind, string schema, string owner)
    {
        if (!ReferenceEquals(_knownFor, context.State.DefaultPrivileges))
        {
            _known.Clear();
            _knownFor = context.State.DefaultPrivileges;
            _lastType = "";
        }
        var type = TypeOf(kind);
        if (type == _lastType && schema == _lastSchema && owner == _lastOwner)
            return _last;
        var key = string.Concat(type, "\n", schema, "\n" + owner);
        if (!_known.TryGetValue(key, out var grants))
            _known.Add(key, grants = Find(type, schema, owner));
        (_lastType, _lastSchema, _lastOwner, _last) = (type, schema, owner, grants);
        return grants;
    }

    private IReadOnlyList<Grant> Find(string type, string schema, string owner)
    {
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
