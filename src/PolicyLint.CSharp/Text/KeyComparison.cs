using PolicyLint.Core.Access;
using PolicyLint.Sql.Tree;

namespace PolicyLint.CSharp.Text;

/// <summary>A parameter that the tenancy column of an occurrence is compared with or set to.</summary>
internal sealed record KeyComparison(TenantOccurrence Occurrence, ParameterReference Parameter, bool IsWritten)
{
    /// <summary>All of a statement, in source order.</summary>
    public static IReadOnlyList<KeyComparison> In(Statement statement, IReadOnlyList<TenantOccurrence> occurrences)
    {
        var found = new List<KeyComparison>();
        foreach (var occurrence in occurrences)
        {
            if (occurrence.Kind == OccurrenceKind.Insert)
            {
                if (statement is InsertStatement insert && Written(insert, occurrence.Key.Column.Name) is { } written)
                    found.Add(new(occurrence, written, IsWritten: true));
                continue;
            }
            foreach (var parameter in Parameters(statement, occurrence.Key.Column.Name))
            {
                if (!found.Exists(known => known.Parameter == parameter))
                    found.Add(new(occurrence, parameter, IsWritten: false));
            }
        }
        return found;
    }

    /// <summary>The parameters that a column of that name is compared with.</summary>
    public static IReadOnlyList<ParameterReference> Parameters(SqlNode? node, string column)
    {
        var search = new Search(column);
        if (node is not null)
            search.Visit(node);
        return search.Found;
    }

    /// <summary>The parameters that a column of that name is equal to; lists left aside.</summary>
    public static IReadOnlyList<ParameterReference> Equated(SqlNode node, string column)
    {
        var search = new Search(column);
        search.Visit(node);
        return search.Equated;
    }

    private static ParameterReference? Written(InsertStatement insert, string column)
    {
        if (insert.Source is not ValuesQuery { Rows: [var row, ..] })
            return null;
        for (var i = 0; i < insert.Columns.Length && i < row.Items.Length; i++)
        {
            if (insert.Columns[i].Column == column)
                return Bound(row.Items[i]);
        }
        return null;
    }

    private static ParameterReference? Bound(Expression? expression) => expression switch
    {
        ParameterReference parameter => parameter,
        CastExpression cast => Bound(cast.Operand),
        _ => null,
    };

    private sealed class Search(string column) : SqlVisitor
    {
        public List<ParameterReference> Found { get; } = [];

        public List<ParameterReference> Equated { get; } = [];

        public override void VisitOperatorExpression(OperatorExpression node)
        {
            if (node.Operator.Name == "=")
            {
                var before = Found.Count;
                if (IsColumn(node.Left))
                    Add(node.Right);
                else if (IsColumn(node.Right))
                    Add(node.Left);
                if (Found.Count > before)
                    Equated.Add(Found[before]);
            }
            base.VisitOperatorExpression(node);
        }

        public override void VisitQuantifiedComparison(QuantifiedComparison node)
        {
            if (IsColumn(node.Operand))
                Add(node.Array);
            base.VisitQuantifiedComparison(node);
        }

        public override void VisitInList(InList node)
        {
            if (IsColumn(node.Operand))
            {
                foreach (var item in node.Items)
                    Add(item);
            }
            base.VisitInList(node);
        }

        private bool IsColumn(Expression? expression) => expression switch
        {
            ColumnReference reference => reference.Name.Name.Text == column,
            CastExpression cast => IsColumn(cast.Operand),
            _ => false,
        };

        private void Add(Expression? expression)
        {
            if (Bound(expression) is { } parameter)
                Found.Add(parameter);
        }
    }
}
