using PolicyLint.Core.Catalog;
using PolicyLint.Sql;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Access;

/// <summary>Finds the tenancy columns of a project that configures none: by what its policies compare with the session, and by name.</summary>
internal sealed class TenancyInference
{
    // Names that mean an owner wherever they stand; any other column counts only where a policy compares it with the session.
    private static readonly string[] OwnerNames =
    [
        "user_id", "owner_id", "userid", "userId", "ownerId", "tenant_id", "tenantid", "tenantId", "org_id", "orgId",
        "organization_id", "organizationId", "account_id", "accountId", "workspace_id", "workspaceId", "team_id", "teamId", "company_id", "companyId",
    ];

    private readonly Dictionary<string, string> _goalByColumn = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SqlFragment<Expression>?> _goals = new(StringComparer.Ordinal);
    private readonly HashSet<string> _sharedColumns = new(StringComparer.Ordinal);
    private readonly Dictionary<QualifiedId, List<string>> _comparedColumns = [];
    private readonly bool _isSupabase;

    private TenancyInference(ICatalog catalog)
    {
        _isSupabase = catalog.Platform == "supabase";
        var uses = CollectUses(catalog);
        foreach (var use in uses.Values)
        {
            if (IsOwnerName(use.Column) || (use.Tables.Count > 1 && use.Column != "id"))
                _sharedColumns.Add(use.Column);
            _goalByColumn[use.Column] = use.MostFrequentGoal();
        }
        // Parsed here and not when it is asked for: many threads may ask one tenancy.
        foreach (var name in OwnerNames)
            _goals[name] = ParseGoalOf(name);
        foreach (var name in _goalByColumn.Keys)
            _goals[name] = ParseGoalOf(name);
        Descriptions = Describe(catalog, uses);
    }

    public IReadOnlyList<string> Descriptions { get; }

    public static TenancyInference Infer(ICatalog catalog) => new(catalog);

    public IReadOnlyList<TenantKey> KeysOf(Table table)
    {
        var keys = new List<TenantKey>();
        if (_comparedColumns.TryGetValue(table.Id, out var compared))
        {
            foreach (var name in compared)
                Add(keys, table, name);
        }
        foreach (var column in table.Columns)
        {
            if (_sharedColumns.Contains(column.Name) || IsOwnerName(column.Name))
                Add(keys, table, column.Name);
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
        if (column is not null)
            keys.Add(new(column, GoalOf(name), IsInferred: true));
    }

    private SqlFragment<Expression>? GoalOf(string column) => _goals.TryGetValue(column, out var goal) ? goal : null;

    private SqlFragment<Expression>? ParseGoalOf(string column)
    {
        if (_goalByColumn.TryGetValue(column, out var goal))
            return Tenancy.Parse(goal);
        return _isSupabase && column is "user_id" or "owner_id" or "userId" or "ownerId" ? Tenancy.Parse($"{Tenancy.Quote(column)} = auth.uid()") : null;
    }

    private Dictionary<string, Use> CollectUses(ICatalog catalog)
    {
        var uses = new Dictionary<string, Use>(StringComparer.Ordinal);
        foreach (var table in catalog.TablesInOrder())
        {
            if (table.IsForeignOwned)
                continue;
            foreach (var policy in table.Policies)
            {
                Collect(table, policy.Using, uses);
                Collect(table, policy.WithCheck, uses);
            }
        }
        return uses;
    }

    private void Collect(Table table, SqlFragment<Expression>? predicate, Dictionary<string, Use> uses)
    {
        if (predicate is null)
            return;
        var pending = new Stack<Expression>();
        pending.Push(predicate.Tree);
        while (pending.Count > 0)
        {
            switch (pending.Pop())
            {
                case LogicalExpression logical:
                    foreach (var operand in logical.Operands)
                        pending.Push(operand);
                    break;
                case OperatorExpression { Left: { } left, Right: var right } comparison when comparison.Operator.Name == "=":
                    if (ColumnOf(left, table) is { } first && SessionTerms.IsSessionExpression(right))
                        Note(table, first, "= " + SqlPrinter.Print(right), uses);
                    else if (ColumnOf(right, table) is { } second && SessionTerms.IsSessionExpression(left))
                        Note(table, second, "= " + SqlPrinter.Print(left), uses);
                    break;
                case InSubquery { IsNegated: false } membership when ColumnOf(membership.Operand, table) is { } member && SessionTerms.Contains(membership.Query):
                    Note(table, member, "IN (" + SqlPrinter.Print(membership.Query) + ")", uses);
                    break;
            }
        }
    }

    private void Note(Table table, string column, string comparison, Dictionary<string, Use> uses)
    {
        if (!uses.TryGetValue(column, out var use))
            uses.Add(column, use = new(column));
        use.Tables.Add(table.Id);
        use.Count++;
        var goal = Tenancy.Quote(column) + " " + comparison;
        use.Goals.TryGetValue(goal, out var count);
        use.Goals[goal] = count + 1;
        if (!_comparedColumns.TryGetValue(table.Id, out var columns))
            _comparedColumns.Add(table.Id, columns = []);
        if (!columns.Contains(column))
            columns.Add(column);
    }

    // A cast of the column does not change whose the row is.
    private static string? ColumnOf(Expression expression, Table table) => expression switch
    {
        CastExpression cast => ColumnOf(cast.Operand, table),
        ColumnReference { IsStar: false } column when column.Name.Qualifier.IsEmpty || column.Name.Qualifier == table.Id.Name => column.Name.Name.Text,
        _ => null,
    };

    private static bool IsOwnerName(string name) => Array.IndexOf(OwnerNames, name) >= 0;

    private List<string> Describe(ICatalog catalog, Dictionary<string, Use> uses)
    {
        var descriptions = new List<string>();
        var named = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var table in catalog.TablesInOrder())
        {
            if (table.IsForeignOwned)
                continue;
            foreach (var column in table.Columns)
            {
                if (!uses.ContainsKey(column.Name) && IsOwnerName(column.Name))
                    named[column.Name] = named.TryGetValue(column.Name, out var count) ? count + 1 : 1;
            }
        }
        var columns = new List<string>(uses.Keys);
        columns.Sort(StringComparer.Ordinal);
        foreach (var column in columns)
            descriptions.Add($"tenancy: {_goalByColumn[column].Replace("\"", "")}, inferred from {uses[column].Count} predicates on {uses[column].Tables.Count} tables");
        foreach (var pair in named)
            descriptions.Add($"tenancy: {pair.Key}, inferred from the name of a column of {pair.Value} tables");
        return descriptions;
    }

    private sealed class Use(string column)
    {
        public string Column { get; } = column;

        public HashSet<QualifiedId> Tables { get; } = [];

        public int Count { get; set; }

        public Dictionary<string, int> Goals { get; } = new(StringComparer.Ordinal);

        public string MostFrequentGoal()
        {
            string best = "";
            var bestCount = 0;
            foreach (var pair in Goals)
            {
                if (pair.Value > bestCount || (pair.Value == bestCount && string.CompareOrdinal(pair.Key, best) < 0))
                {
                    best = pair.Key;
                    bestCount = pair.Value;
                }
            }
            return best;
        }
    }
}
