using System.Globalization;
using PolicyLint.Core.Catalog;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Live.Probing;

/// <summary>A value that CHECK constraints ask of a column by its form and not by name: a pattern, a length, elements of an array.</summary>
internal sealed class CheckedText : SqlVisitor
{
    private readonly Column column;
    private readonly int seed;
    private string? found;
    private string? element;
    private bool mustHaveElements;

    private CheckedText(Column column, int seed)
    {
        this.column = column;
        this.seed = seed;
    }

    /// <summary>Its text, without quotes; null where no constraint says more than which values there are.</summary>
    public static string? Of(Table table, Column column, int seed)
    {
        var search = new CheckedText(column, seed);
        foreach (var constraint in table.Constraints)
        {
            if (constraint is { Kind: ConstraintKind.Check, Condition: { } condition })
                search.Visit(condition.Tree);
        }
        return search.mustHaveElements ? $"{{{search.element ?? Element(column.Type)}}}" : search.found;
    }

    public override void VisitOperatorExpression(OperatorExpression node)
    {
        if (node.Left is { } left)
        {
            switch (node.Operator.Name.Text)
            {
                case "~" or "~*" when IsColumn(left) && Constant(node.Right) is { } pattern:
                    found ??= PatternText.Matching(pattern, seed);
                    break;
                case "=" or ">=" or ">" when IsMeasured(left) && int.TryParse(Constant(node.Right), NumberStyles.None, CultureInfo.InvariantCulture, out var least):
                    Measure(node.Operator.Name.Text == ">" ? least + 1 : least);
                    break;
                case "<@" when IsColumn(left) && (node.Right is CastExpression cast ? cast.Operand : node.Right) is ArrayConstructor { Items: [var first, ..] }:
                    element ??= Constant(first);
                    break;
            }
        }
        base.VisitOperatorExpression(node);
    }

    public override void VisitBetweenExpression(BetweenExpression node)
    {
        if (!node.IsNegated && IsMeasured(node.Operand) && int.TryParse(Constant(node.Lower), NumberStyles.None, CultureInfo.InvariantCulture, out var least))
            Measure(least);
        base.VisitBetweenExpression(node);
    }

    private void Measure(int least)
    {
        if (column.Type.EndsWith("[]", StringComparison.Ordinal))
            mustHaveElements |= least > 0;
        else if (least is > 0 and < 10_000)
            found ??= seed.ToString(CultureInfo.InvariantCulture).PadLeft(least, 'p')[^least..];
    }

    private bool IsMeasured(Expression expression) =>
        expression is FunctionCall { Name.Name.Text: "length" or "char_length" or "character_length" or "cardinality" or "array_length", Arguments: [var measured, ..] }
        && (IsColumn(measured) || (measured is FunctionCall { Name.Name.Text: "trim" or "btrim", Arguments: [var trimmed, ..] } && IsColumn(trimmed)));

    private bool IsColumn(Expression expression) => expression switch
    {
        CastExpression cast => IsColumn(cast.Operand),
        ColumnReference reference => reference.Name.Name == column.Name,
        _ => false,
    };

    private static string? Constant(Expression expression) => expression switch
    {
        CastExpression cast => Constant(cast.Operand),
        Literal { Kind: not LiteralKind.Null } literal => literal.GetText(),
        _ => null,
    };

    private static string Element(string arrayType) => arrayType[..^2] switch
    {
        "uuid" => "cccccccc-0000-4000-8000-000000000000",
        "boolean" => "false",
        "date" or "timestamp without time zone" or "timestamp with time zone" => "2026-01-02",
        "json" or "jsonb" => "\"{}\"",
        _ => "1",
    };
}
