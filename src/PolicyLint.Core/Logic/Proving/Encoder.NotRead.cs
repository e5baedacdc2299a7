using PolicyLint.Core.Catalog;
using PolicyLint.Sql;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Logic.Proving;

/// <content>
/// Subqueries that cannot be encoded: a value that is not known, the same wherever the same text reads the same outer values. That leaves nothing out.
/// </content>
internal sealed partial class Encoder
{
    /// <summary>The first part that was not read; null: all was.</summary>
    public UndecidedException? FirstNotRead { get; private set; }

    private Prop Existence(QueryStatement query, Scope scope) =>
        Attempt(() => ExistenceCore(query, scope), () => BooleanTerm(NotRead(query, scope, TypeFamily.Boolean), true));

    private Prop Membership(string name, Expression operand, Scope scope, QueryStatement query, bool positive) =>
        Attempt(() => MembershipCore(name, operand, scope, query, positive), name == "=" && operand is not RowConstructor ? () => MemberOfNotRead(operand, scope, query, positive) : null);

    private List<ValueCase> Scalar(QueryStatement query, Scope scope, SqlNode node) =>
        Attempt(() => ScalarCore(query, scope, node), () => NotRead(query, scope, TypeFamily.NotRead));

    private T Attempt<T>(Func<T> encode, Func<T>? otherwise)
    {
        var (depth, inlining, sight, active) = (_depth, _inlining, _sight, _active.Count);
        try
        {
            return encode();
        }
        catch (UndecidedException undecided) when (otherwise is not null && active == 0 && undecided.Reason is UnknownReason.UnsupportedSyntax or UnknownReason.OuterJoin or UnknownReason.Aggregate or UnknownReason.Limit
            or UnknownReason.SetOperation or UnknownReason.ScalarCardinality or UnknownReason.CyclicDependency)
        {
            (_depth, _inlining, _sight) = (depth, inlining, sight);
            _active.RemoveRange(active, _active.Count - active);
            FirstNotRead ??= undecided;
            return otherwise!();
        }
    }

    private Prop MemberOfNotRead(Expression operand, Scope scope, QueryStatement query, bool positive) =>
        Pairs(Values(operand, scope), NotRead(query, scope, "set"), (element, set) =>
        {
            var member = element == TermTable.Null ? Prop.False : Prop.Atom(PropKind.Member, element, set);
            var known = Prop.IsNotNull(terms, element);
            return positive
                ? Prop.And(known, member)
                : Prop.Or(Prop.Atom(PropKind.Empty, set), Prop.And(known, Prop.Not(member), Prop.Not(Prop.Atom(PropKind.HasNull, set))));
        });

    private List<ValueCase> NotRead(QueryStatement query, Scope scope, string type)
    {
        var references = new OuterReferences(name => IsCommonAround(name, scope));
        references.Visit(query);
        if (references.IsUnsure)
            throw FirstNotRead!;
        _notEntered.Add(new(scope.Sight, null, query));
        _opaque.Add("a subquery that is not read");
        foreach (var name in references.Functions)
        {
            if (_catalog.FindFunctions(name).Any(static function => function.Volatility == Volatility.Volatile))
                _assumptions.Add(name + "() gives the same value for the same arguments");
        }
        var outer = references.Columns.Values.Where(column => IsOuter(column, scope, references.Aliases)).ToList<Expression>();
        outer.AddRange(references.Parameters);
        // Whoever sees all rows may read another value out of the same text.
        return Apply("opaque:subquery " + scope.Sight + " " + SqlPrinter.Print(query), outer, scope, type, isStrict: false, isKnown: true);
    }

    // A name that may be that of a relation inside is taken for one outside, too, where there is one: a value more tells calls apart, one less would not.
    private bool IsOuter(ColumnReference column, Scope scope, HashSet<string> inside)
    {
        var name = column.Name.Name.Text;
        for (var current = scope; current is not null; current = current.Outer)
        {
            if (current.Bindings.Exists(binding => binding.Alias == (column.Name.Qualifier.IsEmpty ? name : column.Name.Qualifier.Text) && (column.IsStar || column.Name.Qualifier.IsEmpty)))
                throw FirstNotRead!;
            if (FindBinding(current, column, name) is not null || (current.Parameters?.ContainsKey(name) == true && column.Name.Qualifier.IsEmpty))
                return true;
        }
        return column.Name.Qualifier.IsEmpty || inside.Contains(column.Name.Qualifier.Text) ? false : throw FirstNotRead!;
    }

    private static bool IsCommonAround(string name, Scope scope)
    {
        for (var current = scope; current is not null; current = current.Outer)
        {
            if (current.With?.ContainsKey(name) == true)
                return true;
        }
        return false;
    }

    private sealed class OuterReferences(Func<string, bool> isCommon) : SqlVisitor
    {
        public SortedDictionary<string, ColumnReference> Columns { get; } = new(StringComparer.Ordinal);

        public List<ParameterReference> Parameters { get; } = [];

        public HashSet<string> Aliases { get; } = new(StringComparer.Ordinal);

        public List<ObjectName> Functions { get; } = [];

        /// <summary>It gives another value each time, or means something that stands outside of it.</summary>
        public bool IsUnsure { get; private set; }

        public override void VisitColumnReference(ColumnReference node)
        {
            if (!node.IsStar || !node.Name.IsEmpty)
                Columns[SqlPrinter.Print(node)] = node;
            IsUnsure |= node.Name.Outer.Count > 0;
            base.VisitColumnReference(node);
        }

        public override void VisitParameterReference(ParameterReference node)
        {
            Parameters.Add(node);
            base.VisitParameterReference(node);
        }

        public override void VisitNamedTable(NamedTable node)
        {
            Aliases.Add(node.Name.Name.Text);
            IsUnsure |= node.Name.Schema is null && isCommon(node.Name.Name.Text);
            base.VisitNamedTable(node);
        }

        public override void VisitTableAlias(TableAlias node)
        {
            Aliases.Add(node.Name.Text);
            base.VisitTableAlias(node);
        }

        public override void VisitFunctionCall(FunctionCall node)
        {
            Functions.Add(node.Name);
            IsUnsure |= s_volatile.Contains(node.Name.Name.Text);
            base.VisitFunctionCall(node);
        }
    }
}
