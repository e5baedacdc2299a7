using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PolicyLint.Testing;

namespace PolicyLint.CSharp.Tests;

public class CallOutlineTests
{
    [Theory]
    [InlineData("F(1)")]
    [InlineData("a.F(1)")]
    [InlineData("a?.F(1)")]
    [InlineData("a.F<int>(1)")]
    [InlineData("a.B.F (1)")]
    [InlineData("a.F\n    (1)")]
    [InlineData("a.F /* why */ (1)")]
    [InlineData("a.@F(1)")]
    [InlineData("a.\\u0046(1)")]
    [InlineData("new F(1)")]
    [InlineData("new F { A = 1 }")]
    [InlineData("new A.F<int>\n{ }")]
    [InlineData("$\"{F(1)}\"")]
    [InlineData("F(F(1))", 2)]
    [InlineData("a.F(1).F(2)", 2)]
    [InlineData("\"F(1)\"", 0)]
    [InlineData("1 /* F(1) */", 0)]
    [InlineData("a.F", 0)]
    [InlineData("a.FF(1)", 0)]
    [InlineData("F < (1)", 0)]
    [InlineData("nameof(F)", 0)]
    public void A_call_is_found(string expression, int calls = 1)
    {
        var root = CSharpSyntaxTree.ParseText($"class C {{ object M() => {expression}; }}").GetRoot();

        Assert.Equal(calls, Calls(root, "F").Distinct().Count());
    }

    [Fact]
    public void What_the_syntax_calls_is_found_in_the_text()
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(RepositoryRoot.Path, "src", "PolicyLint.CSharp"), "*.cs", SearchOption.AllDirectories))
        {
            var root = CSharpSyntaxTree.ParseText(File.ReadAllText(file)).GetRoot();
            var byName = root.DescendantNodes().OfType<InvocationExpressionSyntax>().ToLookup(call => (call.Expression as MemberAccessExpressionSyntax)?.Name.Identifier.ValueText ?? (call.Expression as SimpleNameSyntax)?.Identifier.ValueText);
            foreach (var calls in byName)
            {
                if (calls.Key is { } name)
                    Assert.Subset(Calls(root, name).ToHashSet(), calls.ToHashSet<SyntaxNode>());
            }
        }
    }

    private static IEnumerable<SyntaxNode> Calls(SyntaxNode root, string name) => CallOutline.Read(root).Places
        .Where(place => place.Name == CallOutline.HashOf(name))
        .Select(place => CallOutline.CallAt(root, place.Start, name))
        .OfType<SyntaxNode>();
}
