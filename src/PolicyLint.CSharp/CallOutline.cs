using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace PolicyLint.CSharp;

/// <summary>The calls and constructions of a file.</summary>
/// <param name="Calls">By the name that is called, in order.</param>
internal sealed record CallOutline(IReadOnlyDictionary<string, List<TextSpan>> Calls)
{
    public static CallOutline Read(SyntaxNode root)
    {
        var calls = new Dictionary<string, List<TextSpan>>(StringComparer.Ordinal);
        foreach (var node in root.DescendantNodes())
        {
            var name = node switch
            {
                InvocationExpressionSyntax call => NameOf(call.Expression),
                ObjectCreationExpressionSyntax creation => NameOf(creation.Type),
                _ => null,
            };
            if (name is null)
                continue;
            if (!calls.TryGetValue(name, out var spans))
                calls.Add(name, spans = []);
            spans.Add(node.Span);
        }
        return new(calls);
    }

    private static string? NameOf(ExpressionSyntax expression) => expression switch
    {
        SimpleNameSyntax name => name.Identifier.ValueText,
        MemberAccessExpressionSyntax access => access.Name.Identifier.ValueText,
        MemberBindingExpressionSyntax binding => binding.Name.Identifier.ValueText,
        QualifiedNameSyntax qualified => qualified.Right.Identifier.ValueText,
        _ => null,
    };
}
