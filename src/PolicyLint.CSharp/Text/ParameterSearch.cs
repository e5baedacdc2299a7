using PolicyLint.Sql.Tree;

namespace PolicyLint.CSharp.Text;

/// <summary>Finds the places where statements read a parameter.</summary>
internal sealed class ParameterSearch : SqlVisitor
{
    private readonly List<ParameterReference> _found = [];

    private ParameterSearch()
    {
    }

    /// <summary>All of them, in source order.</summary>
    public static IReadOnlyList<ParameterReference> In(IEnumerable<Statement> statements)
    {
        var search = new ParameterSearch();
        foreach (var statement in statements)
            search.Visit(statement);
        return search._found;
    }

    /// <summary>Two places read one parameter.</summary>
    public static bool AreSame(ParameterReference left, ParameterReference right) => left.Number == right.Number && string.Equals(left.Name.Text, right.Name.Text, StringComparison.OrdinalIgnoreCase);

    public override void VisitParameterReference(ParameterReference node) => _found.Add(node);
}
