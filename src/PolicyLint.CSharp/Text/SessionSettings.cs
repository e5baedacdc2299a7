using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PolicyLint.Sql.Tree;
using TextSpan = PolicyLint.Sql.Text.TextSpan;

namespace PolicyLint.CSharp.Text;

/// <summary>A setting that a statement makes.</summary>
/// <param name="Name">`app.user_id`, `role`.</param>
/// <param name="IsLocal">It ends with the transaction.</param>
/// <param name="Span">Where it is made.</param>
internal sealed record SessionSetting(string Name, bool IsLocal, TextSpan Span)
{
    /// <summary>What would make it local: the third argument of set_config, or the word SET that LOCAL comes behind; null where that is not plain.</summary>
    public TextSpan? Scope { get; init; }

    /// <summary>Made by set_config.</summary>
    public bool IsCall { get; init; }

    /// <summary>A custom setting, or who the session is.</summary>
    public bool HoldsIdentity => Name.IndexOf('.') > 0 || Name is "role" or "session_authorization";
}

/// <summary>Finds SET and set_config.</summary>
internal static class SessionSettings
{
    /// <summary>The settings of a statement, in source order.</summary>
    public static IReadOnlyList<SessionSetting> In(Statement statement)
    {
        if (statement is SetStatement { Kind: SetKind.Value } set)
            return [new(set.Setting.ToString(), set.Scope == SetScope.Local, set.Span) { Scope = set.Scope == SetScope.Default ? new TextSpan(set.Start, "SET".Length) : null }];
        var search = new Search();
        search.Visit(statement);
        return search.Found;
    }

    /// <summary>A setting that some text of the code holds for the whole session, outside of interceptors or in them, too; null where none does.</summary>
    public static string? HeldForSession(CodeBase code, bool inInterceptors, CancellationToken cancellation)
    {
        foreach (var (_, outline) in code.OutlinesOf(HeldSettings.Read, cancellation))
        {
            foreach (var (name, _, isInInterceptor) in outline.Held)
            {
                if (inInterceptors || !isInInterceptor)
                    return name;
            }
        }
        return null;
    }

    /// <summary>The code stands in a type that EF Core calls whenever a connection is opened.</summary>
    public static bool IsInInterceptor(IOperation operation, CodeBase code, CancellationToken cancellation)
    {
        var type = code.ModelOf(operation.Syntax.SyntaxTree).GetEnclosingSymbol(operation.Syntax.SpanStart, cancellation)?.ContainingType;
        for (; type is not null; type = type.BaseType)
        {
            if (type.Name is "DbConnectionInterceptor" or "DbCommandInterceptor" || type.Interfaces.Any(implemented => implemented.Name is "IDbConnectionInterceptor" or "IDbCommandInterceptor"))
                return true;
        }
        return false;
    }

    /// <summary>The same by what the declaration of the type says.</summary>
    public static bool IsInInterceptor(SyntaxNode node) => node.FirstAncestorOrSelf<TypeDeclarationSyntax>()?.BaseList is { } bases
        && bases.Types.Any(type => type.Type.ToString().EndsWith("ConnectionInterceptor", StringComparison.Ordinal) || type.Type.ToString().EndsWith("CommandInterceptor", StringComparison.Ordinal));

    private sealed class Search : SqlVisitor
    {
        public List<SessionSetting> Found { get; } = [];

        public override void VisitFunctionCall(FunctionCall node)
        {
            if (node is { Name: { Name.Text: "set_config", Schema: null or "pg_catalog" }, Arguments: [Literal { Kind: LiteralKind.String } name, _, Literal { Kind: LiteralKind.True or LiteralKind.False } isLocal] })
                Found.Add(new(name.GetText(), isLocal.Kind == LiteralKind.True, node.Name.Span) { Scope = isLocal.Span, IsCall = true });
            base.VisitFunctionCall(node);
        }
    }
}
