using System.Text;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Catalog.Difference;

/// <summary>A catalog as one line for each object, in a spelling that depends on nothing but what the object does.</summary>
internal sealed class CatalogFacts(ICatalog catalog, ComparedObjects scope)
{
    public const string UnknownType = "?";

    private readonly SortedDictionary<string, string> _facts = new(StringComparer.Ordinal);

    public SortedDictionary<string, string> Collect()
    {
        foreach (var relation in catalog.Relations.Values)
        {
            if (scope.Has(relation))
                Add(relation);
            else if (relation is Table table && scope.Knows(relation))
                AddPolicies(table);
        }
        foreach (var overloads in catalog.Functions.Values)
        {
            foreach (var function in overloads)
            {
                if (scope.Has(function))
                    Add(function);
            }
        }
        foreach (var type in catalog.Types.Values)
        {
            if (scope.Has(type))
                Add(type);
        }
        foreach (var schema in catalog.Schemas.Values)
        {
            if (scope.Has(schema))
                _facts["schema " + schema.Name] = Grants(schema.Grants);
        }
        return _facts;
    }

    private void Add(UserType type)
    {
        var text = new StringBuilder(type.Kind.ToString()).Append(' ').Append(type.BaseType).Append('(').Append(string.Join(", ", type.Labels)).Append(')');
        foreach (var attribute in type.Attributes)
            text.Append(' ').Append(attribute.Name).Append(' ').Append(attribute.Type);
        _facts["type " + type.Id] = text.ToString();
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
            _facts[$"trigger {trigger.Name} on {id}"] = Text(trigger);
    }

    private void AddPolicies(Table table)
    {
        foreach (var policy in table.Policies)
        {
            if (policy.IsTainted)
                continue;
            var roles = new List<string>(policy.Roles);
            roles.Sort(string.CompareOrdinal);
            _facts[$"policy {policy.Name} on {table.Id}"] = $"{(policy.IsPermissive ? "permissive" : "restrictive")} {policy.Command.ToString().ToLowerInvariant()} to {string.Join(", ", roles)}"
                + Clause(" using ", table, policy.Using) + Clause(" with check ", table, policy.WithCheck);
        }
    }

    private void AddIndexes(Relation relation, IReadOnlyList<TableIndex> indexes)
    {
        foreach (var index in indexes)
        {
            var text = new StringBuilder(index.IsUnique ? "unique " : "").Append(index.Method).Append(" (");
            for (var i = 0; i < index.Keys.Count; i++)
            {
                var key = index.Keys[i];
                text.Append(i > 0 ? ", " : "").Append(key.Column ?? (key.Expression is { } expression ? ExpressionNormalForm.Print(catalog, relation, expression.Tree) : ""));
            }
            text.Append(')').Append(index.Include.Count > 0 ? " include (" + string.Join(", ", index.Include) + ")" : "")
                .Append(index.NullsNotDistinct ? " nulls not distinct" : "").Append(Clause(" where ", relation, index.Predicate));
            _facts[$"index {index.Name} on {relation.Id}"] = text.ToString();
        }
    }

    private void Add(Function function)
    {
        var settings = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var setting in function.Settings)
            settings[setting.Key] = setting.Value;
        var name = ComparedObjects.Signature(function);
        _facts["function " + name] =
            $"{function.Language} {function.Volatility.ToString().ToLowerInvariant()}{(function.IsSecurityDefiner ? " definer" : "")}{(function.IsLeakproof ? " leakproof" : "")}{(function.IsStrict ? " strict" : "")}"
            + $" returns {function.Returns}{Columns(function.ReturnColumns)}{(settings.Count > 0 ? " set " + string.Join(" ", settings) : "")}" + Grants(function.Grants);
        if (function.Body?.Tree is StringBody body)
            _facts["body of function " + name] = body.Text.GetText().Replace("\r\n", "\n");
    }

    private static string Columns(IReadOnlyList<Parameter> columns)
    {
        var parts = new string[columns.Count];
        for (var i = 0; i < parts.Length; i++)
            parts[i] = columns[i].Name + " " + columns[i].Type;
        return parts.Length == 0 ? "" : "(" + string.Join(", ", parts) + ")";
    }

    private static string Text(Trigger trigger) =>
        trigger.Timing.ToString().ToLowerInvariant() + (trigger.OnInsert ? " insert" : "") + (trigger.OnUpdate ? " update" : "")
        + (trigger.UpdateColumns.Count > 0 ? " of " + string.Join(", ", trigger.UpdateColumns) : "") + (trigger.OnDelete ? " delete" : "")
        + (trigger.OnTruncate ? " truncate" : "") + (trigger.IsForEachRow ? " for each row " : " for each statement ") + trigger.Function
        + (trigger.IsEnabled ? "" : " disabled");

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
            + Clause(" ", table, constraint.Condition) + (constraint.NullsNotDistinct ? " nulls not distinct" : "") + (constraint.IsValidated ? "" : " not valid");
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
