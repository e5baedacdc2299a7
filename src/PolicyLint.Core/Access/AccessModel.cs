using PolicyLint.Core.Analysis;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Logic;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Access;

/// <summary>Which of a policy's two predicates is meant.</summary>
public enum PolicyClause
{
    /// <summary>Which rows a command reaches.</summary>
    Using,

    /// <summary>Which rows it may write.</summary>
    WithCheck,
}

/// <summary>Who reaches which rows: PostgreSQL's combination of policies, and the questions that rules ask of it.</summary>
/// <remarks>A question about a tainted object is Unknown.</remarks>
public sealed class AccessModel(ICatalog catalog, Tenancy tenancy, AnalysisLimits limits, CancellationToken cancellation = default)
{
    /// <summary>
    /// The policies that bind a role for a command: permissive and restrictive, FOR ALL included, PUBLIC and inherited roles included
    /// (PostgreSQL manual, CREATE POLICY; rowsecurity.c get_policies_for_relation).
    /// </summary>
    public IReadOnlyList<Policy> PoliciesFor(Table table, PolicyCommand command, string role)
    {
        var result = new List<Policy>();
        foreach (var policy in table.Policies)
        {
            if ((policy.Command == PolicyCommand.All || policy.Command == command) && AppliesTo(policy, role, 0))
                result.Add(policy);
        }
        return result;
    }

    /// <summary>The predicate of a policy for a clause: WITH CHECK falls back to USING. Null: the policy has none for it.</summary>
    public static SqlFragment<Expression>? PredicateOf(Policy policy, PolicyClause clause) =>
        clause == PolicyClause.WithCheck ? policy.WithCheck ?? policy.Using : policy.Using;

    /// <summary>Proven iff the predicate is true for every row of the table and every session.</summary>
    public Verdict IsAlwaysTrue(Table table, SqlFragment<Expression> predicate)
    {
        var builder = new FormulaBuilder(new TableScope(catalog, table));
        return Answer(table, new Formula.Constant(Truth.True), builder.Build(predicate.Tree));
    }

    /// <summary>Proven iff whenever the premise is true for a row, the goal is true for it too (three-valued).</summary>
    public Verdict Implies(Table table, SqlFragment<Expression> premise, SqlFragment<Expression> goal)
    {
        var builder = new FormulaBuilder(new TableScope(catalog, table));
        return Answer(table, builder.Build(premise.Tree), builder.Build(goal.Tree));
    }

    /// <summary>
    /// Proven iff the combined predicate of all policies for the command, role and clause implies a tenancy condition of the table:
    /// that of any of its keys, because a row of mine and a row of my tenant are both mine to reach.
    /// </summary>
    public Verdict Isolates(Table table, PolicyCommand command, string role, PolicyClause clause)
    {
        var builder = new FormulaBuilder(new TableScope(catalog, table));
        var goals = new List<Formula>();
        foreach (var key in tenancy.KeysOf(table))
        {
            if (key.Goal is not null)
                goals.Add(builder.Build(key.Goal.Tree));
        }
        if (goals.Count == 0)
            return new Verdict.Unknown(UnknownReason.SchemaMissing, "no tenancy condition is known for " + table.Id);
        if (!table.RowSecurityEnabled.IsKnown)
            return new Verdict.Unknown(UnknownReason.Tainted, "it is not known whether row-level security is enabled on " + table.Id);
        var premise = table.RowSecurityEnabled.Value ? Combine(table, command, role, clause, builder) : new Formula.Constant(Truth.True);
        return premise is null
            ? new Verdict.Unknown(UnknownReason.Tainted, "a policy of " + table.Id + " may have been changed by a statement that could not be read")
            : Answer(table, premise, new Formula.Or(goals));
    }

    /// <summary>Proven iff rows with the predicate true satisfy the predicate of a partial index (PL1007).</summary>
    public Verdict UsesIndex(Table table, SqlFragment<Expression> predicate, TableIndex index) =>
        index.Predicate is null ? new Verdict.Proven([]) : Implies(table, predicate, index.Predicate);

    // OR of permissive, AND of restrictive; no permissive policy denies. Null: a tainted policy is among them.
    private Formula? Combine(Table table, PolicyCommand command, string role, PolicyClause clause, FormulaBuilder builder)
    {
        var permissive = new List<Formula>();
        var all = new List<Formula>();
        foreach (var policy in PoliciesFor(table, command, role))
        {
            if (policy.IsTainted)
                return null;
            if (PredicateOf(policy, clause) is not { } predicate)
                continue;
            // Only TRUE lets a row in, so each policy counts by itself.
            var lets = new Formula.Is(builder.Build(predicate.Tree), Truth.True);
            (policy.IsPermissive ? permissive : all).Add(lets);
        }
        all.Add(new Formula.Or(permissive));
        return new Formula.And(all);
    }

    private bool AppliesTo(Policy policy, string role, int depth)
    {
        foreach (var named in policy.Roles)
        {
            if (named == "public" || named == role)
                return true;
        }
        if (depth > 16 || !catalog.Roles.TryGetValue(role, out var known))
            return false;
        foreach (var membership in known.MemberOf)
        {
            if (membership.Inherits && AppliesTo(policy, membership.Role, depth + 1))
                return true;
        }
        return false;
    }

    private Verdict Answer(Table table, Formula premise, Formula goal)
    {
        if (table.Taints.Count > 0)
            return new Verdict.Unknown(UnknownReason.Tainted, table.Id + " may have been changed by a statement that could not be read");
        return Verdicts.Of(EntailmentSearch.Decide(premise, goal, [], limits.ProverSteps, cancellation), table.Id.Name);
    }
}

/// <summary>Answers of the search as verdicts.</summary>
internal static class Verdicts
{
    public static Verdict Of(EntailmentAnswer answer, string table) => answer.Kind switch
    {
        EntailmentKind.Proven => new Verdict.Proven([]),
        EntailmentKind.Refuted => new Verdict.Refuted(WitnessOf(answer.Values, table)),
        _ => new Verdict.Unknown(answer.Reason, answer.Detail),
    };

    private static Witness WitnessOf(IReadOnlyList<KeyValuePair<Term, string>> values, string table)
    {
        var session = new Dictionary<string, string>();
        var rows = new Dictionary<string, Dictionary<string, string>>();
        foreach (var pair in values)
        {
            var dot = pair.Key.Key.IndexOf('.');
            if (pair.Key.Kind == TermKind.Column && dot > 0)
            {
                var alias = pair.Key.Key.Substring(0, dot);
                if (!rows.TryGetValue(alias, out var row))
                    rows.Add(alias, row = []);
                row[pair.Key.Key.Substring(dot + 1)] = pair.Value;
            }
            else if (pair.Key.Kind is TermKind.Session or TermKind.Parameter)
                session[pair.Key.Key] = pair.Value;
        }
        var ordered = new List<WitnessRow>();
        foreach (var row in rows)
        {
            if (row.Key == table)
                ordered.Insert(0, new(row.Key, row.Value));
            else
                ordered.Add(new(row.Key, row.Value));
        }
        return new(session, ordered, []);
    }
}
