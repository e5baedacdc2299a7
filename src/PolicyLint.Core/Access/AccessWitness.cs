using System.Globalization;
using System.Text;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Logic;
using PolicyLint.Sql.Text;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Access;

/// <summary>A witness with the question that it answers: what a server can be asked to confirm.</summary>
/// <param name="Table">Whose row it is.</param>
/// <param name="Command">What is done with the row.</param>
/// <param name="Role">Who does it.</param>
/// <param name="Clause">Whether the row is reached, or written.</param>
/// <param name="Case">The row, the rows that it needs, and the session.</param>
public sealed record AccessWitness(QualifiedId Table, PolicyCommand Command, string Role, PolicyClause Clause, Witness Case)
{
    private const string MadeUuid = "'aaaaaaaa-0000-4000-8000-";
    private const int NarrowTable = 8;
    private const int ToldRows = 3;

    /// <summary>Whether the role gets at the row; false for a row that it has lost.</summary>
    public bool IsLetIn { get; init; } = true;

    /// <summary>
    /// What changed it: before, the role did not get at a row that it is let in to, and did at one that it has lost. Null where it is told of one
    /// state alone.
    /// </summary>
    public WitnessChange? Across { get; init; }

    /// <summary>
    /// What lets the row in by itself, where every statement on the table fails at present: because its policies read each other in a circle, or call
    /// what the role may not. Null: the table's policies together let it in.
    /// </summary>
    public PolicyBranch? Alone { get; init; }

    /// <summary>Columns that are told even where they are NULL.</summary>
    public IReadOnlyCollection<string> Telling { get; init; } = [];

    /// <summary>`user A (auth.uid() = …a) can SELECT the row clients(id = 1, org_id = …b, tenant_id = NULL)`.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(Session());
        text.Append(IsLetIn ? " can " : " can no longer ").Append(Verb);
        if (Case.Rows.Count > 0)
            text.Append(Tell(Case.Rows[0], isTarget: true));
        for (var i = 1; i < Case.Rows.Count && i <= ToldRows; i++)
            text.Append(i == 1 ? ", given " : ", ").Append(Tell(Case.Rows[i], isTarget: false));
        if (Case.Rows.Count > ToldRows + 1)
            text.Append(" and ").Append((Case.Rows.Count - ToldRows - 1).ToString(CultureInfo.InvariantCulture)).Append(" more rows");
        for (var i = 0; i < Case.Conditions.Count; i++)
            text.Append(i == 0 ? ", if " : " and ").Append(Case.Conditions[i]);
        if (Alone is not null)
            text.Append(", were it not that every statement on the table fails");
        return text.ToString();
    }

    private string Verb => Command switch
    {
        PolicyCommand.Insert => "INSERT the row ",
        PolicyCommand.Update => Clause == PolicyClause.WithCheck ? "UPDATE a row so that it becomes " : "UPDATE the row ",
        PolicyCommand.Delete => "DELETE the row ",
        _ => "SELECT the row ",
    };

    private string Session()
    {
        if (Case.Session.Count == 0)
            return "any session of " + Role;
        var isAnonymous = true;
        var values = new List<string>();
        foreach (var pair in Case.Session)
        {
            isAnonymous &= pair.Value == "NULL";
            values.Add(pair.Key + " = " + Short(pair.Value));
        }
        return (isAnonymous ? "an anonymous session (" : "user A (") + string.Join(", ", values) + ")";
    }

    private string Tell(WitnessRow row, bool isTarget)
    {
        var values = new List<string>();
        foreach (var pair in row.Values)
        {
            if (pair.Value != "NULL" || (isTarget && (row.Values.Count <= NarrowTable || Contains(pair.Key))))
                values.Add(pair.Key + " = " + Short(pair.Value));
        }
        return row.Table + "(" + string.Join(", ", values) + ")";
    }

    private bool Contains(string column)
    {
        foreach (var told in Telling)
        {
            if (told == column)
                return true;
        }
        return false;
    }

    // Made-up identifiers differ in their end alone.
    private static string Short(string literal) =>
        literal.StartsWith(MadeUuid, StringComparison.Ordinal) && literal.Length == 38
        && long.TryParse(literal.Substring(MadeUuid.Length, 12), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var number)
            ? "…" + (number + 9).ToString("x", CultureInfo.InvariantCulture)
            : literal;
}

/// <summary>One operand of the OR at the top of a permissive policy's USING.</summary>
/// <param name="Policy">The policy's name.</param>
/// <param name="Predicate">The operand as SQL.</param>
public sealed record PolicyBranch(string Policy, string Predicate);

/// <summary>The migrations between the two states that a witness compares.</summary>
/// <param name="First">The first of them: the earlier state is the one before it.</param>
/// <param name="Last">The last of them.</param>
/// <param name="Rollback">What takes them back: the later state is the one after it. Null: it is the one after the last migration.</param>
public sealed record WitnessChange(SourceText First, SourceText Last, SourceText? Rollback);
