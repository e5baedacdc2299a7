using PolicyLint.Core.Access;
using PolicyLint.Core.Catalog;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Logic.Proving;

/// <summary>One side of a question about a row of a table: what both the encoder and the interpreter read.</summary>
internal abstract record Claim
{
    private Claim()
    {
    }

    /// <summary>True for every row.</summary>
    public sealed record Everything : Claim
    {
        public static Everything Instance { get; } = new();
    }

    /// <summary>True for no row.</summary>
    public sealed record Nothing : Claim
    {
        public static Nothing Instance { get; } = new();
    }

    /// <summary>All of them hold.</summary>
    public sealed record AllOf(IReadOnlyList<Claim> Claims) : Claim;

    /// <summary>An expression over the row.</summary>
    public sealed record Condition(Expression Expression, Sight Sight) : Claim;

    /// <summary>One of them holds.</summary>
    public sealed record AnyOf(IReadOnlyList<Claim> Claims) : Claim;

    /// <summary>OR of the permissive policies, AND of the restrictive ones; no permissive one denies.</summary>
    public sealed record Policies(IReadOnlyList<Policy> Applying, PolicyClause Clause) : Claim;
}

/// <summary>Which policies bind a role when it reads a table inside another policy; null: none do.</summary>
internal interface IPolicySource
{
    /// <summary>Null where nothing is hidden from the role.</summary>
    IReadOnlyList<Policy>? ReadingPolicies(Table table);

    /// <summary>The asked role is known; otherwise what a table's own policies show is open.</summary>
    bool IsRoleKnown { get; }

    /// <summary>Whether a function that runs as the table's owner sees all its rows.</summary>
    bool OwnerReadsAll(Table table);
}

/// <summary>Where names, functions and policies of a claim are looked up.</summary>
internal sealed record Reading(ICatalog Catalog, IPolicySource Policies)
{
    /// <summary>Shared by all questions about the catalog.</summary>
    public InlinedBodies Bodies { get; init; } = new();
}

/// <summary>No policy binds.</summary>
internal sealed class NoPolicies : IPolicySource
{
    public static NoPolicies Instance { get; } = new();

    public bool IsRoleKnown => true;

    public IReadOnlyList<Policy>? ReadingPolicies(Table table) => null;

    public bool OwnerReadsAll(Table table) => true;
}
