using PolicyLint.Core.Access;
using PolicyLint.Core.Catalog;

namespace PolicyLint.CSharp.EntityFramework;

/// <summary>
/// A second kind of tenant: tables whose rows belong to no tenant and have members, which a table of users and them lists (`projects` beside
/// `project_users`). A row that refers to one is its members'.
/// </summary>
internal sealed class MemberGroups
{
    private static readonly string[] Members = ["user", "member", "contributor", "participant"];

    private readonly HashSet<QualifiedId> _groups = [];
    private readonly HashSet<string> _columns = new(StringComparer.Ordinal);

    public MemberGroups(ICatalog catalog, Tenancy tenancy)
    {
        foreach (var list in catalog.TablesInOrder().Where(tenancy.IsTenantTable))
        {
            foreach (var reference in list.Constraints)
            {
                if (reference is not { Kind: ConstraintKind.ForeignKey, Columns: [var column], ReferencedTable: { } id } || !catalog.Relations.TryGetValue(id, out var relation) || relation is not Table group)
                    continue;
                if (tenancy.IsTenantTable(group) || !Lists(list.Id.Name, id.Name))
                    continue;
                _groups.Add(id);
                _columns.Add(Plain(column));
            }
        }
    }

    /// <summary>The column says which group a row belongs to: by its foreign key, or named as in the list of members.</summary>
    public bool IsReferredToBy(Table table, Column column)
    {
        foreach (var constraint in table.Constraints)
        {
            if (constraint is { Kind: ConstraintKind.ForeignKey, Columns: [var only], ReferencedTable: { } id } && only == column.Name)
                return _groups.Contains(id);
        }
        return _columns.Contains(Plain(column.Name));
    }

    // project_users, UserProjects, ProjectMember
    private static bool Lists(string list, string group)
    {
        var name = Plain(list);
        var singular = Plain(group).TrimEnd('s');
        var at = name.IndexOf(singular, StringComparison.Ordinal);
        if (at < 0)
            return false;
        var rest = name.Remove(at, singular.Length);
        return Members.Any(member => rest.IndexOf(member, StringComparison.Ordinal) is >= 0 and <= 1 && rest.Length <= member.Length + 4);
    }

    private static string Plain(string name) => name.Replace("_", "").ToLowerInvariant();
}
