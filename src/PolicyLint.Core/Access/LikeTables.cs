using System.Runtime.CompilerServices;
using System.Text;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Logic.Proving;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Access;

/// <summary>
/// Tables that differ in their own names alone, as schemas have them where a generator or a habit made them: whatever is said of one by looking at it,
/// its privileges and its policies is said of all.
/// </summary>
/// <remarks>
/// Only tables whose expressions look at their own row and the session: what these say does not depend on the name of the table, nor on what else is
/// in the catalog. Nothing is left to a hash.
/// </remarks>
internal sealed class LikeTables(ICatalog catalog, Tenancy tenancy)
{
    private readonly Dictionary<object, object?> _known = new(ReferenceComparer.Instance);
    private readonly Dictionary<int[], object> _kinds = new(SequenceComparer.Instance);
    private readonly Dictionary<string, int> _texts = new(StringComparer.Ordinal);
    private readonly Wordings _wordings = new();
    private readonly Dictionary<Wording, Said> _said = [];
    private readonly Dictionary<IReadOnlyList<Grant>, int> _grants = [];
    private readonly List<int> _parts = [];
    private int _count;

    /// <summary>One object for all tables that are alike; null where a table is to be looked at by itself.</summary>
    public object? KindOf(Table table)
    {
        if (_known.TryGetValue(table, out var kind))
            return kind;
        _parts.Clear();
        if (Add(table))
        {
            int[] said = [.. _parts];
            if (!_kinds.TryGetValue(said, out kind))
                _kinds.Add(said, kind = new());
        }
        _known.Add(table, kind);
        return kind;
    }

    private bool Add(Table table)
    {
        if (table.Taints.Count > 0 || table.Triggers.Count > 0 || table.PartitionOf is not null || table.Inherits.Count > 0 || table.CopiedFrom is not null)
            return false;
        Add(table.Id.Schema);
        Add(table.Owner ?? "");
        Add(table.Comment ?? "");
        Add((int)table.Kind);
        Add((int)table.Persistence);
        Add(table.IsAssumed, table.IsForeignOwned, table.AreColumnsKnown, table.Owner is null);
        Add(table.RowSecurityEnabled.Value, table.RowSecurityEnabled.IsKnown, table.RowSecurityForced.Value, table.RowSecurityForced.IsKnown);
        Add(table.Grants);
        if (!Add(table.Columns, table) || !Add(table.Constraints, table) || !Add(table.Indexes, table) || !Add(table.Policies, table))
            return false;
        Add(tenancy.IsTenantTable(table), tenancy.IsExposed(table));
        foreach (var key in tenancy.KeysOf(table))
        {
            Add(key.Column.Name);
            Add(key.IsInferred);
            if (!Add(key.Goal, table))
                return false;
        }
        return true;
    }

    private bool Add(IReadOnlyList<Column> columns, Table table)
    {
        Add(columns.Count);
        for (var i = 0; i < columns.Count; i++)
        {
            var column = columns[i];
            Add(column.Name);
            Add(column.Type);
            Add(column.IsNotNull.Value, column.IsNotNull.IsKnown, column.IsGenerated, column.IsIdentity);
            Add(column.Grants);
            if (!Add(column.Default, table))
                return false;
        }
        return true;
    }

    private bool Add(IReadOnlyList<TableConstraint> constraints, Table table)
    {
        Add(constraints.Count);
        for (var i = 0; i < constraints.Count; i++)
        {
            var constraint = constraints[i];
            if (constraint.ReferencedTable == table.Id || !Add(constraint.Condition, table))
                return false;
            Add((int)constraint.Kind);
            Add((int)constraint.OnDelete);
            Add((int)constraint.OnUpdate);
            Add(constraint.IsValidated, constraint.NullsNotDistinct, constraint.IsNoInherit, constraint.ReferencedTable is null);
            Add(constraint.ReferencedTable?.Schema ?? "");
            Add(constraint.ReferencedTable?.Name ?? "");
            Add(constraint.Columns);
            Add(constraint.ReferencedColumns);
        }
        return true;
    }

    private bool Add(IReadOnlyList<TableIndex> indexes, Table table)
    {
        Add(indexes.Count);
        for (var i = 0; i < indexes.Count; i++)
        {
            var index = indexes[i];
            if (!Add(index.Predicate, table))
                return false;
            Add(index.Method);
            Add(index.IsUnique, index.IsValid, index.NullsNotDistinct, index.Constraint is null);
            Add(index.Include);
            Add(index.Keys.Count);
            var keys = index.Keys;
            for (var j = 0; j < keys.Count; j++)
            {
                var key = keys[j];
                Add(key.Column ?? "");
                if (!Add(key.Expression, table))
                    return false;
            }
        }
        return true;
    }

    private bool Add(IReadOnlyList<Policy> policies, Table table)
    {
        Add(policies.Count);
        for (var i = 0; i < policies.Count; i++)
        {
            var policy = policies[i];
            if (policy.IsTainted || !Add(policy.Using, table) || !Add(policy.WithCheck, table))
                return false;
            Add(policy.Name);
            Add(policy.Comment ?? "");
            Add((int)policy.Command);
            Add(policy.IsPermissive, policy.HasImplicitRoles);
            Add(policy.Roles);
        }
        return true;
    }

    private void Add(IReadOnlyList<Grant> grants)
    {
        if (grants.Count == 0)
        {
            _parts.Add(0);
            return;
        }
        if (_grants.TryGetValue(grants, out var known))
        {
            _parts.Add(known);
            return;
        }
        var text = new StringBuilder();
        foreach (var grant in grants)
            text.Append(grant.Privilege).Append(' ').Append(grant.Grantee).Append(grant.WithGrantOption ? " with grant option\n" : "\n");
        Add(text.ToString());
        _grants.Add(grants, _parts[_parts.Count - 1]);
    }

    private void Add(IReadOnlyList<string> texts)
    {
        Add(texts.Count);
        for (var i = 0; i < texts.Count; i++)
            Add(texts[i]);
    }

    private void Add(bool first, bool second = false, bool third = false, bool fourth = false) =>
        _parts.Add((first ? 1 : 0) | (second ? 2 : 0) | (third ? 4 : 0) | (fourth ? 8 : 0));

    private void Add(int part) => _parts.Add(part);

    private void Add(string text)
    {
        if (!_texts.TryGetValue(text, out var number))
            _texts.Add(text, number = ++_count);
        _parts.Add(number);
    }

    private bool Add(SqlFragment<Expression>? fragment, Table table)
    {
        if (fragment is null)
        {
            _parts.Add(0);
            return true;
        }
        var wording = _wordings.Of(fragment);
        if (!_said.TryGetValue(wording, out var said))
            _said.Add(wording, said = new(++_count, OwnRow.ColumnsOf(fragment.Tree, catalog)));
        _parts.Add(said.Number);
        if (said.Columns is null)
            return false;
        foreach (var column in said.Columns)
        {
            if (table.FindColumn(column) is null)
                return false;
        }
        return true;
    }

    /// <summary>What a wording says.</summary>
    /// <param name="Number">Tells it from others.</param>
    /// <param name="Columns">The columns that it reads; null where it may read more than the row and the session.</param>
    private sealed record Said(int Number, List<string>? Columns);

    // Tables are records: their own equality would look at all that they hold.
    private sealed class ReferenceComparer : IEqualityComparer<object>
    {
        public static ReferenceComparer Instance { get; } = new();

        public new bool Equals(object? x, object? y) => ReferenceEquals(x, y);

        public int GetHashCode(object obj) => RuntimeHelpers.GetHashCode(obj);
    }

    private sealed class OwnRow(ICatalog catalog) : SqlVisitor
    {
        private readonly List<string> _columns = [];
        private bool _looksFurther;

        public static List<string>? ColumnsOf(Expression expression, ICatalog catalog)
        {
            var search = new OwnRow(catalog);
            search.Visit(expression);
            return search._looksFurther ? null : search._columns;
        }

        public override void VisitColumnReference(ColumnReference node)
        {
            if (node.IsStar || node.Name.PartCount != 1)
                _looksFurther = true;
            else
                _columns.Add(node.Name.Name.Text);
        }

        public override void VisitFunctionCall(FunctionCall node)
        {
            foreach (var function in catalog.FindFunctions(node.Name))
                _looksFurther |= !function.IsForeignOwned;
            base.VisitFunctionCall(node);
        }

        public override void VisitSelectQuery(SelectQuery node)
        {
            _looksFurther |= node.From.Length > 0 || node.With is not null;
            base.VisitSelectQuery(node);
        }
    }
}
