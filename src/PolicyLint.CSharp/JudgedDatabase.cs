using System.Collections.Concurrent;
using PolicyLint.Core.Access;
using PolicyLint.Core.Analysis;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Logic;
using PolicyLint.Sql;
using PolicyLint.Sql.Text;
using PolicyLint.Sql.Tree;

namespace PolicyLint.CSharp;

/// <summary>
/// A catalog with what was decided by it. One instance serves all compilations that have the same catalog: what a statement does
/// depends on its text alone, so an edit elsewhere costs no second judgement. It serves all threads.
/// </summary>
/// <param name="catalog">The catalog.</param>
/// <param name="tenancy">Whose rows are whose.</param>
/// <param name="limits">Of the prover.</param>
/// <param name="answers">What was decided already, by the rules for SQL; null: nothing.</param>
public sealed class JudgedDatabase(ICatalog catalog, Tenancy tenancy, AnalysisLimits limits, KnownAnswers? answers = null)
{
    // An editor makes a new text with each key: past this, what is known is forgotten and found again.
    private const int MostTexts = 20_000;

    private readonly ConcurrentDictionary<string, JudgedSql> _texts = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<QualifiedId, bool> _guarded = new();
    private readonly KnownAnswers _answers = answers ?? new();
    private readonly Lazy<EntityFramework.MemberGroups> _groups = new(() => new(catalog, tenancy));
    private readonly Lazy<ILookup<string, Table>> _tables = new(() => catalog.TablesInOrder().ToLookup(table => Plain(table.Id.Name), StringComparer.Ordinal));

    /// <summary>The catalog.</summary>
    public ICatalog Catalog => catalog;

    /// <summary>Whose rows are whose.</summary>
    public Tenancy Tenancy => tenancy;

    internal EntityFramework.MemberGroups Groups => _groups.Value;

    internal QueryJudge Judge { get; } = new(catalog, tenancy, limits);

    /// <summary>A text that C# or a query of EF Core runs, parsed and its tenant tables judged; holes count as parameters.</summary>
    internal JudgedSql Read(string text, CancellationToken cancellation)
    {
        if (_texts.TryGetValue(text, out var known))
            return known;
        var tree = SqlParser.Parse(new SourceText(text, ""), SqlParseOptions.DotNet, cancellation);
        var occurrences = new IReadOnlyList<TenantOccurrence>[tree.Statements.Count];
        for (var i = 0; i < occurrences.Length; i++)
            occurrences[i] = Judge.Judge(tree.Statements[i], cancellation);
        if (_texts.Count >= MostTexts)
            _texts.Clear();
        return _texts.GetOrAdd(text, new JudgedSql(tree, occurrences));
    }

    /// <summary>The tables that a naming convention may mean: they differ in case and underscores alone.</summary>
    internal IReadOnlyList<Table> TablesLike(string name) => [.. _tables.Value[Plain(name)]];

    /// <summary>Row-level security is enabled and forced, and isolates for every role of the application.</summary>
    internal bool IsGuardedByRowSecurity(Table table, CancellationToken cancellation) => _guarded.GetOrAdd(table.Id, _ =>
    {
        // What a migration does that could not be read may switch it off.
        if (catalog.UnknownEffects.Count > 0 || table.Taints.Count > 0)
            return false;
        if (table.RowSecurityEnabled is not { Value: true, IsKnown: true } || table.RowSecurityForced is not { Value: true, IsKnown: true })
            return false;
        var access = new AccessModel(catalog, tenancy, limits, cancellation) { Answers = _answers };
        foreach (var role in tenancy.ApplicationRoles)
        {
            foreach (var command in new[] { PolicyCommand.Select, PolicyCommand.Update, PolicyCommand.Delete })
            {
                if (access.Isolates(table, command, role, PolicyClause.Using) is not Verdict.Proven)
                    return false;
            }
        }
        return true;
    });

    private static string Plain(string name) => name.Replace("_", "").ToLowerInvariant();
}

/// <summary>A text as SQL, with the tenant tables of each statement.</summary>
/// <param name="Tree">Its statements and what could not be read.</param>
/// <param name="Occurrences">For each statement.</param>
internal sealed record JudgedSql(SyntaxTree Tree, IReadOnlyList<IReadOnlyList<TenantOccurrence>> Occurrences);
