using System.Collections;
using PolicyLint.Core.Analysis;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Catalog.Difference;
using PolicyLint.Core.Logic;
using PolicyLint.Core.Logic.Proving;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Access;

/// <summary>
/// Who reaches what in one catalog against another, over the same rows: those of the later one, with its columns and constraints. Policies,
/// functions and roles are each catalog's own.
/// </summary>
internal sealed class AccessComparison
{
    private readonly EarlierState _before;
    private readonly ICatalog _after;
    private readonly Func<ICatalog, AccessModel> _modelOf;
    private AccessModel? _earlier;
    private AccessModel? _later;

    public AccessComparison(ICatalog before, ICatalog after, Tenancy tenancy, AnalysisLimits limits, KnownAnswers answers, CancellationToken cancellation)
    {
        _before = new(before, after);
        _modelOf = catalog => new(catalog, tenancy, limits, cancellation) { Answers = answers };
        _after = after;
        Functions = new(before, after);
    }

    /// <summary>Who reached what. Of most migrations nobody asks.</summary>
    public AccessModel Earlier => _earlier ??= _modelOf(_before);

    /// <summary>Who reaches what.</summary>
    public AccessModel Later => _later ??= _modelOf(_after);

    /// <summary>Functions that the two catalogs hold differently.</summary>
    public ChangedFunctions Functions { get; }

    /// <summary>The table under the policies of before; null where it was not there.</summary>
    public Table? Find(QualifiedId id) => _before.WasThere(id) ? _before.Relations[id] as Table : null;

    /// <summary>
    /// Proven iff the role still reaches, or may write, all that it did. Of UPDATE's check it is asked whether a row that could be updated can still
    /// be written as it is: where else it may be moved to is for the tenancy condition to say.
    /// </summary>
    public Verdict Keeps(Table before, Table after, PolicyCommand command, string role, PolicyClause clause)
    {
        var had = Earlier.ClaimOf(before, command, role, clause);
        var has = Later.ClaimOf(after, command, role, clause);
        if (command == PolicyCommand.Update && clause == PolicyClause.WithCheck)
        {
            had = new Claim.AllOf([Earlier.ClaimOf(before, command, role, PolicyClause.Using), had]);
            clause = PolicyClause.Using;
        }
        return Compare(before, after, () => Later.Follows(Earlier, after, had, has, role, clause));
    }

    /// <summary>Proven iff the role reaches, or may write, nothing that it did not.</summary>
    public Verdict Adds(Table before, Table after, PolicyCommand command, string role, PolicyClause clause) =>
        Compare(before, after, () => Earlier.Follows(Later, after, Later.ClaimOf(after, command, role, clause), Earlier.ClaimOf(before, command, role, clause), role, clause));

    /// <summary>Proven iff all that the role now reaches it did before, or is its own by the tenancy condition.</summary>
    public Verdict AddsOnlyOwn(Table before, Table after, PolicyCommand command, string role, PolicyClause clause)
    {
        var had = Earlier.ClaimOf(before, command, role, clause);
        var goal = Later.Own(after) is { } own ? new Claim.AnyOf([had, own]) : had;
        return Compare(before, after, () => Earlier.Follows(Later, after, Later.ClaimOf(after, command, role, clause), goal, role, clause));
    }

    /// <summary>Proven iff before the role reached, or might write, every row.</summary>
    public Verdict WasOpen(Table before, PolicyCommand command, string role, PolicyClause clause) =>
        Earlier.Follows(Earlier, before, Claim.Everything.Instance, Earlier.ClaimOf(before, command, role, clause), role, clause);

    private static Verdict Compare(Table before, Table after, Func<Verdict> ask) =>
        before.IsAccessTainted || after.IsAccessTainted || !before.RowSecurityEnabled.IsKnown || !after.RowSecurityEnabled.IsKnown
            ? new Verdict.Unknown(UnknownReason.Tainted, "it is not known whether row-level security is enabled on " + after.Id)
            : ask();
}

/// <summary>An earlier catalog over the rows of a later one: the later tables under the earlier policies.</summary>
internal sealed class EarlierState : ICatalog
{
    private readonly ICatalog _before;

    public EarlierState(ICatalog before, ICatalog after)
    {
        _before = before;
        Relations = new EarlierRelations(before.Relations, after.Relations);
        Types = after.Types;
    }

    public IReadOnlyDictionary<QualifiedId, Relation> Relations { get; }

    public IReadOnlyDictionary<QualifiedId, IReadOnlyList<Function>> Functions => _before.Functions;

    public IReadOnlyDictionary<string, Schema> Schemas => _before.Schemas;

    public IReadOnlyDictionary<string, Role> Roles => _before.Roles;

    public IReadOnlyDictionary<QualifiedId, UserType> Types { get; }

    public IReadOnlyList<DefaultPrivilege> DefaultPrivileges => _before.DefaultPrivileges;

    public IReadOnlyCollection<string> Extensions => _before.Extensions;

    public IReadOnlyList<string> SearchPath => _before.SearchPath;

    public IReadOnlyList<Origin> UnknownEffects => _before.UnknownEffects;

    public string Platform => _before.Platform;

    public bool IsLive => _before.IsLive;

    /// <summary>Whether the earlier catalog had the relation.</summary>
    public bool WasThere(QualifiedId id) => _before.Relations.ContainsKey(id);
}

/// <summary>Each relation is made when it is asked for, and stays the same one: few of them ever are.</summary>
internal sealed class EarlierRelations(IReadOnlyDictionary<QualifiedId, Relation> before, IReadOnlyDictionary<QualifiedId, Relation> after) : IReadOnlyDictionary<QualifiedId, Relation>
{
    private readonly Dictionary<QualifiedId, Relation> _made = [];

    public int Count => after.Count;

    public IEnumerable<QualifiedId> Keys => after.Keys;

    public IEnumerable<Relation> Values => after.Select(pair => Of(pair.Key, pair.Value));

    public Relation this[QualifiedId key] => Of(key, after[key]);

    public bool ContainsKey(QualifiedId key) => after.ContainsKey(key);

    public bool TryGetValue(QualifiedId key, out Relation value)
    {
        if (!after.TryGetValue(key, out value))
            return false;
        value = Of(key, value);
        return true;
    }

    public IEnumerator<KeyValuePair<QualifiedId, Relation>> GetEnumerator()
    {
        foreach (var pair in after)
            yield return new(pair.Key, Of(pair.Key, pair.Value));
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private Relation Of(QualifiedId id, Relation current)
    {
        if (_made.TryGetValue(id, out var made))
            return made;
        var was = before.TryGetValue(id, out var relation) ? relation : null;
        made = (current, was) switch
        {
            (Table now, Table then) => now with
            {
                Policies = then.Policies,
                RowSecurityEnabled = then.RowSecurityEnabled,
                RowSecurityForced = then.RowSecurityForced,
                Owner = then.Owner,
                Grants = then.Grants,
                Taints = then.IsAccessTainted ? then.Taints : now.Taints,
                SideTaints = then.IsAccessTainted ? then.SideTaints : now.SideTaints,
            },
            (View, View then) => then,
            _ => current,
        };
        _made.Add(id, made);
        return made;
    }
}
