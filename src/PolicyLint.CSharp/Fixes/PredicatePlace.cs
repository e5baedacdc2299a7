using PolicyLint.Core.Access;
using PolicyLint.Sql.Tree;

namespace PolicyLint.CSharp.Fixes;

/// <summary>Finds where a condition on one occurrence of a table belongs in its statement.</summary>
internal sealed class PredicatePlace : SqlVisitor
{
    private readonly TenantOccurrence _occurrence;
    private readonly string _text;
    private Func<string, IReadOnlyList<SqlEdit>?>? _place;
    private string _row = "";

    private PredicatePlace(TenantOccurrence occurrence, string text)
    {
        _occurrence = occurrence;
        _text = text;
    }

    /// <summary>The insertions that make the occurrence's tenancy column equal to a value; null where no place is certain.</summary>
    /// <param name="statement">The statement that the occurrence stands in.</param>
    /// <param name="text">The text that it was parsed from.</param>
    /// <param name="occurrence">The table.</param>
    /// <param name="value">The value, as it is written in the statement.</param>
    public static IReadOnlyList<SqlEdit>? Find(Statement statement, string text, TenantOccurrence occurrence, string value)
    {
        var search = new PredicatePlace(occurrence, text);
        search.Visit(statement);
        return search._place?.Invoke($"{search._row}{SqlEdit.Name(occurrence.Key.Column.Name)} = {value}");
    }

    public override void VisitSelectQuery(SelectQuery node)
    {
        if (node.From.Length > 0)
            Look(node.From, node.From.Length == 1, node.Where, node.From[node.From.Length - 1].End);
        base.VisitSelectQuery(node);
    }

    public override void VisitUpdateStatement(UpdateStatement node)
    {
        var end = node.From.Length > 0 ? node.From[node.From.Length - 1].End : node.Assignments.Length > 0 ? node.Assignments[node.Assignments.Length - 1].End : -1;
        Look([node.Table, .. node.From], node.From.Length == 0, node.Where, end);
        base.VisitUpdateStatement(node);
    }

    public override void VisitDeleteStatement(DeleteStatement node)
    {
        Look([node.Table, .. node.Using], node.Using.Length == 0, node.Where, node.Using.Length > 0 ? node.Using[node.Using.Length - 1].End : node.Table.End);
        base.VisitDeleteStatement(node);
    }

    private void Look(TableReference[] items, bool isSingle, Expression? where, int end)
    {
        foreach (var item in items)
        {
            var joins = new List<JoinedTable>();
            if (NamedIn(item, joins) is not { } table)
                continue;
            _row = isSingle && joins.Count == 0 ? "" : SqlEdit.Name(table.Alias is { Name.IsEmpty: false } alias ? alias.Name.Text : table.Name.Name.Text) + ".";
            if (Nullable(joins, table) is not { } join)
                _place = predicate => where is null ? After(end, $" {Keyword("where")} {predicate}") : Beside(where, "where", predicate);
            else if (join is { Kind: JoinKind.Left, On: { } on } && ReferenceEquals(join.Right, table))
                _place = predicate => Beside(on, "on", predicate);
            else
                _place = null;
            return;
        }
    }

    private NamedTable? NamedIn(TableReference item, List<JoinedTable> joins)
    {
        if (item is NamedTable table)
            return table.Name.Name.Start < _occurrence.Span.End && _occurrence.Span.Start < table.Name.Name.End ? table : null;
        if (item is not JoinedTable join)
            return null;
        joins.Add(join);
        if ((NamedIn(join.Left, joins) ?? NamedIn(join.Right, joins)) is { } found)
            return found;
        joins.Remove(join);
        return null;
    }

    // The join that keeps rows without this table: there WHERE would take them away.
    private static JoinedTable? Nullable(List<JoinedTable> joins, NamedTable table)
    {
        for (var i = 0; i < joins.Count; i++)
        {
            var below = i + 1 < joins.Count ? (TableReference)joins[i + 1] : table;
            var isRight = ReferenceEquals(joins[i].Right, below);
            if (joins[i].Kind == JoinKind.Full || joins[i].Kind == JoinKind.Left && isRight || joins[i].Kind == JoinKind.Right && !isRight)
                return joins[i];
        }
        return null;
    }

    // A node's span leaves its outer parentheses out, so they are counted from the keyword.
    private IReadOnlyList<SqlEdit>? Beside(Expression condition, string keyword, string predicate)
    {
        var parentheses = 0;
        var at = condition.Start;
        while (at > 0 && (char.IsWhiteSpace(_text[at - 1]) || _text[at - 1] == '('))
            parentheses += _text[--at] == '(' ? 1 : 0;
        if (at < keyword.Length || !string.Equals(_text.Substring(at - keyword.Length, keyword.Length), keyword, StringComparison.OrdinalIgnoreCase))
            return null;
        var end = condition.End;
        for (var open = parentheses; open > 0; open--)
        {
            while (end < _text.Length && char.IsWhiteSpace(_text[end]))
                end++;
            if (end == _text.Length || _text[end++] != ')')
                return null;
        }
        if (condition is not LogicalExpression { Operator: LogicalOperator.Or } || parentheses > 0)
            return After(end, $" {Keyword("and")} {predicate}");
        return [SqlEdit.Insert(condition.Start, "("), SqlEdit.Insert(end, $") {Keyword("and")} {predicate}")];
    }

    private static IReadOnlyList<SqlEdit>? After(int offset, string text) => offset < 0 ? null : [SqlEdit.Insert(offset, text)];

    private string Keyword(string word) => _text.Contains("SELECT ") || _text.Contains("UPDATE ") || _text.Contains("DELETE ") || _text.Contains("WHERE ") || _text.Contains("FROM ") ? word.ToUpperInvariant() : word;
}
