using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PolicyLint.CSharp.Fixes;
using TextSpan = Microsoft.CodeAnalysis.Text.TextSpan;

namespace PolicyLint.CSharp.Settings;

/// <summary>Finds the connection strings of a file and their builders by its syntax.</summary>
internal sealed class ConnectionReader
{
    private static readonly string[] s_words = ["host", "server", "reset", "multiplexing"];

    private readonly List<(TextSpan, ConnectionString)> _strings = [];
    private readonly List<(TextSpan, string, bool, CodeEdit?)> _keepers = [];
    private readonly HashSet<TextSpan> _seen = [];
    private readonly SyntaxNode _root;
    private readonly SyntaxTree _tree;
    private readonly FixedNames _names;
    private bool _isKnown;
    private string? _filledIn;

    public ConnectionReader(SyntaxNode root)
    {
        _root = root;
        _tree = root.SyntaxTree;
        _names = new(root);
    }

    public ConnectionOutline Read()
    {
        foreach (var node in _root.DescendantNodes())
        {
            switch (node)
            {
                case LiteralExpressionSyntax { RawKind: (int)SyntaxKind.StringLiteralExpression } literal:
                    AddLiteral(literal);
                    break;
                case InterpolatedStringExpressionSyntax interpolated when !IsOperand(interpolated) && MayBeConnection(interpolated):
                    AddText(interpolated);
                    break;
                case BinaryExpressionSyntax { RawKind: (int)SyntaxKind.AddExpression } sum when !IsOperand(sum) && MayBeConnection(sum):
                    AddText(sum);
                    break;
                case AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.AddAssignmentExpression } addition:
                    AddAddition(addition);
                    break;
                case AssignmentExpressionSyntax assignment:
                    AddAssignment(assignment);
                    break;
                case BaseObjectCreationExpressionSyntax creation when BuilderCalls.IsBuilder(creation):
                    Judge(BuilderCalls.Read(creation, _names), creation.Span, isWhole: true);
                    break;
            }
        }
        return new(_strings, _keepers, _isKnown, _filledIn);
    }

    private void AddLiteral(LiteralExpressionSyntax literal)
    {
        if (ConnectionString.Of(literal.Token) is not { IsForDevelopment: false } connection)
            return;
        _strings.Add((literal.Span, connection));
        if (!IsOperand(literal))
            JudgeText(literal, connection);
    }

    private void AddText(ExpressionSyntax expression)
    {
        if (ConnectionString.Of(CodeText.Of(expression, _names), _tree.FilePath) is { IsForDevelopment: false } connection)
            JudgeText(expression, connection);
    }

    // What a builder begins with and what is added to are judged with what comes to them.
    private void JudgeText(ExpressionSyntax expression, ConnectionString connection)
    {
        if (expression.Parent is ArgumentSyntax { Parent.Parent: BaseObjectCreationExpressionSyntax creation } && BuilderCalls.IsBuilder(creation))
            return;
        var isWhole = true;
        if (expression.Parent is EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax declarator } && _names.AdditionsTo(declarator) is { Count: > 0 } additions)
        {
            isWhole = false;
            var text = CodeText.Of(expression, _names);
            foreach (var addition in additions)
            {
                if (!CodeText.Of(addition, _names).Text.StartsWith(";", StringComparison.Ordinal))
                    text.AddKeys();
                text.Add(addition, _names);
            }
            if (ConnectionString.Of(text, _tree.FilePath) is { } sum)
                Judge(sum, expression.Span, isWhole: true);
        }
        Judge(connection, expression.Span, isWhole);
    }

    // What is added to a text that is not known, or known elsewhere.
    private void AddAddition(AssignmentExpressionSyntax addition)
    {
        if (!MayBeConnection(addition.Right))
            return;
        var text = new CodeText();
        text.AddHole();
        text.Add(addition.Right, _names);
        if (ConnectionString.Of(text, _tree.FilePath) is { IsForDevelopment: false } connection)
            Judge(connection, addition.Right.Span, isWhole: false);
    }

    // To a builder that is made elsewhere.
    private void AddAssignment(AssignmentExpressionSyntax assignment)
    {
        if (!BuilderCalls.MayKeep(assignment) || BuilderCalls.IsOfSeenBuilder(assignment, _names))
            return;
        var connection = ConnectionString.OfBuilder(new(), _tree.FilePath, [BuilderCalls.KeyOf(assignment, _names)]);
        if (BuilderCalls.IsOfBuilder(assignment, _names))
            Judge(connection, assignment.Span, isWhole: false);
    }

    private void Judge(ConnectionString connection, TextSpan place, bool isWhole)
    {
        if (connection.IsForDevelopment)
            return;
        var keeps = false;
        foreach (var (key, reason, isResetOnly) in PoolBehaviour.Reasons(connection))
        {
            keeps = true;
            var span = connection.PlaceOf(key) ?? place;
            if (_seen.Add(span))
                _keepers.Add((span, reason, isResetOnly, ConnectionKeyEdit.RemoveSwitch(connection, key)));
        }
        if (keeps || !isWhole)
            return;
        if (PoolBehaviour.IsKnownFor(connection, out var filledIn))
            _isKnown = true;
        else
            _filledIn ??= filledIn;
    }

    private static bool IsOperand(ExpressionSyntax expression)
    {
        SyntaxNode node = expression;
        while (node.Parent is ParenthesizedExpressionSyntax outer)
            node = outer;
        return node.Parent is BinaryExpressionSyntax { RawKind: (int)SyntaxKind.AddExpression };
    }

    private static bool MayBeConnection(ExpressionSyntax expression)
    {
        switch (CodeText.Bare(expression))
        {
            case LiteralExpressionSyntax { RawKind: (int)SyntaxKind.StringLiteralExpression } literal:
                return MayBeConnection(literal.Token.ValueText);
            case InterpolatedStringExpressionSyntax interpolated:
                foreach (var content in interpolated.Contents)
                {
                    if (content is InterpolatedStringTextSyntax text && MayBeConnection(text.TextToken.ValueText))
                        return true;
                }
                return false;
            case BinaryExpressionSyntax { RawKind: (int)SyntaxKind.AddExpression } sum:
                return CodeText.OperandsOf(sum).Exists(static operand => operand is not BinaryExpressionSyntax && MayBeConnection(operand));
            default:
                return false;
        }
    }

    private static bool MayBeConnection(string text)
    {
        if (text.IndexOf('=') < 0)
            return false;
        foreach (var word in s_words)
        {
            if (text.IndexOf(word, StringComparison.OrdinalIgnoreCase) >= 0)
                return true;
        }
        return false;
    }
}
