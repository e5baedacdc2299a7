using PolicyLint.Core.Access;
using PolicyLint.Core.Catalog;
using PolicyLint.Sql;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Logic.Proving;

/// <summary>
/// Whether what is not looked into gives the same in two states of a schema: the functions that it calls and, where these do not read as an owner, the
/// policies of the tables that it reads. What runs a text that it makes itself may do anything.
/// </summary>
internal sealed class OpaqueReach(Reading before, Reading after) : SqlVisitor
{
    private const int MaximumDepth = 16;

    private readonly HashSet<(QualifiedId, Sight)> _entered = [];
    private Sight _sight = Sight.Role;
    private int _depth;

    /// <summary>What differs; null: nothing.</summary>
    public string? Difference { get; private set; }

    /// <summary>Looks at a function or an expression through the eyes of a reader.</summary>
    public void Enter(Opaque opaque)
    {
        _sight = opaque.Sight;
        if (opaque.Function is { } function)
            Enter(function.Id);
        else
            Visit(opaque.Node);
    }

    public override void Visit(SqlNode? node)
    {
        if (Difference is null)
            base.Visit(node);
    }

    public override void VisitFunctionCall(FunctionCall node)
    {
        foreach (var reading in (Reading[])[before, after])
        {
            if (reading.Catalog.FindFunctions(node.Name) is [{ } function, ..])
                Enter(function.Id);
        }
        base.VisitFunctionCall(node);
    }

    public override void VisitNamedTable(NamedTable node)
    {
        foreach (var reading in (Reading[])[before, after])
        {
            if (reading.Catalog.FindRelation(node.Name) is { } relation)
                Enter(relation);
        }
        base.VisitNamedTable(node);
    }

    public override void VisitPlExecute(PlExecute node) => Difference ??= "a statement that is made as a text";

    public override void VisitPlForExecute(PlForExecute node) => Difference ??= "a statement that is made as a text";

    private void Enter(QualifiedId id)
    {
        if (!_entered.Add((id, _sight)))
            return;
        var old = before.Catalog.Functions.TryGetValue(id, out var had) ? had : [];
        var current = after.Catalog.Functions.TryGetValue(id, out var has) ? has : [];
        if (++_depth > MaximumDepth || old.Count != current.Count)
        {
            Difference ??= id + "()";
            return;
        }
        for (var i = 0; i < current.Count; i++)
        {
            if (!AreSame(old[i], current[i]))
                Difference ??= id + "()";
            // What the platform made is the platform's to keep.
            if (current[i].IsForeignOwned || FunctionBodies.Of(current[i]) is not { } roots)
                continue;
            var sight = _sight;
            if (current[i].IsSecurityDefiner && sight == Sight.Role)
                _sight = Sight.Owner;
            foreach (var root in roots)
                Visit(root);
            _sight = sight;
        }
        _depth--;
    }

    private void Enter(Relation relation)
    {
        if (!_entered.Add((relation.Id, _sight)))
            return;
        Relation? old = Find(before, relation.Id), current = Find(after, relation.Id);
        switch (old, current)
        {
            case (View had, View has):
                if (had.Query?.ToString() != has.Query?.ToString() || had.SecurityInvoker.Value != has.SecurityInvoker.Value)
                    Difference ??= relation.Id.ToString();
                Visit(has.Query?.Tree);
                break;
            case (Table had, Table has) when _sight == Sight.Role || !before.Policies.OwnerReadsAll(had) || !after.Policies.OwnerReadsAll(has):
                Compare(had, has);
                break;
            case (null, null) or (Table, Table) or (Sequence, Sequence):
                break;
            default:
                Difference ??= relation.Id.ToString();
                break;
        }
    }

    private void Compare(Table old, Table current)
    {
        IReadOnlyList<Policy>? had = ReadingPolicies(before, old), has = ReadingPolicies(after, current);
        if (had is null != has is null || had?.Count != has?.Count)
            Difference ??= current.Id.ToString();
        for (var i = 0; Difference is null && i < (has?.Count ?? 0); i++)
        {
            if (had![i].IsPermissive != has![i].IsPermissive || had[i].Using?.ToString() != has[i].Using?.ToString() || had[i].IsTainted || has[i].IsTainted)
                Difference ??= current.Id.ToString();
            Visit(has[i].Using?.Tree);
        }
    }

    private static IReadOnlyList<Policy>? ReadingPolicies(Reading reading, Table table) => table.RowSecurityEnabled.Value ? reading.Policies.ReadingPolicies(table) : null;

    private static Relation? Find(Reading reading, QualifiedId id) => reading.Catalog.Relations.TryGetValue(id, out var relation) ? relation : null;

    private static bool AreSame(Function a, Function b) =>
        ReferenceEquals(a, b)
        || (a.Body?.ToString() == b.Body?.ToString() && a.IsSecurityDefiner == b.IsSecurityDefiner && a.IsStrict == b.IsStrict && a.Language == b.Language
            && a.Returns == b.Returns && !a.IsTainted && !b.IsTainted && a.InputTypes.SequenceEqual(b.InputTypes));
}

/// <summary>What the encoder did not look into, and through whose eyes it reads: a function, or a part of a tree.</summary>
internal readonly record struct Opaque(Sight Sight, Function? Function, SqlNode? Node)
{
    /// <summary>Whether a value of the one may have the name of a value of the other.</summary>
    public bool MayShareName(Opaque other) => (Function, Node, other.Function, other.Node) switch
    {
        ({ } function, _, { } same, _) => function.Id == same.Id,
        (_, NamedTable table, _, NamedTable same) => table.Name.Name == same.Name.Name,
        (_, { } node, _, { } same) => node.GetType() == same.GetType() && SqlPrinter.Print(node) == SqlPrinter.Print(same),
        _ => false,
    };
}
