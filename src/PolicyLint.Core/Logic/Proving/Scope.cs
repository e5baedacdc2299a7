using PolicyLint.Core.Catalog;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Logic.Proving;

/// <summary>Whose eyes a subquery reads through.</summary>
internal enum Sight
{
    /// <summary>The asked role's: the policies of the tables that it reads apply.</summary>
    Role,

    /// <summary>A table owner's: functions that run as their owner. Policies bind it only where they are forced.</summary>
    Owner,

    /// <summary>The rows as they are: the tenancy condition, and queries that are judged by their own conditions.</summary>
    Everything,
}

/// <summary>One of the values that an expression may have, under a guard; of an expression's values exactly one guard holds.</summary>
internal readonly record struct ValueCase(int[] Rows, Prop Guard, int Term);

/// <summary>A relation that names are looked up in: a row, or the targets of a derived table.</summary>
internal sealed class Binding(string alias, int row, RowSource? source, IReadOnlyDictionary<string, Expression>? targets = null, Scope? inner = null)
{
    public string Alias { get; } = alias;

    public int Row { get; } = row;

    public RowSource? Source { get; } = source;

    public IReadOnlyDictionary<string, Expression>? Targets { get; } = targets;

    public Scope? Inner { get; } = inner;

    public bool Has(string column) => Targets is not null ? Targets.ContainsKey(column) : Source!.Relation?.FindColumn(column) is not null;

    public bool MayHave(string column) => Has(column) || (Targets is null && Source!.Relation?.AreColumnsKnown != true);
}

/// <summary>Relations that are visible at a place, innermost first.</summary>
internal sealed class Scope(Scope? outer, Sight sight)
{
    public Scope? Outer { get; } = outer;

    public Sight Sight { get; } = sight;

    public List<Binding> Bindings { get; } = [];

    /// <summary>Arguments of an inlined function by parameter name and by `$1`.</summary>
    public Dictionary<string, List<ValueCase>>? Parameters { get; init; }

    public Dictionary<string, CommonTableExpression>? With { get; set; }

    /// <summary>WITH RECURSIVE: its queries may read themselves.</summary>
    public bool IsWithRecursive { get; set; }
}
