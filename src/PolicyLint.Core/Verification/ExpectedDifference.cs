using PolicyLint.Core.Catalog;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Verification;

/// <summary>
/// What is to be expected of one state of a database that is not so in another: what is there, what is gone, what is different. Only what the
/// project made, and of that only what the catalog itself affirms.
/// </summary>
internal sealed class ExpectedDifference
{
    private readonly ICatalog _state;
    private readonly ICatalog _other;
    private readonly string _reason;
    private readonly List<Expectation> _expected = [];

    private ExpectedDifference(ICatalog state, ICatalog other, string reason)
    {
        _state = state;
        _other = other;
        _reason = reason;
    }

    /// <summary>The expectations in order of the objects' names.</summary>
    /// <param name="state">The state that they hold in.</param>
    /// <param name="other">The state that it is compared with.</param>
    /// <param name="reason">Why row-level security may be off; empty where a person has to say.</param>
    public static IReadOnlyList<Expectation> Between(ICatalog state, ICatalog other, string reason)
    {
        var difference = new ExpectedDifference(state, other, reason);
        foreach (var id in InOrder(state.Relations.Keys, other.Relations.Keys))
            difference.Relation(id);
        foreach (var id in InOrder(state.Functions.Keys, other.Functions.Keys))
            difference.Functions(id);
        return difference._expected;
    }

    private static SortedSet<QualifiedId> InOrder(IEnumerable<QualifiedId> some, IEnumerable<QualifiedId> others)
    {
        var ids = new SortedSet<QualifiedId>(some, Comparer<QualifiedId>.Create(CatalogLookup.CompareIds));
        ids.UnionWith(others);
        return ids;
    }

    private void Add(CatalogExpectation expectation)
    {
        if (CatalogJudge.Judge(_state, expectation).Holds == true)
            _expected.Add(expectation);
    }

    private void Relation(QualifiedId id)
    {
        _state.Relations.TryGetValue(id, out var now);
        _other.Relations.TryGetValue(id, out var then);
        if (!IsProjects(now) || !IsProjects(then))
        {
            if (now is Table { IsAssumed: false } theirs && then is Table { IsAssumed: false } before)
                Parts(theirs, before);
            return;
        }
        if ((now is null) != (then is null))
            Add(new RelationExpected(id, now is not null) { Span = default });
        if (now is Table table)
        {
            Columns(table, then as Table);
            RowSecurity(table, then as Table);
            Keys(table, then as Table);
            Parts(table, then as Table);
        }
        else if (now is View { IsMaterialized: false } view && (then is not View known || known.SecurityInvoker.Value != view.SecurityInvoker.Value))
            Add(new ViewExpected(id, view.SecurityInvoker.Value) { Span = default });
    }

    private static bool IsProjects(Relation? relation) => relation is null
        or { IsForeignOwned: false, IsAssumed: false, Taints.Count: 0 } and (View or Table { Persistence: not Persistence.Temporary });

    private void Columns(Table now, Table? then)
    {
        foreach (var column in now.Columns)
        {
            var known = then?.FindColumn(column.Name);
            var value = ValueOf(column);
            if (known is not null && known.Type == column.Type && known.IsNotNull.Value == column.IsNotNull.Value && ValueOf(known) == value)
                continue;
            bool? nullable = column.IsNotNull.IsKnown ? !column.IsNotNull.Value : null;
            Add(new ColumnExpected(now.Id, column.Name, true, column.Type, nullable, value) { Span = default });
        }
        foreach (var column in then?.Columns ?? [])
        {
            if (now.FindColumn(column.Name) is null)
                Add(new ColumnExpected(now.Id, column.Name, false, "", null, "") { Span = default });
        }
    }

    private static string ValueOf(Column column) => column.Default is { } value && !column.IsGenerated ? value.ToString() : "";

    private void RowSecurity(Table now, Table? then)
    {
        if (then is not null && then.RowSecurityEnabled.Value == now.RowSecurityEnabled.Value && then.RowSecurityForced.Value == now.RowSecurityForced.Value)
            return;
        if (now.RowSecurityEnabled.Value || _reason.Length > 0)
            Add(new RlsExpected(now.Id, now.RowSecurityEnabled.Value, now.RowSecurityForced.Value) { Span = default, Reason = now.RowSecurityEnabled.Value ? "" : _reason });
    }

    private void Keys(Table now, Table? then)
    {
        var known = Described(then);
        foreach (var (key, index, constraint) in Described(now))
        {
            if (known.Exists(candidate => candidate.Key == key))
                continue;
            if (index is not null)
                Add(new IndexExpected(now.Id, index.Name, true, LeadingColumns(index), index.IsUnique ? true : null, index.Predicate?.ToString() ?? "") { Span = default });
            else
                Add(new ForeignKeyExpected(now.Id, constraint!.Columns, true, constraint.ReferencedTable, constraint.OnDelete) { Span = default });
        }
        foreach (var (_, index, constraint) in known)
        {
            if (index is not null && !now.Indexes.Any(candidate => candidate.Name == index.Name))
                Add(new IndexExpected(now.Id, index.Name, false, [], null, "") { Span = default });
            else if (constraint is not null && constraint.Columns.All(column => now.FindColumn(column) is not null))
                Add(new ForeignKeyExpected(now.Id, constraint.Columns, false, null, ReferentialAction.Unspecified) { Span = default });
        }
    }

    // Indexes but for those of constraints, and foreign keys of one column: what a plan can name.
    private static List<(string Key, TableIndex? Index, TableConstraint? ForeignKey)> Described(Table? table)
    {
        var keys = new List<(string, TableIndex?, TableConstraint?)>();
        foreach (var index in (table?.Indexes ?? []).OrderBy(static index => index.Name, StringComparer.Ordinal))
        {
            if (index.Constraint is null)
                keys.Add(($"{index.Name} {string.Join(",", LeadingColumns(index))} {index.IsUnique} {index.Predicate}", index, null));
        }
        foreach (var constraint in (table?.Constraints ?? []).OrderBy(static constraint => string.Join(",", constraint.Columns), StringComparer.Ordinal))
        {
            if (constraint is { Kind: ConstraintKind.ForeignKey, Columns.Count: 1 })
                keys.Add(($"{constraint.Columns[0]} -> {constraint.ReferencedTable} {ExpectationWords.Of(constraint.OnDelete)}", null, constraint));
        }
        return keys;
    }

    private static List<string> LeadingColumns(TableIndex index) => [.. index.Keys.TakeWhile(static key => key.Column is not null).Select(static key => key.Column!)];

    private void Parts(Table now, Table? then)
    {
        IReadOnlyList<Policy> known = then?.Policies ?? [];
        var isChanged = false;
        foreach (var policy in now.Policies.OrderBy(static policy => policy.Name, StringComparer.Ordinal))
        {
            if (known.FirstOrDefault(candidate => candidate.Name == policy.Name) is { } old && IsSame(old, policy))
                continue;
            isChanged = true;
            Add(new PolicyExpected(
                now.Id, policy.Name, true, policy.Command.ToString().ToLowerInvariant(), [.. policy.Roles.OrderBy(static role => role, StringComparer.Ordinal)],
                policy.IsPermissive ? null : false, "", "") { Span = default });
        }
        foreach (var policy in known.OrderBy(static policy => policy.Name, StringComparer.Ordinal))
        {
            if (now.Policies.Any(candidate => candidate.Name == policy.Name))
                continue;
            isChanged = true;
            Add(new PolicyExpected(now.Id, policy.Name, false, "", [], null, "", "") { Span = default });
        }
        if (isChanged)
            Add(new PolicyCountExpected(now.Id, "", "", now.Policies.Count) { Span = default });
        Triggers(now, then);
    }

    private static bool IsSame(Policy old, Policy now) =>
        old.Command == now.Command && old.IsPermissive == now.IsPermissive && old.Roles.SequenceEqual(now.Roles, StringComparer.Ordinal)
        && old.Using?.ToString() == now.Using?.ToString() && old.WithCheck?.ToString() == now.WithCheck?.ToString();

    private void Triggers(Table now, Table? then)
    {
        foreach (var trigger in now.Triggers.OrderBy(static trigger => trigger.Name, StringComparer.Ordinal))
        {
            if (then?.Triggers.Any(candidate => candidate.Name == trigger.Name && candidate.IsEnabled == trigger.IsEnabled) != true)
                Add(new TriggerExpected(now.Id, trigger.Name, true) { Span = default });
        }
        foreach (var trigger in (then?.Triggers ?? []).OrderBy(static trigger => trigger.Name, StringComparer.Ordinal))
            Add(new TriggerExpected(now.Id, trigger.Name, false) { Span = default });
    }

    private void Functions(QualifiedId id)
    {
        _state.Functions.TryGetValue(id, out var now);
        _other.Functions.TryGetValue(id, out var then);
        if (!AreProjects(now) || !AreProjects(then) || (now is not null && then is not null && Described(now) == Described(then)))
            return;
        if (now is null or { Count: 0 })
        {
            Add(new FunctionExpected(id, false, null, null, Volatility.Unspecified, [], []) { Span = default });
            return;
        }
        var isDefiner = now.All(static function => function.IsSecurityDefiner);
        var first = now[0].Settings.TryGetValue("search_path", out var path) ? path : null;
        var samePath = now.All(function => function.Settings.TryGetValue("search_path", out var other) && other == first);
        bool? definer = isDefiner || now.All(static function => !function.IsSecurityDefiner) ? isDefiner : null;
        Add(new FunctionExpected(id, true, definer, samePath ? first : null, Volatility.Unspecified, [], []) { Span = default });
    }

    private static bool AreProjects(IReadOnlyList<Function>? overloads) =>
        overloads is null || overloads.All(static function => function is { IsForeignOwned: false, IsAssumed: false, IsTainted: false });

    private static string Described(IReadOnlyList<Function> overloads) => string.Join(
        "\n", overloads.Select(static function =>
            $"{string.Join(",", function.InputTypes)} {function.IsSecurityDefiner} {function.Body} {string.Join(",", function.Settings.Select(static setting => setting.Key + "=" + setting.Value))}"));
}
