namespace PolicyLint.Core.Logic.Proving;

/// <summary>
/// A formula by its cases. Subqueries are atoms first, the same atom for those that say the same, and each way to make the formula true is looked
/// into with the few subqueries that it leans on: a way that cannot be is left out together with all that rest on the same.
/// </summary>
/// <param name="terms">The terms.</param>
/// <param name="target">The row that the formula is about.</param>
/// <param name="solve">An assignment under which a formula holds, with what the schema says of its rows; null for none.</param>
internal sealed class Cases(TermTable terms, int target, Func<Prop, Solver?> solve)
{
    private const int MaximumCases = 100;
    private const int MaximumOpen = 8;

    private readonly List<Prop> _subqueries = [];
    private readonly Dictionary<string, Prop> _atoms = new(StringComparer.Ordinal);

    /// <summary>Cases in which the formula holds. After the last one there is none.</summary>
    public IEnumerable<Prop> Of(Prop formula)
    {
        var ways = Abstract(formula, true);
        var open = 0;
        for (var i = 0; i < MaximumCases; i++)
        {
            if (solve(ways) is not { } way)
                yield break;
            var leansOn = new List<Prop>();
            var rest = new List<Prop>();
            foreach (var (atom, isTrue) in way.AssignedAtoms())
            {
                var prop = Prop.Atom(atom.Kind, atom.A, atom.B);
                var literal = isTrue ? prop : Prop.Not(prop);
                if (atom.Kind == PropKind.Subquery)
                    leansOn.Add(literal);
                else if (IsOfTarget(atom))
                    rest.Add(literal);
            }
            if (solve(Prop.And([.. leansOn.Select(Expand), .. rest])) is null)
            {
                ways = Prop.And(ways, Prop.Or([.. Contradiction(leansOn, rest).Select(Prop.Not)]));
                continue;
            }
            yield return Prop.And([.. leansOn.Select(Expand), Under(ways, leansOn)]);
            // Of one that no rows confirm another may be.
            if (leansOn.Count == 0 || ++open == MaximumOpen)
                yield break;
            ways = Prop.And(ways, Prop.Or([.. leansOn.Select(Prop.Not)]));
        }
        if (open == 0)
            throw new UndecidedException(UnknownReason.Budget, "too many cases");
    }

    // Negations move to the atoms.
    private Prop Abstract(Prop prop, bool isPositive)
    {
        switch (prop.Kind)
        {
            case PropKind.Not:
                return Abstract(prop.Items[0], !isPositive);
            case PropKind.And or PropKind.Or:
            {
                var items = Array.ConvertAll(prop.Items, item => Abstract(item, isPositive));
                return (prop.Kind == PropKind.And) == isPositive ? Prop.And(items) : Prop.Or(items);
            }
            case PropKind.Exists:
            {
                var key = new PropKey(terms, []);
                key.Add(prop);
                if (!_atoms.TryGetValue(key.ToString(), out var atom))
                {
                    _atoms.Add(key.ToString(), atom = Prop.Atom(PropKind.Subquery, _subqueries.Count));
                    _subqueries.Add(prop);
                }
                return isPositive ? atom : Prop.Not(atom);
            }
            default:
                return isPositive ? prop : Prop.Not(prop);
        }
    }

    private Prop Expand(Prop literal) => literal.Kind == PropKind.Not ? Prop.Not(_subqueries[literal.Items[0].A]) : _subqueries[literal.A];

    // The formula where the case leaves only what it does not speak of.
    private static Prop Under(Prop prop, List<Prop> literals)
    {
        switch (prop.Kind)
        {
            case PropKind.And:
                return Prop.And(Array.ConvertAll(prop.Items, item => Under(item, literals)));
            case PropKind.Or:
                return Prop.Or(Array.ConvertAll(prop.Items, item => Under(item, literals)));
            case PropKind.Subquery:
            case PropKind.Not when prop.Items[0].Kind == PropKind.Subquery:
                return literals.Exists(literal => literal.Kind == prop.Kind && Subquery(literal) == Subquery(prop)) ? Prop.True : Prop.False;
            default:
                return prop;
        }
    }

    private static int Subquery(Prop literal) => literal.Kind == PropKind.Not ? literal.Items[0].A : literal.A;

    // What of the literals is enough for the contradiction: what can be left out is.
    private List<Prop> Contradiction(List<Prop> leansOn, List<Prop> rest)
    {
        if (leansOn.Count > 0 && rest.Count > 0 && solve(Prop.And([.. leansOn.Select(Expand)])) is null)
            rest = [];
        List<Prop> kept = [.. leansOn, .. rest];
        for (var i = kept.Count - 1; i >= 0 && kept.Count > 1; i--)
        {
            var literal = kept[i];
            kept.RemoveAt(i);
            if (solve(Prop.And([.. kept.Select(other => IsSubquery(other) ? Expand(other) : other)])) is not null)
                kept.Insert(i, literal);
        }
        return kept;
    }

    private static bool IsSubquery(Prop literal) => (literal.Kind == PropKind.Not ? literal.Items[0].Kind : literal.Kind) == PropKind.Subquery;

    // What the schema says of other rows is said again where they are asked for.
    private bool IsOfTarget(Atom atom)
    {
        switch (atom.Kind)
        {
            case PropKind.Row or PropKind.Visible:
                return atom.A == target;
            default:
                return IsOfTarget(atom.A) && (atom.B < 0 || IsOfTarget(atom.B));
        }
    }

    private bool IsOfTarget(int term)
    {
        var node = terms[term];
        return node.Kind == ValueKind.Column ? node.Row == target : Array.TrueForAll(node.Arguments, IsOfTarget);
    }
}
