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
/// <remarks>A question about a tainted or assumed object is Unknown.</remarks>
public sealed class AccessModel
{
    public AccessModel(ICatalog catalog, Tenancy tenancy, AnalysisLimits limits, CancellationToken cancellation = default) =>
        throw new NotImplementedException();

    /// <summary>
    /// The policies that bind a role for a command: permissive and restrictive, FOR ALL included, PUBLIC and inherited roles included.
    /// </summary>
    public IReadOnlyList<Policy> PoliciesFor(Table table, PolicyCommand command, string role) => throw new NotImplementedException();

    /// <summary>The predicate of a policy for a clause: WITH CHECK falls back to USING. Null: the policy has none for it.</summary>
    public static SqlFragment<Expression>? PredicateOf(Policy policy, PolicyClause clause) => throw new NotImplementedException();

    /// <summary>Proven iff the predicate is true for every row of the table and every session.</summary>
    public Verdict IsAlwaysTrue(Table table, SqlFragment<Expression> predicate) => throw new NotImplementedException();

    /// <summary>Proven iff whenever the premise is true for a row, the goal is true for it too (three-valued).</summary>
    public Verdict Implies(Table table, SqlFragment<Expression> premise, SqlFragment<Expression> goal) => throw new NotImplementedException();

    /// <summary>Proven iff the combined predicate of all policies for the command, role and clause implies a tenancy condition of the table.</summary>
    public Verdict Isolates(Table table, PolicyCommand command, string role, PolicyClause clause) => throw new NotImplementedException();

    /// <summary>Proven iff rows with the predicate true satisfy the predicate of a partial index (PL1007).</summary>
    public Verdict UsesIndex(Table table, SqlFragment<Expression> predicate, TableIndex index) => throw new NotImplementedException();
}
