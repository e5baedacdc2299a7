namespace PolicyLint.Core.Logic;

/// <summary>SQL's three truth values.</summary>
internal enum Truth
{
    False,
    Unknown,
    True,
}

/// <summary>
/// A value that a predicate speaks of: a column of a row, a term of the session, a parameter, a literal, or an expression that is
/// not looked into. Terms of equal keys have equal values.
/// </summary>
/// <param name="Key">Canonical text.</param>
/// <param name="Kind">What the value comes from.</param>
/// <param name="IsNotNull">NOT NULL by the schema, or a literal.</param>
internal sealed record Term(string Key, TermKind Kind, bool IsNotNull)
{
    public bool Equals(Term? other) => other is not null && Key == other.Key;

    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Key);
}

/// <summary>What a term's value comes from.</summary>
internal enum TermKind
{
    Column,
    Session,
    Parameter,
    Literal,
    Null,

    /// <summary>An expression over the others: its value is not known, only that it is the same wherever it is written the same.</summary>
    Opaque,
}

/// <summary>A predicate in three-valued logic. A closed set: whoever switches over it must know them all.</summary>
internal abstract record Formula
{
    private Formula()
    {
    }

    public sealed record Constant(Truth Value) : Formula;

    public sealed record And(IReadOnlyList<Formula> Operands) : Formula;

    public sealed record Or(IReadOnlyList<Formula> Operands) : Formula;

    public sealed record Not(Formula Operand) : Formula;

    public sealed record Equal(Term Left, Term Right) : Formula;

    /// <summary>IS NOT DISTINCT FROM: never unknown.</summary>
    public sealed record Same(Term Left, Term Right) : Formula;

    public sealed record IsNull(Term Operand) : Formula;

    /// <summary>A term of type boolean as a condition.</summary>
    public sealed record Holds(Term Operand) : Formula;

    /// <summary>IS TRUE, IS FALSE, IS UNKNOWN: never unknown.</summary>
    public sealed record Is(Formula Operand, Truth Value) : Formula;

    /// <summary>A condition on other rows. In a database whose other tables are empty it is false.</summary>
    public sealed record OtherRows(string Key) : Formula;

    /// <summary>A condition that is not looked into.</summary>
    /// <param name="Key">Canonical text.</param>
    /// <param name="Description">The condition as written.</param>
    /// <param name="Columns">
    /// Keys of the columns that decide it, where it is made of nothing but built-in operators on them: some value of each makes it true,
    /// another false, whatever the other columns are. Null where that is not known.
    /// </param>
    public sealed record Opaque(string Key, string Description, IReadOnlyList<string>? Columns = null) : Formula;
}
