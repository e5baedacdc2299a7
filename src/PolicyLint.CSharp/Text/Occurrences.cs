using PolicyLint.Core.Access;
using PolicyLint.Core.Catalog;

namespace PolicyLint.CSharp.Text;

/// <summary>What occurrences of tenant tables are about.</summary>
internal static class Occurrences
{
    /// <summary>
    /// The table's key is its owner: it holds the users or tenants themselves. They are looked up by name or address before anyone is
    /// known, so reading them says nothing.
    /// </summary>
    public static bool IsOfPrincipals(this TenantOccurrence occurrence)
    {
        foreach (var constraint in occurrence.Table.Constraints)
        {
            if (constraint.Kind == ConstraintKind.PrimaryKey)
                return constraint.Columns is [var only] && only == occurrence.Key.Column.Name;
        }
        return false;
    }
}
