using System.Text;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Catalog.Difference;

/// <summary>One thing that two catalogs do not agree on.</summary>
/// <param name="Object">What it is: `policy p on public.t`, `column id of public.t`.</param>
/// <param name="Left">What the first catalog says of it; null where it has it not.</param>
/// <param name="Right">What the second says.</param>
public sealed record CatalogDisagreement(string Object, string? Left, string? Right)
{
    /// <summary>`policy p on public.t: … | …`</summary>
    public override string ToString() => $"{Object}: {Left ?? "(none)"} | {Right ?? "(none)"}";
}

/// <summary>
/// Compares two catalogs: objects, columns, row-level security, policies, indexes, constraints, views, functions, types and privileges. Origins do
/// not count; what one of the two does not know is passed over.
/// </summary>
public static class CatalogDifference
{
    /// <summary>The disagreements in order of the objects' names.</summary>
    public static IReadOnlyList<CatalogDisagreement> Between(ICatalog left, ICatalog right)
    {
        var unknown = new HashSet<QualifiedId>();
        foreach (var catalog in new[] { left, right })
        {
            foreach (var relation in catalog.Relations.Values)
            {
                if (relation.Taints.Count > 0 || relation.IsAssumed)
                    unknown.Add(relation.Id);
            }
        }
        var leftFacts = new Facts(left, unknown).Collect();
        var rightFacts = new Facts(right, unknown).Collect();
        var differences = new List<CatalogDisagreement>();
        foreach (var fact in leftFacts)
        {
            var other = rightFacts.TryGetValue(fact.Key, out var value) ? value : null;
            if (other != fact.Value && !AreOpen(fact.Value, other))
                differences.Add(new(fact.Key, fact.Value, other));
        }
        foreach (var fact in rightFacts)
        {
            if (!leftFacts.ContainsKey(fact.Key))
                differences.Add(new(fact.Key, null, fact.Value));
        }
        differences.Sort(static (a, b) => string.CompareOrdinal(a.Object, b.Object));
        return differences;
    }

    // A type that could not be derived agrees with any.
    private static bool AreOpen(string left, string? right) => right is not null && (left == Facts.UnknownType || right == Facts.UnknownType);

    private sealed class Facts(ICatalog catalog, HashSet<QualifiedId> unknown)
    {
        public const string UnknownType = "?";

        private readonly SortedDictionary<string, string> _facts = new(StringComparer.Ordinal);

        public SortedDictionary<string, string> Collect()
        {
            foreach (var relation in catalog.Relations.Values)
            {
                if (!relation.IsForeignOwned && !unknown.Contains(relation.Id))
                    Add(relation);
                else if (relation is Table table && !unknown.Contains(relation.Id))
                    AddPolicies(table);
            }
            foreach (var overloads in catalog.Functions.Values)
            {
                foreach (var function in overloads)
                {
                    if (!function.IsForeignOwned && !function.IsAssumed && !function.IsTainted)
                        Add(function);
                }
            }
            foreach (var type in catalog.Types.Values)
            {
                if (!type.IsForeignOwned)
                    _facts["type " + type.Id] = type.Kind + " " + type.BaseType + "(" + string.Join(", ", type.Labels) + ")";
            }
            foreach (var schema in catalog.Schemas.Values)
            {
                if ((!schema.IsForeignOwned || schema.Name == "public") && !schema.IsAssumed)
                    _facts["schema " + schema.Name] = Grants(schema.Grants);
            }
            return _facts;
        }

        private void Add(Relation relation)
        {
            var id = relation.Id.ToString();
            switch (relation)
            {
                case Sequence:
                    _facts["sequence " + id] = Grants(relation.Grants);
                    return;
                case View view:
                    _facts["view " + id] = (view.IsMaterialized ? "materialized" : "") + (view.SecurityInvoker.Value ? " security_invoker" : "") + (view.SecurityBarrier.Value ? " security_barrier" : "") + Grants(view.Grants);
                    AddIndexes(view, view.Indexes);
                    foreach (var column in view.AreColumnsKnown ? view.Columns : [])
                        _facts[$"column {column.Name} of {id}"] = column.Type.Length == 0 ? UnknownType : column.Type;
                    return;
            }
            var table = (Table)relation;
            _facts["table " + id] = table.Kind + (table.PartitionOf is { } parent ? " of " + parent : "") + Grants(table.Grants);
            if (table.RowSecurityEnabled.IsKnown)
                _facts["row security of " + id] = table.RowSecurityEnabled.Value ? "enabled" : "disabled";
            if (table.RowSecurityForced.IsKnown)
                _facts["forced row security of " + id] = table.RowSecurityForced.Value ? "forced" : "not forced";
            foreach (var column in table.Columns)
                _facts[$"column {column.Name} of {id}"] = column.Type.Length == 0 ? UnknownType : Text(table, column);
            AddPolicies(table);
            AddIndexes(table, table.Indexes);
            foreach (var constraint in table.Constraints)
                _facts[$"constraint {constraint.Name} on {id}"] = Text(table, constraint);
            foreach (var trigger in table.Triggers)
                _facts[$"trigger {trigger.Name} on {id}"] = trigger.Timing + " " + trigger.Function + (trigger.IsEnabled ? "" : " disabled");
        }

        private void AddPolicies(Table table)
        {
            foreach (var policy in table.Policies)
            {
                if (policy.IsTainted)
                    continue;
                var roles = new List<string>(policy.Roles);
                roles.Sort(string.CompareOrdinal);
                _facts[$"policy {policy.Name} on {table.Id}"] = $"{(policy.IsPermissive ? "permissive" : "restrictive")} {policy.Command} to {string.Join(", ", roles)}"
                    + Clause(" using ", table, policy.Using) + Clause(" with check ", table, policy.WithCheck);
            }
        }

        private void AddIndexes(Relation relation, IReadOnlyList<TableIndex> indexes)
        {
            foreach (var index in indexes)
            {
                var text = new StringBuilder(index.IsUnique ? "unique " : "").Append(index.Method).Append(" (");
                foreach (var key in index.Keys)
                    text.Append(key.Column ?? (key.Expression is { } expression ? ExpressionNormalForm.Print(catalog, relation, expression.Tree) : "")).Append(", ");
                text.Append(") ").Append(string.Join(", ", index.Include)).Append(Clause(" where ", relation, index.Predicate));
                _facts[$"index {index.Name} on {relation.Id}"] = text.ToString();
            }
        }

        private void Add(Function function)
        {
            var settings = new SortedDictionary<string, string>(StringComparer.Ordinal);
            foreach (var setting in function.Settings)
                settings[setting.Key] = setting.Value;
            _facts[$"function {function.Id}({string.Join(", ", function.InputTypes)})"] =
                $"{function.Language} {function.Volatility}{(function.IsSecurityDefiner ? " definer" : "")}{(function.IsLeakproof ? " leakproof" : "")}{(function.IsStrict ? " strict" : "")}"
                + $" returns {function.Returns} {string.Join(" ", settings)}" + Grants(function.Grants);
        }

        private string Text(Table table, Column column) =>
            column.Type + (column.IsNotNull.IsKnown && column.IsNotNull.Value ? " not null" : "") + (column.IsIdentity ? " identity" : "")
            + Clause(column.IsGenerated ? " generated " : " default ", table, column.Default) + Grants(column.Grants);

        private string Text(Table table, TableConstraint constraint)
        {
            var columns = new List<string>(constraint.Columns);
            if (constraint.Kind == ConstraintKind.Check)
                columns.Sort(string.CompareOrdinal);
            return constraint.Kind + " (" + string.Join(", ", columns) + ")"
                + (constraint.ReferencedTable is { } target ? $" references {target} ({string.Join(", ", constraint.ReferencedColumns)}) {constraint.OnDelete} {constraint.OnUpdate}" : "")
                + Clause(" ", table, constraint.Condition) + (constraint.IsValidated ? "" : " not valid");
        }

        private string Clause(string word, Relation over, SqlFragment<Expression>? expression) =>
            expression is null ? "" : word + ExpressionNormalForm.Print(catalog, over, expression.Tree);

        private static string Grants(IReadOnlyList<Grant> grants)
        {
            // MAINTAIN came with PostgreSQL 17.
            var list = new List<string>();
            foreach (var grant in grants)
            {
                if (grant.Privilege != "maintain")
                    list.Add(grant.Grantee + "=" + grant.Privilege + (grant.WithGrantOption ? "*" : ""));
            }
            list.Sort(string.CompareOrdinal);
            return list.Count == 0 ? "" : " [" + string.Join(" ", list) + "]";
        }
    }
}
