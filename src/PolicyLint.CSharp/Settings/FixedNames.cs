using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PolicyLint.CSharp.Settings;

/// <summary>The names of a file that stand for one value all the time, by its syntax: those that it declares once and never assigns.</summary>
internal sealed class FixedNames(SyntaxNode root)
{
    private Dictionary<string, VariableDeclaratorSyntax?>? _declared;
    private readonly HashSet<string> _assigned = new(StringComparer.Ordinal);
    private readonly List<(string Name, ExpressionSyntax Value)> _additions = [];

    /// <summary>What a name stands for where it is used; null where that changes or is not said in the file.</summary>
    public ExpressionSyntax? ValueOf(IdentifierNameSyntax use) =>
        DeclaratorOf(use.Identifier.ValueText) is { Initializer.Value: var value } declarator && !_assigned.Contains(use.Identifier.ValueText) && ScopeOf(declarator) is { } scope && scope.Span.Contains(use.Span) ? value : null;

    /// <summary>The one declaration of a name in the file; null where there are others, or none of a variable or field.</summary>
    public VariableDeclaratorSyntax? DeclaratorOf(string name)
    {
        _declared ??= Read();
        return _declared.TryGetValue(name, out var declarator) ? declarator : null;
    }

    /// <summary>What `+=` adds to a variable; empty where the name has other declarations.</summary>
    public List<ExpressionSyntax> AdditionsTo(VariableDeclaratorSyntax declarator) =>
        ReferenceEquals(DeclaratorOf(declarator.Identifier.ValueText), declarator) ? [.. _additions.Where(addition => addition.Name == declarator.Identifier.ValueText).Select(addition => addition.Value)] : [];

    /// <summary>Where a local variable, or a field that keeps its value, is seen; null for others.</summary>
    public static SyntaxNode? ScopeOf(VariableDeclaratorSyntax declarator) => declarator.Parent?.Parent switch
    {
        LocalDeclarationStatementSyntax { Parent: GlobalStatementSyntax { Parent: var unit } } => unit,
        LocalDeclarationStatementSyntax { Parent: var block } => block,
        FieldDeclarationSyntax field when field.Modifiers.Any(SyntaxKind.ConstKeyword) || field.Modifiers.Any(SyntaxKind.ReadOnlyKeyword) => field.Parent,
        _ => null,
    };

    private Dictionary<string, VariableDeclaratorSyntax?> Read()
    {
        var declared = new Dictionary<string, VariableDeclaratorSyntax?>(StringComparer.Ordinal);
        foreach (var node in root.DescendantNodes())
        {
            switch (node)
            {
                case VariableDeclaratorSyntax { Identifier.ValueText: var name } declarator:
                    declared[name] = declared.ContainsKey(name) ? null : declarator;
                    break;
                case ParameterSyntax { Identifier.ValueText: var name }:
                    declared[name] = null;
                    break;
                case SingleVariableDesignationSyntax { Identifier.ValueText: var name }:
                    declared[name] = null;
                    break;
                case ForEachStatementSyntax { Identifier.ValueText: var name }:
                    declared[name] = null;
                    break;
                case PropertyDeclarationSyntax { Identifier.ValueText: var name }:
                    declared[name] = null;
                    break;
                case AssignmentExpressionSyntax { Left: var target } assignment:
                    Assign(target);
                    if (assignment is { RawKind: (int)SyntaxKind.AddAssignmentExpression, Left: IdentifierNameSyntax sum })
                        _additions.Add((sum.Identifier.ValueText, assignment.Right));
                    break;
                case ArgumentSyntax { RefKindKeyword.RawKind: not 0, Expression: var target }:
                    Assign(target);
                    break;
                case ArgumentSyntax { Parent: TupleExpressionSyntax, Expression: var target }:
                    Assign(target);
                    break;
                case PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.PostIncrementExpression or (int)SyntaxKind.PostDecrementExpression, Operand: var target }:
                    Assign(target);
                    break;
                case PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.PreIncrementExpression or (int)SyntaxKind.PreDecrementExpression, Operand: var target }:
                    Assign(target);
                    break;
            }
        }
        return declared;
    }

    private void Assign(ExpressionSyntax target)
    {
        if (target is IdentifierNameSyntax name)
            _assigned.Add(name.Identifier.ValueText);
        else if (target is MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax, Name.Identifier.ValueText: var member })
            _assigned.Add(member);
    }
}
