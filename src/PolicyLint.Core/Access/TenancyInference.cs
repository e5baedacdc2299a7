using PolicyLint.Core.Catalog;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Access;

/// <summary>Finds the tenancy columns of a project that configures none: by what its policies compare with the session, and by name.</summary>
internal sealed class TenancyInference
{
    // Names that mean an owner wherever they stand, in the spellings of SQL, of JavaScript's mappers and of EF Core; any other column counts only where a
    // policy compares it with the session.
    private static readonly HashSet<string> OwnerNames = new(StringComparer.Ordinal)
    {
        "user_id", "owner_id", "userid", "userId", "ownerId", "tenant_id", "tenantid", "tenantId", "org_id", "orgId",
        "organization_id", "organizationId", "account_id", "accountId", "workspace_id", "workspaceId", "team_id", "teamId", "company_id", "companyId",
        "UserId", "OwnerId", "TenantId", "OrgId", "OrganizationId", "AccountId", "WorkspaceId", "TeamId", "CompanyId",
    };

    // A goal is a disjunction of at most so many conditions of one family.
    private const int MostConditions = 6;

    private readonly Dictionary<string, Use> _uses = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SqlFragment<Expression>?> _goals = new(StringComparer.Ordinal);
    private readonly Dictionary<QualifiedId, Dictionary<string, SqlFragment<Expression>?>> _ownGoals = [];
    // Columns that mean an owner in every table that has them: by their name, or because policies of several tables say so.
    private readonly HashSet<string> _sharedColumns = new(OwnerNames, StringComparer.Ordinal);
    // What the policies of each table compare, in their order.
    private readonly Dictionary<QualifiedId, List<Use>> _usesOf = [];
    private readonly bool _isSupabase;

    private TenancyInference(ICatalog catalog)
    {
        _isSupabase = catalog.Platform == "supabase";
        CollectUses(catalog);
        foreach (var use in _uses.Values)
        {
            if (use.Tables.Count > 1 && use.Column != "id")
                _sharedColumns.Add(use.Column);
        }
        // Parsed here and not when it is asked for: many threads may ask one tenancy.
        foreach (var name in OwnerNames)
            _goals[name] = _isSupabase && name is "user_id" or "owner_id" or "userId" or "ownerId" ? Tenancy.Parse($"{Tenancy.Quote(name)} = auth.uid()") : null;
        foreach (var use in _uses.Values)
            _goals[use.Column] = Tenancy.Parse(GoalOf(use));
        var parsed = new Dictionary<string, SqlFragment<Expression>?>(StringComparer.Ordinal);
        foreach (var pair in _usesOf)
        {
            foreach (var own in pair.Value)
            {
                var all = _uses[own.Column];
                if (!SpeaksForItself(own, all) || Use.AreAlike(own, all))
                    continue;
                var text = GoalOf(own);
                if (!parsed.TryGetValue(text, out var goal))
                    parsed.Add(text, goal = Tenancy.Parse(text));
                if (!_ownGoals.TryGetValue(pair.Key, out var goals))
                    _ownGoals.Add(pair.Key, goals = new(StringComparer.Ordinal));
                goals[own.Column] = goal;
            }
        }
        Descriptions = Describe(catalog);
    }

    public IReadOnlyList<string> Descriptions { get; }

    public static TenancyInference Infer(ICatalog catalog) => new(catalog);

    public IReadOnlyList<TenantKey> KeysOf(Table table)
    {
        var keys = new List<TenantKey>();
        if (_usesOf.TryGetValue(table.Id, out var uses))
        {
            foreach (var use in uses)
                Add(keys, table, use.Column);
        }
        var columns = table.Columns;
        for (var i = 0; i < columns.Count; i++)
        {
            if (_sharedColumns.Contains(columns[i].Name))
                Add(keys, table, columns[i].Name);
        }
        return keys;
    }

    private void Add(List<TenantKey> keys, Table table, string name)
    {
        foreach (var key in keys)
        {
            if (string.Equals(key.Column.Name, name, StringComparison.Ordinal))
                return;
        }
        // A table that the files only name has columns that they never list; a policy that compares one shows that it is there.
        var column = table.FindColumn(name)
            ?? (table.AreColumnsKnown ? null : new Column { Name = name, Type = "", IsNotNull = new(false, table.CreatedAt, IsKnown: false), CreatedAt = table.CreatedAt });
        if (column is null)
            return;
        SqlFragment<Expression>? goal = null;
        if (!_ownGoals.TryGetValue(table.Id, out var own) || !own.TryGetValue(name, out goal))
            _goals.TryGetValue(name, out goal);
        keys.Add(new(column, goal, IsInferred: true));
    }

    // Which setting carries the tenant, or by which parent a row has its owner, differs from table to table. A column that others compare with a
    // tenant and this table with the user is more likely a slip: the table is held to what the others do.
    private static bool SpeaksForItself(Use own, Use all) =>
        own.Column == "id" || own.Goals[0].Family == all.Goals[0].Family || !own.Goals[0].IsUser;

    // Members with a role are members: the conditions of one family are taken together.
    private static string GoalOf(Use use)
    {
        var first = use.Goals[0];
        if (first.Family == OwnershipCondition.SessionValue)
            return first.Text;
        var parts = new List<string>();
        foreach (var goal in use.Goals)
        {
            if (goal.Family == first.Family && parts.Count < MostConditions)
                parts.Add(goal.Text);
        }
        return parts.Count == 1 ? parts[0] : string.Join(" OR ", parts);
    }

    private void CollectUses(ICatalog catalog)
    {
        var conditions = new OwnershipConditions(catalog);
        // What names no table says the same of each: its conditions are read once, however many policies say it.
        var wordings = new Wordings();
        var anywhere = new Dictionary<Wording, OwnershipCondition[]?>();
        foreach (var table in catalog.TablesInOrder())
        {
            if (table.IsForeignOwned)
                continue;
            foreach (var policy in table.Policies)
            {
                Collect(table, policy.Using);
                Collect(table, policy.WithCheck);
            }
        }
        foreach (var use in _uses.Values)
            use.Rank();
        foreach (var uses in _usesOf.Values)
        {
            foreach (var use in uses)
                use.Rank();
        }

        void Collect(Table table, SqlFragment<Expression>? predicate)
        {
            if (predicate is null)
                return;
            var wording = wordings.Of(predicate);
            if (!anywhere.TryGetValue(wording, out var found))
                anywhere.Add(wording, found = OwnershipConditions.NamesTable(predicate.Tree) ? null : [.. conditions.In(table, predicate.Tree)]);
            found ??= [.. conditions.In(table, predicate.Tree)];
            if (found.Length == 0)
                return;
            if (!_usesOf.TryGetValue(table.Id, out var own))
                _usesOf.Add(table.Id, own = new(1));
            foreach (var condition in found)
                Note(table, condition, own);
        }
    }

    private void Note(Table table, OwnershipCondition condition, List<Use> own)
    {
        if (!_uses.TryGetValue(condition.Column, out var all))
            _uses.Add(condition.Column, all = new(condition.Column));
        all.Tables.Add(table.Id);
        all.Note(condition);
        Use.In(own, condition.Column).Note(condition);
    }

    private List<string> Describe(ICatalog catalog)
    {
        var descriptions = new List<string>();
        var named = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var table in catalog.TablesInOrder())
        {
            if (table.IsForeignOwned)
                continue;
            foreach (var column in table.Columns)
            {
                if (OwnerNames.Contains(column.Name) && !_uses.ContainsKey(column.Name))
                    named[column.Name] = named.TryGetValue(column.Name, out var count) ? count + 1 : 1;
            }
        }
        var columns = new List<string>(_uses.Keys);
        columns.Sort(StringComparer.Ordinal);
        foreach (var column in columns)
            descriptions.Add($"tenancy: {GoalOf(_uses[column]).Replace("\"", "")}, inferred from {_uses[column].Count} predicates on {_uses[column].Tables.Count} tables");
        var names = new List<string>(named.Keys);
        names.Sort(StringComparer.Ordinal);
        foreach (var name in names)
            descriptions.Add($"tenancy: {name}, inferred from the name of a column of {named[name]} tables");
        return descriptions;
    }

    private sealed class Goal(string text, string family)
    {
        public string Text { get; } = text;

        public string Family { get; } = family;

        public bool IsUser => Family.StartsWith(OwnershipCondition.User, StringComparison.Ordinal);

        public int Count { get; set; }
    }

    private sealed class Use(string column)
    {
        private HashSet<QualifiedId>? _tables;

        public string Column { get; } = column;

        /// <summary>The tables that have the column, where the use is not that of one table.</summary>
        public HashSet<QualifiedId> Tables => _tables ??= [];

        public int Count { get; private set; }

        /// <summary>The conditions on the column; the most frequent first once they are ranked.</summary>
        public List<Goal> Goals { get; } = new(1);

        /// <summary>The use of a column among those of a table, which are few.</summary>
        public static Use In(List<Use> uses, string column)
        {
            foreach (var known in uses)
            {
                if (string.Equals(known.Column, column, StringComparison.Ordinal))
                    return known;
            }
            var use = new Use(column);
            uses.Add(use);
            return use;
        }

        /// <summary>Whether one column is compared with one thing, and the other with the same.</summary>
        public static bool AreAlike(Use first, Use second) => first.Goals.Count == 1 && second.Goals.Count == 1 && first.Goals[0].Text == second.Goals[0].Text;

        public void Note(OwnershipCondition condition)
        {
            Count++;
            foreach (var known in Goals)
            {
                if (known.Text == condition.Goal)
                {
                    known.Count++;
                    return;
                }
            }
            Goals.Add(new(condition.Goal, condition.Family) { Count = 1 });
        }

        public void Rank() => Goals.Sort(static (first, second) =>
            first.Count != second.Count ? second.Count.CompareTo(first.Count)
            : first.Text.Length != second.Text.Length ? first.Text.Length.CompareTo(second.Text.Length)
            : string.CompareOrdinal(first.Text, second.Text));
    }
}
