using Microsoft.CodeAnalysis;
using PolicyLint.Core.Access;
using PolicyLint.Core.Logic;
using PolicyLint.CSharp.Binding;
using PolicyLint.CSharp.EntityFramework;
using PolicyLint.CSharp.Sinks;
using PolicyLint.Sql.Tree;

namespace PolicyLint.CSharp.Text;

/// <summary>Rows that a statement takes by a list: `id = ANY (@ids)`, Dapper's `id in @ids`. Where the code made the list itself, what it holds was judged where it was read.</summary>
internal static class NamedRows
{
    /// <summary>The text with what is open undecided where a list that the code made names the rows.</summary>
    public static SiteText Of(SiteText text, SqlCall call, CodeBase code, CancellationToken cancellation)
    {
        ParameterBindings? bindings = null;
        IReadOnlyList<TenantOccurrence>[]? decided = null;
        for (var i = 0; i < text.Occurrences.Count; i++)
        {
            if (!IsOpen(text.Occurrences[i]))
                continue;
            foreach (var parameter in ListSearch.In(text.Sql.Tree.Statements[i]))
            {
                bindings ??= ParameterBindings.Of(call, text.Text);
                if (bindings.Find(parameter) is not { } list || !IsList(list) || !IsOfTheCode(list, code, cancellation))
                    continue;
                decided ??= [.. text.Occurrences];
                decided[i] = [.. text.Occurrences[i].Select(static occurrence => occurrence.Verdict is Verdict.Refuted
                    ? occurrence with { Verdict = new Verdict.Unknown(UnknownReason.UnsupportedSyntax, "a list that the code made names the rows") }
                    : occurrence)];
                break;
            }
        }
        return decided is null ? text : text with { Occurrences = decided };
    }

    private static bool IsOpen(IReadOnlyList<TenantOccurrence> occurrences)
    {
        foreach (var occurrence in occurrences)
        {
            if (occurrence.Verdict is Verdict.Refuted)
                return true;
        }
        return false;
    }

    private static bool IsList(IOperation value) => value.WithoutConversions().Type is { SpecialType: not SpecialType.System_String } type
        && (type.SpecialType == SpecialType.System_Collections_IEnumerable || type.AllInterfaces.Any(static known => known.SpecialType == SpecialType.System_Collections_IEnumerable));

    private static bool IsOfTheCode(IOperation list, CodeBase code, CancellationToken cancellation) =>
        ChosenRows.GivenBy(list) is not { } given || ChosenRows.AreHandedOn(given, code, cancellation);

    private sealed class ListSearch : SqlVisitor
    {
        private readonly List<ParameterReference> _found = [];

        public static IReadOnlyList<ParameterReference> In(Statement statement)
        {
            var search = new ListSearch();
            search.Visit(statement);
            return search._found;
        }

        public override void VisitQuantifiedComparison(QuantifiedComparison node)
        {
            if (node is { Quantifier: Quantifier.Any, Operator.Name.Text: "=" })
                Add(node.Array);
            base.VisitQuantifiedComparison(node);
        }

        public override void VisitInList(InList node)
        {
            if (node is { IsNegated: false, Items: [var only] })
                Add(only);
            base.VisitInList(node);
        }

        private void Add(Expression? list)
        {
            if ((list is CastExpression cast ? cast.Operand : list) is ParameterReference parameter)
                _found.Add(parameter);
        }
    }
}
