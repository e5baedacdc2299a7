using PolicyLint.Core.Analysis;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Logic;
using PolicyLint.Core.Logic.Proving;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Access;

/// <summary>Which rows of a table a role gets at, from the fewest to the most.</summary>
public enum AccessExtent
{
    /// <summary>No row.</summary>
    Nobody,

    /// <summary>Rows of the user who asks.</summary>
    OwnRows,

    /// <summary>Rows of the tenant of the user who asks.</summary>
    TenantRows,

    /// <summary>Some rows of others: those that a column marks as public, or that a condition opens.</summary>
    PublicRows,

    /// <summary>Every row, for everyone who has the role.</summary>
    Everyone,

    /// <summary>Not decided.</summary>
    Undecided,
}

/// <summary>What a role may do to a table with a command.</summary>
/// <param name="Table">The table.</param>
/// <param name="Command">SELECT, INSERT, UPDATE or DELETE.</param>
/// <param name="Role">The role.</param>
/// <param name="Extent">Which rows; all but public rows and the undecided are proven.</param>
/// <param name="Detail">Why it is not decided, or why nobody gets in where no policy says so; otherwise empty.</param>
/// <param name="Witness">A row of somebody else that the role gets at; null where there is none.</param>
public sealed record AccessCell(QualifiedId Table, PolicyCommand Command, string Role, AccessExtent Extent, string Detail, AccessWitness? Witness);

/// <summary>Who gets at what: table by command by role, for the project's tables and the roles that the application uses.</summary>
public sealed class AccessMap
{
    private readonly ICatalog _catalog;
    private readonly Tenancy _tenancy;
    private readonly AccessModel _model;
    private readonly List<AccessCell> _cells = [];

    private AccessMap(ICatalog catalog, Tenancy tenancy, AnalysisLimits limits, CancellationToken cancellation)
    {
        _catalog = catalog;
        _tenancy = tenancy;
        _model = new(catalog, tenancy, limits, cancellation);
        foreach (var table in catalog.TablesInOrder())
        {
            if (table.IsForeignOwned || table.IsAssumed || table.Persistence == Persistence.Temporary)
                continue;
            foreach (var command in Commands)
            {
                foreach (var role in tenancy.ApplicationRoles)
                    _cells.Add(Judge(table, command, role));
            }
        }
    }

    /// <summary>The commands of a map, in order.</summary>
    public static IReadOnlyList<PolicyCommand> Commands { get; } = [PolicyCommand.Select, PolicyCommand.Insert, PolicyCommand.Update, PolicyCommand.Delete];

    /// <summary>In order of table, command and role.</summary>
    public IReadOnlyList<AccessCell> Cells => _cells;

    /// <summary>The roles, in order.</summary>
    public IReadOnlyList<string> Roles => _tenancy.ApplicationRoles;

    /// <summary>Decides every cell.</summary>
    public static AccessMap Of(ICatalog catalog, Tenancy tenancy, AnalysisLimits limits, CancellationToken cancellation = default) => new(catalog, tenancy, limits, cancellation);

    private AccessCell Judge(Table table, PolicyCommand command, string role)
    {
        if (table.IsAccessTainted || !table.RowSecurityEnabled.IsKnown)
            return Cell(AccessExtent.Undecided, "a statement that could not be read may have changed the table");
        if (!TablePrivileges.Has(_catalog, table, role, command))
            return Cell(AccessExtent.Nobody);
        if (_model.IsUnbound(table, role))
            return Cell(AccessExtent.Everyone);
        var clause = command == PolicyCommand.Insert ? PolicyClause.WithCheck : PolicyClause.Using;
        var claim = _model.ClaimOf(table, command, role, clause);
        if (claim is Claim.Nothing)
            return Cell(AccessExtent.Nobody, "every statement fails, because policies read each other in a circle, or read or call what the role may not");
        if (IsProven(claim, Claim.Nothing.Instance))
            return Cell(AccessExtent.Nobody);
        if (IsProven(Claim.Everything.Instance, claim) || (SignedIn(role) is { } signedIn && IsProven(signedIn, claim)))
            return Cell(AccessExtent.Everyone);
        if (OwnRows(table) is { } own && IsProven(claim, own))
            return Cell(AccessExtent.OwnRows);
        // Without a tenancy condition a row that the session is asked about may be its own in a way that nobody has said.
        if (_model.Own(table) is null && AsksSession(table, command, role, clause))
            return Cell(AccessExtent.Undecided, "no tenancy condition is known for the table");
        var verdict = _model.Own(table) is { } goal ? Ask(claim, goal) : Ask(claim, Claim.Nothing.Instance);
        return verdict switch
        {
            Verdict.Proven => Cell(AccessExtent.TenantRows),
            Verdict.Refuted refuted => Cell(AccessExtent.PublicRows, "", new(table.Id, command, role, clause, refuted.Witness) { Telling = PolicyFaults.Telling(table, _tenancy) }),
            Verdict.Unknown unknown => Cell(AccessExtent.Undecided, unknown.Detail),
            _ => Cell(AccessExtent.Undecided),
        };

        AccessCell Cell(AccessExtent extent, string detail = "", AccessWitness? witness = null) => new(table.Id, command, role, extent, detail, witness);

        Verdict Ask(Claim premise, Claim wanted) => _model.Follows(_model, table, premise, wanted, role, clause);

        bool IsProven(Claim premise, Claim wanted) => Ask(premise, wanted) is Verdict.Proven;
    }

    private bool AsksSession(Table table, PolicyCommand command, string role, PolicyClause clause)
    {
        foreach (var policy in _model.PoliciesFor(table, command, role))
        {
            if (AccessModel.PredicateOf(policy, clause) is { } predicate && (SessionTerms.Contains(predicate.Tree) || CallsOrReads.Any(predicate.Tree)))
                return true;
        }
        return false;
    }

    // A key that is compared with the session itself is the user's; one that is looked up is the tenant's.
    private Claim.AnyOf? OwnRows(Table table)
    {
        var own = new List<Claim>();
        foreach (var column in table.Constraints.Where(constraint => constraint is { Kind: ConstraintKind.PrimaryKey, Columns.Count: 1 }).Select(constraint => constraint.Columns[0]))
        {
            if (_catalog.Platform == "supabase" && table.FindColumn(column)?.Type == "uuid" && Tenancy.Parse(Tenancy.Quote(column) + " = auth.uid()") is { } self)
                own.Add(new Claim.Condition(self.Tree, Sight.Everything));
        }
        foreach (var key in _tenancy.KeysOf(table))
        {
            if (key.Goal?.Tree is OperatorExpression comparison && comparison.Operator.Name == "=")
                own.Add(new Claim.Condition(comparison, Sight.Everything));
        }
        return own.Count == 0 ? null : new Claim.AnyOf(own);
    }

    private Claim.Condition? SignedIn(string role) =>
        _catalog.Platform == "supabase" && role != "anon" && Tenancy.Parse($"auth.uid() IS NOT NULL AND auth.role() = '{role.Replace("'", "''")}'") is { } condition
            ? new(condition.Tree, Sight.Everything)
            : null;
}

/// <summary>What grants allow, before any policy is asked.</summary>
internal static class TablePrivileges
{
    private const int MaximumMemberships = 16;

    /// <summary>Whether the role may use the command on the table or on columns of it. Where no grant is written at all, they are made elsewhere.</summary>
    public static bool Has(ICatalog catalog, Table table, string role, PolicyCommand command)
    {
        if (catalog.Platform != "supabase" && table.Grants.Count == 0)
            return true;
        var privilege = command.ToString().ToLowerInvariant();
        return Has(catalog, table, role, privilege, 0);
    }

    /// <summary>Whether the role may use the command on one column of the table.</summary>
    public static bool Has(ICatalog catalog, Table table, string role, PolicyCommand command, Column column)
    {
        if (catalog.Platform != "supabase" && table.Grants.Count == 0 && table.Columns.All(static candidate => candidate.Grants.Count == 0))
            return true;
        return Has(catalog, table with { Columns = [column] }, role, command.ToString().ToLowerInvariant(), 0);
    }

    private static bool Has(ICatalog catalog, Table table, string role, string privilege, int depth)
    {
        if (table.Owner == role || IsGranted(table.Grants, role, privilege))
            return true;
        foreach (var column in table.Columns)
        {
            if (IsGranted(column.Grants, role, privilege))
                return true;
        }
        if (depth >= MaximumMemberships || !catalog.Roles.TryGetValue(role, out var known))
            return false;
        foreach (var membership in known.MemberOf)
        {
            if (membership.Inherits && Has(catalog, table, membership.Role, privilege, depth + 1))
                return true;
        }
        return known.IsSuperuser;
    }

    private static bool IsGranted(IReadOnlyList<Grant> grants, string role, string privilege)
    {
        foreach (var grant in grants)
        {
            if (grant.Privilege == privilege && (grant.Grantee == role || grant.Grantee == "public"))
                return true;
        }
        return false;
    }
}
