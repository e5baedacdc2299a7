using PolicyLint.Core.Catalog;
using PolicyLint.Core.Logic;
using PolicyLint.Core.Logic.Proving;
using PolicyLint.Sql;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Access;

/// <summary>What every user may do with rows that a column gives to the user, whatever else the rows hold.</summary>
internal sealed class OwnRows(AccessModel access, Tenancy tenancy)
{
    private const string Before = "policylint_before";

    /// <summary>The column that says whose a row is and the session's value that it is compared with; null where a table has none.</summary>
    public (Column Column, Expression User)? UserOf(Table table)
    {
        foreach (var key in tenancy.KeysOf(table))
        {
            if (key.Goal?.Tree is OperatorExpression { Left: ColumnReference } comparison && comparison.Operator.Name == "=")
                return (key.Column, comparison.Right);
        }
        return null;
    }

    /// <summary>A row that shows that each user may change the column of an own row into whatever the schema allows; null where that is not proven.</summary>
    public AccessWitness? Change(Table table, string role, Column column, (Column Column, Expression User) user)
    {
        if (Key(table, column, user.Column) is not { } sameKey)
            return null;
        var own = Own(table, user);
        var name = Tenancy.Quote(table.Id.Name);
        var changed = Condition(
            $"EXISTS (SELECT 1 FROM {Tenancy.Quote(table.Id.Schema)}.{name} AS {Before} WHERE {sameKey} AND {Before}.{Tenancy.Quote(user.Column.Name)} = ({SqlPrinter.Print(user.User)})"
            + $" AND {Before}.{Tenancy.Quote(column.Name)} IS DISTINCT FROM {name}.{Tenancy.Quote(column.Name)})");
        if (own is null || changed is null
            || access.Follows(access, table, own, access.ClaimOf(table, PolicyCommand.Update, role, PolicyClause.Using), role, PolicyClause.Using) is not Verdict.Proven)
            return null;
        return Write(table, PolicyCommand.Update, role, new Claim.AllOf([own, changed]));
    }

    /// <summary>A row that shows that each user may insert an own row with whatever else the schema allows; null where that is not proven.</summary>
    public AccessWitness? Insert(Table table, string role, (Column Column, Expression User) user) =>
        Own(table, user) is { } own ? Write(table, PolicyCommand.Insert, role, own) : null;

    /// <summary>The first permissive policy that lets the rows of every user be written.</summary>
    public Policy? Guilty(Table table, PolicyCommand command, string role, (Column Column, Expression User) user)
    {
        Policy? first = null;
        foreach (var policy in access.PoliciesFor(table, command, role))
        {
            if (!policy.IsPermissive || AccessModel.PredicateOf(policy, PolicyClause.WithCheck) is not { } check)
                continue;
            first ??= policy;
            if (Own(table, user) is { } own && access.Follows(access, table, own, new Claim.Condition(check.Tree, Sight.Role), role, PolicyClause.WithCheck) is Verdict.Proven)
                return policy;
        }
        return first;
    }

    private AccessWitness? Write(Table table, PolicyCommand command, string role, Claim row)
    {
        var check = access.ClaimOf(table, command, role, PolicyClause.WithCheck);
        return access.Follows(access, table, row, check, role, PolicyClause.WithCheck) is Verdict.Proven
            && access.Follows(access, table, row, new Claim.Nothing(), role, PolicyClause.WithCheck) is Verdict.Refuted { Witness: { Conditions.Count: 0 } found }
                ? new(table.Id, command, role, PolicyClause.WithCheck, found) { Telling = PolicyFaults.Telling(table, tenancy) }
                : null;
    }

    private static Claim.Condition? Own(Table table, (Column Column, Expression User) user) =>
        Condition($"{Tenancy.Quote(table.Id.Name)}.{Tenancy.Quote(user.Column.Name)} = ({SqlPrinter.Print(user.User)})");

    private static Claim.Condition? Condition(string text) => Tenancy.Parse(text) is { } condition ? new(condition.Tree, Sight.Everything) : null;

    // The row before the change is found by its primary key; a part of the key that changes itself, or is the user, is not compared.
    private static string? Key(Table table, Column changed, Column user)
    {
        foreach (var constraint in table.Constraints)
        {
            if (constraint.Kind != ConstraintKind.PrimaryKey)
                continue;
            var same = new List<string>();
            foreach (var column in constraint.Columns)
            {
                if (column != changed.Name && column != user.Name)
                    same.Add($"{Before}.{Tenancy.Quote(column)} = {Tenancy.Quote(table.Id.Name)}.{Tenancy.Quote(column)}");
            }
            return same.Count == 0 ? "true" : string.Join(" AND ", same);
        }
        return null;
    }
}
