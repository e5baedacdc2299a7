using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using TextSpan = Microsoft.CodeAnalysis.Text.TextSpan;

namespace PolicyLint.CSharp.Settings;

/// <summary>A text as code puts it together, read from its syntax; what only the run knows is a hole.</summary>
internal sealed class CodeText
{
    /// <summary>Stands for what the code fills in. A fallback (`?? "…"`) comes after one: it may be the text, or not.</summary>
    public const char Hole = '\0';

    public const string HoleText = "\0";

    // Names stand for names.
    private const int MostSteps = 8;

    private readonly StringBuilder _text = new();
    private readonly List<(TextSpan Span, int Place)> _written = [];

    public string Text => _text.ToString();

    public static CodeText Of(SyntaxToken literal)
    {
        var text = new CodeText();
        text.AddToken(literal);
        return text;
    }

    public static CodeText Of(ExpressionSyntax expression, FixedNames names)
    {
        var text = new CodeText();
        text.Add(expression, names);
        return text;
    }

    /// <summary>Where a part of the text is written; null where it is not written in one piece, or with escapes.</summary>
    public TextSpan? PlaceOf(TextSpan span)
    {
        foreach (var (written, place) in _written)
        {
            if (written.Contains(span))
                return new(place + span.Start - written.Start, span.Length);
        }
        return null;
    }

    public void AddHole() => _text.Append(Hole);

    /// <summary>Adds what may be any keys and values.</summary>
    public void AddKeys() => _text.Append(';').Append(Hole).Append(';');

    public void Add(ExpressionSyntax expression, FixedNames names, int steps = 0)
    {
        expression = Bare(expression);
        switch (expression)
        {
            case LiteralExpressionSyntax { RawKind: (int)SyntaxKind.StringLiteralExpression or (int)SyntaxKind.NumericLiteralExpression or (int)SyntaxKind.TrueLiteralExpression or (int)SyntaxKind.FalseLiteralExpression } literal:
                AddToken(literal.Token);
                break;
            case InterpolatedStringExpressionSyntax interpolated when steps < MostSteps:
                foreach (var content in interpolated.Contents)
                {
                    if (content is InterpolatedStringTextSyntax { TextToken: var token })
                        AddToken(token);
                    else if (content is InterpolationSyntax { FormatClause: null, AlignmentClause: null } filled)
                        Add(filled.Expression, names, steps + 1);
                    else
                        AddHole();
                }
                break;
            case BinaryExpressionSyntax { RawKind: (int)SyntaxKind.AddExpression } sum when steps < MostSteps && OperandsOf(sum) is var operands && operands.Exists(IsText):
                foreach (var operand in operands)
                    Add(operand, names, steps + 1);
                break;
            case BinaryExpressionSyntax { RawKind: (int)SyntaxKind.CoalesceExpression, Right: var fallback } when steps < MostSteps:
                AddHole();
                var length = _text.Length;
                Add(fallback, names, steps + 1);
                if (_text.Length == length + 1 && _text[length] == Hole)
                    _text.Length = length;
                break;
            case ConditionalExpressionSyntax choice when HasKeys(choice):
                // A choice of whole keys is not part of a value.
                AddKeys();
                break;
            case IdentifierNameSyntax name when steps < MostSteps && names.ValueOf(name) is { } value:
                Add(value, names, steps + 1);
                break;
            default:
                AddHole();
                break;
        }
    }

    /// <summary>The operands of a chain of `+`, which may be long.</summary>
    public static List<ExpressionSyntax> OperandsOf(BinaryExpressionSyntax sum)
    {
        var operands = new List<ExpressionSyntax>();
        ExpressionSyntax current = sum;
        while (Bare(current) is BinaryExpressionSyntax { RawKind: (int)SyntaxKind.AddExpression } add)
        {
            operands.Add(add.Right);
            current = add.Left;
        }
        operands.Add(current);
        operands.Reverse();
        return operands;
    }

    /// <summary>An expression without what changes nothing.</summary>
    public static ExpressionSyntax Bare(ExpressionSyntax expression)
    {
        while (true)
        {
            switch (expression)
            {
                case ParenthesizedExpressionSyntax inner:
                    expression = inner.Expression;
                    break;
                case PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.SuppressNullableWarningExpression } inner:
                    expression = inner.Operand;
                    break;
                default:
                    return expression;
            }
        }
    }

    private static bool HasKeys(ConditionalExpressionSyntax choice) => MayHaveKeys(choice.WhenTrue) || MayHaveKeys(choice.WhenFalse);

    private static bool MayHaveKeys(ExpressionSyntax branch) => Bare(branch) is InterpolatedStringExpressionSyntax or LiteralExpressionSyntax && branch.ToString().IndexOf('=') >= 0;

    private static bool IsText(ExpressionSyntax operand) => Bare(operand) is InterpolatedStringExpressionSyntax or LiteralExpressionSyntax { RawKind: (int)SyntaxKind.StringLiteralExpression };

    private void AddToken(SyntaxToken token)
    {
        // Escapes make the text another than what is written.
        var offset = token.Text.IndexOf(token.ValueText, StringComparison.Ordinal);
        if (offset >= 0)
            _written.Add((new(_text.Length, token.ValueText.Length), token.SpanStart + offset));
        _text.Append(token.ValueText);
    }
}
