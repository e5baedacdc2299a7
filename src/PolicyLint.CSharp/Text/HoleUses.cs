using PolicyLint.Sql.Tree;

namespace PolicyLint.CSharp.Text;

/// <summary>Where the holes of a text stand in a statement: as values, or as conditions that could be anything.</summary>
internal sealed class HoleUses : SqlVisitor
{
    private readonly SqlText _text;

    private HoleUses(SqlText text) => _text = text;

    /// <summary>A hole that may hold any SQL stands in it: what the rest says may be turned by it.</summary>
    public bool MayChangeMeaning { get; private set; }

    /// <summary>Holes that stand as values, quoted or not.</summary>
    public HashSet<SqlHole> Values { get; } = [];

    public static HoleUses In(Statement statement, SqlText text)
    {
        var uses = new HoleUses(text);
        if (text.Holes.Count > 0)
            uses.Visit(statement);
        return uses;
    }

    public override void VisitParameterReference(ParameterReference node)
    {
        if (HoleOf(node) is not { } hole)
            return;
        Values.Add(hole);
        MayChangeMeaning |= !hole.IsPlainValue;
    }

    public override void VisitLiteral(Literal node)
    {
        if (node.Kind != LiteralKind.String)
            return;
        var value = node.GetText();
        for (var i = 0; i < _text.Holes.Count; i++)
        {
            if (value.IndexOf("@" + SqlText.HoleName + i.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal) >= 0)
                Values.Add(_text.Holes[i]);
        }
    }

    public override void VisitLogicalExpression(LogicalExpression node)
    {
        foreach (var operand in node.Operands)
            Condition(operand);
        base.VisitLogicalExpression(node);
    }

    public override void VisitNotExpression(NotExpression node)
    {
        Condition(node.Operand);
        base.VisitNotExpression(node);
    }

    public override void VisitSelectQuery(SelectQuery node)
    {
        Condition(node.Where);
        Condition(node.Having);
        base.VisitSelectQuery(node);
    }

    public override void VisitUpdateStatement(UpdateStatement node)
    {
        Condition(node.Where);
        base.VisitUpdateStatement(node);
    }

    public override void VisitDeleteStatement(DeleteStatement node)
    {
        Condition(node.Where);
        base.VisitDeleteStatement(node);
    }

    private void Condition(Expression? expression)
    {
        if (expression is ParameterReference reference && HoleOf(reference) is { IsParameter: false })
            MayChangeMeaning = true;
    }

    private SqlHole? HoleOf(ParameterReference reference) =>
        reference.Name.Text is { } name && name.StartsWith(SqlText.HoleName, StringComparison.Ordinal) && int.TryParse(name.Substring(SqlText.HoleName.Length), out var index) && index < _text.Holes.Count
            ? _text.Holes[index]
            : null;
}
