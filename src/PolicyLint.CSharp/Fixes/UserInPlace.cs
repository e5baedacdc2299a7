using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using PolicyLint.CSharp.Binding;
using PolicyLint.CSharp.Rules;
using PolicyLint.CSharp.Text;
using PolicyLint.Sql.Tree;

namespace PolicyLint.CSharp.Fixes;

/// <summary>Binds a parameter to the authenticated user that was bound to what the request gives.</summary>
internal static class UserInPlace
{
    /// <summary>The fix; null where the parameter says more than whose the row is, other callers give the value, too, or no user is in scope.</summary>
    /// <param name="context">The statement.</param>
    /// <param name="comparison">Where it uses the parameter.</param>
    /// <param name="value">What the parameter is bound to.</param>
    /// <param name="source">Where the request comes in.</param>
    public static SiteFix? Of(SiteRuleContext context, KeyComparison comparison, IOperation value, IOperation source)
    {
        if (!ReferenceEquals(ParameterBindings.RootOf(source), ParameterBindings.RootOf(value)) || !IsOfKeysAlone(context, comparison.Parameter))
            return null;
        return UserExpressions.Find(context.Project, value, comparison.Occurrence.Key, context.Cancellation) is { } user && Edit(value, user) is { } edit
            ? new($"Bind {comparison.Parameter.Name.Text} to {user}", ImmutableArray.Create(edit))
            : null;
    }

    private static CodeEdit? Edit(IOperation value, string user)
    {
        var syntax = value.Syntax;
        if (syntax.Parent is AnonymousObjectMemberDeclaratorSyntax { NameEquals: null })
            return syntax.TryGetInferredMemberName() is { } name ? new(syntax.SyntaxTree, syntax.Span, $"{name} = {user}") : null;
        var takesAnything = syntax.Parent is AnonymousObjectMemberDeclaratorSyntax or InterpolationSyntax || value.Parent is IConversionOperation { Type.SpecialType: SpecialType.System_Object };
        return takesAnything ? new(syntax.SyntaxTree, syntax.Span, user) : null;
    }

    // Each use of the parameter in the text is one with a tenancy column.
    private static bool IsOfKeysAlone(SiteRuleContext context, ParameterReference parameter)
    {
        var compared = KeyComparison.In(context.Statement, context.Occurrences);
        return ParameterSearch.In(context.Statements).All(use => !ParameterSearch.AreSame(use, parameter) || compared.Any(comparison => comparison.Parameter == use));
    }
}
