using System.Runtime.CompilerServices;
using PolicyLint.Core.Catalog.Replay.Binding;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Catalog.Replay;

/// <summary>What depends on an object, as pg_depend knows it. Bodies of functions do not, but for those written BEGIN ATOMIC or RETURN.</summary>
internal sealed class Dependents(CatalogState state)
{
    private readonly Dictionary<SqlNode, Uses> _uses = [];

    /// <summary>Names changed: what was found out is no longer right.</summary>
    public void Forget() => _uses.Clear();

    public Uses UsesOf(Relation over, SqlFragment<Expression> expression)
    {
        if (!_uses.TryGetValue(expression.Tree, out var uses))
            _uses.Add(expression.Tree, uses = Uses.Of(state, over, expression.Tree));
        return uses;
    }

    public Uses UsesOf(SqlFragment<QueryStatement> query)
    {
        if (!_uses.TryGetValue(query.Tree, out var uses))
            _uses.Add(query.Tree, uses = Uses.Of(state, query.Tree));
        return uses;
    }

    /// <summary>Finds the objects that use something; the test says whether a set of uses has it.</summary>
    public void Find(Func<Uses, bool> test, List<DropItem> found)
    {
        foreach (var relation in state.Relations.Values)
        {
            if (relation is View { Query: { } query } view && test(UsesOf(query)))
                found.Add(DropItem.Of(view.Id));
            if (relation is not Table table)
                continue;
            foreach (var policy in table.Policies)
            {
                if (Has(table, policy.Using, test) || Has(table, policy.WithCheck, test))
                    found.Add(new(DropKind.Policy, table.Id, policy.Name));
            }
            foreach (var constraint in table.Constraints)
            {
                if (Has(table, constraint.Condition, test))
                    found.Add(new(DropKind.Constraint, table.Id, constraint.Name));
            }
            foreach (var index in table.Indexes)
            {
                if (index.Constraint is null && IndexHas(table, index, test))
                    found.Add(new(DropKind.Index, table.Id, index.Name));
            }
            foreach (var column in table.Columns)
            {
                if (Has(table, column.Default, test))
                    found.Add(new(column.IsGenerated ? DropKind.Column : DropKind.Default, table.Id, column.Name));
            }
        }
        foreach (var overloads in state.Functions.Values)
        {
            foreach (var function in overloads)
            {
                if (function.Body is { } body && BodyUses(body.Tree) is { } uses && test(uses))
                    found.Add(new(DropKind.Function, function.Id, FunctionStatements.Signature(function)));
            }
        }
        found.Sort(static (a, b) => a.CompareTo(b));
    }

    /// <summary>Whether an index reads a column through a key, an expression or its condition.</summary>
    public bool ReadsColumn(Table table, TableIndex index, string column)
    {
        foreach (var key in index.Keys)
        {
            if (key.Column == column)
                return true;
        }
        return Lists.Has(index.Include, column) || IndexHas(table, index, uses => uses.Columns.Contains((table.Id, column)));
    }

    private bool IndexHas(Table table, TableIndex index, Func<Uses, bool> test)
    {
        foreach (var key in index.Keys)
        {
            if (Has(table, key.Expression, test))
                return true;
        }
        return Has(table, index.Predicate, test);
    }

    private bool Has(Table table, SqlFragment<Expression>? expression, Func<Uses, bool> test) =>
        expression is not null && test(UsesOf(table, expression));

    private Uses? BodyUses(FunctionBody body)
    {
        if (body is StringBody)
            return null;
        if (_uses.TryGetValue(body, out var known))
            return known;
        var uses = new Uses(state);
        uses.Visit(body);
        _uses.Add(body, uses);
        return uses;
    }
}

/// <summary>Kinds of things that a DROP or its CASCADE takes away.</summary>
internal enum DropKind
{
    Relation,
    Column,
    Default,
    Constraint,
    Index,
    Policy,
    Trigger,
    Function,
    Type,
    Schema,
}

/// <summary>One thing to drop.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Id">The object, or the relation that it is part of.</param>
/// <param name="Part">Name of the part; signature of a function.</param>
internal readonly record struct DropItem(DropKind Kind, QualifiedId Id, string Part) : IComparable<DropItem>
{
    public static DropItem Of(QualifiedId relation) => new(DropKind.Relation, relation, "");

    public int CompareTo(DropItem other)
    {
        var byId = CatalogLookup.CompareIds(Id, other.Id);
        if (byId != 0)
            return byId;
        var byKind = Kind.CompareTo(other.Kind);
        return byKind != 0 ? byKind : string.CompareOrdinal(Part, other.Part);
    }

    public override string ToString() => Kind switch
    {
        DropKind.Relation => "relation " + Id.Name,
        DropKind.Column => $"column {Part} of table {Id.Name}",
        DropKind.Default => $"default value for column {Part} of table {Id.Name}",
        DropKind.Constraint => $"constraint {Part} on table {Id.Name}",
        DropKind.Index => "index " + Part,
        DropKind.Policy => $"policy {Part} on table {Id.Name}",
        DropKind.Trigger => $"trigger {Part} on table {Id.Name}",
        DropKind.Function => $"function {Id.Name}({Part})",
        DropKind.Type => "type " + Id.Name,
        _ => "schema " + Id.Name,
    };
}
