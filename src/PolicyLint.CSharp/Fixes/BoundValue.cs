using System.Collections.Immutable;
using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using PolicyLint.Core.Access;
using PolicyLint.CSharp.Binding;
using PolicyLint.CSharp.Rules;
using PolicyLint.CSharp.Sinks;

namespace PolicyLint.CSharp.Fixes;

/// <summary>A value that a call sends beside its SQL: how the SQL names it, and the edits that bind it.</summary>
/// <param name="Sql">Its name where the SQL is read: `@userId`, `$2`.</param>
/// <param name="Written">The same as the literal holds it: `{userId}` for EF Core.</param>
/// <param name="Edits">What binds it; empty where the text itself does.</param>
internal sealed record BoundValue(string Sql, string Written, ImmutableArray<CodeEdit> Edits)
{
    /// <summary>Binds the user of a tenancy key, under the name of its column; null where no user is in scope.</summary>
    public static BoundValue? OfUser(TextRuleContext context, TenantKey key) =>
        UserExpressions.Find(context.Project, context.Call.Operation, key, context.Cancellation) is { } user ? Add(context.Call, context.Bindings, UserExpressions.CamelCase(key.Column.Name), user) : null;

    /// <summary>Binds an expression as a further parameter of a call, unless one of that name is bound to it; null where the way is not certain.</summary>
    public static BoundValue? Add(SqlCall call, ParameterBindings bindings, string name, string expression)
    {
        var sql = call.Sql.WithoutConversions();
        if (call.Sink.Type.StartsWith("Microsoft.EntityFrameworkCore.", StringComparison.Ordinal))
        {
            if (sql is IInterpolatedStringOperation { Syntax: InterpolatedStringExpressionSyntax interpolated } && !call.HasNumberedParameters)
                return new("@" + name, LiteralEdit.Hole(interpolated, expression), ImmutableArray<CodeEdit>.Empty);
            return call.HasNumberedParameters ? Numbered(call, expression) : null;
        }
        if (bindings.Find(name) is { } known)
            return known.Syntax.ToString() == expression ? new("@" + name, "@" + name, ImmutableArray<CodeEdit>.Empty) : null;
        if (call.IsDapper)
            return Dapper(call, name, expression) is { } edit ? new("@" + name, "@" + name, ImmutableArray.Create(edit)) : null;
        return call.Operation is IInvocationOperation or IObjectCreationOperation or ISimpleAssignmentOperation ? Command(call, bindings, name, expression) : null;
    }

    // EF Core's raw SQL: the values stand behind the text, `{0}` is the first.
    private static BoundValue? Numbered(SqlCall call, string expression)
    {
        // There braces would have to be doubled.
        if (call.Sql.WithoutConversions() is IInterpolatedStringOperation)
            return null;
        var values = call.Arguments.FirstOrDefault(argument => argument.Parameter is { Name: "parameters", IsParams: true });
        if (values is not { ArgumentKind: ArgumentKind.ParamArray, Value: IArrayCreationOperation { Initializer: { } items } } || call.Sql.Parent?.Syntax is not ArgumentSyntax { NameColon: null, Parent: ArgumentListSyntax arguments })
            return null;
        if (items.ElementValues.Any(item => item.WithoutConversions() is IObjectCreationOperation { Type.Name: "NpgsqlParameter" }))
            return null;
        var number = items.ElementValues.Length.ToString(CultureInfo.InvariantCulture);
        var edit = CodeEdit.Insert(arguments.SyntaxTree, arguments.Arguments.Last().Span.End, ", " + expression);
        return new("@p" + number, "{" + number + "}", ImmutableArray.Create(edit));
    }

    private static CodeEdit? Dapper(SqlCall call, string name, string expression)
    {
        if (call.Arguments.FirstOrDefault(argument => argument.Parameter?.Name is "param" or "parameters") is not { } given)
            return null;
        if (given.ArgumentKind == ArgumentKind.DefaultValue)
        {
            return call.Sql.Parent?.Syntax is ArgumentSyntax sql
                ? CodeEdit.Insert(sql.SyntaxTree, sql.Span.End, $", {(sql.NameColon is null ? "" : given.Parameter!.Name + ": ")}new {{ {Member(name, expression)} }}")
                : null;
        }
        var value = given.Value.WithoutConversions();
        if (value is ILiteralOperation { ConstantValue: { HasValue: true, Value: null } })
            return new(value.Syntax.SyntaxTree, value.Syntax.Span, $"new {{ {Member(name, expression)} }}");
        return Object(value, name, expression);
    }

    private static CodeEdit? Object(IOperation value, string name, string expression)
    {
        switch (value)
        {
            case IAnonymousObjectCreationOperation { Syntax: AnonymousObjectCreationExpressionSyntax anonymous }:
                return anonymous.Initializers.Count == 0
                    ? CodeEdit.Insert(anonymous.SyntaxTree, anonymous.OpenBraceToken.Span.End, " " + Member(name, expression))
                    : CodeEdit.Insert(anonymous.SyntaxTree, anonymous.Initializers.Last().Span.End, ", " + Member(name, expression)) with { JoinsOthers = true };
            case IObjectCreationOperation { Type.Name: "DynamicParameters", Arguments: [{ Value: var template }] }:
                return Object(template.WithoutConversions(), name, expression);
            case ILocalReferenceOperation local when ParameterBindings.SingleValueOf(local) is IObjectCreationOperation { Type.Name: "DynamicParameters" } creation:
                return StatementOf(creation.Syntax) is { } statement ? After(statement, $"{local.Local.Name}.Add(\"{name}\", {expression});") : null;
            default:
                return null;
        }
    }

    private static BoundValue? Command(SqlCall call, ParameterBindings bindings, string name, string expression)
    {
        if (ParameterBindings.CommandOf(call.Operation) is not ILocalSymbol { Type.Name: "NpgsqlCommand" or "NpgsqlBatchCommand" } command)
            return null;
        var root = ParameterBindings.RootOf(call.Operation);
        if (root.Descendants().Count(operation => IsText(operation, command)) > (call.Operation is ISimpleAssignmentOperation ? 1 : 0))
            return null;
        var isPositional = bindings.PositionalCount > 0;
        if (isPositional && bindings.HasNames)
            return null;
        var sql = isPositional ? "$" + (bindings.PositionalCount + 1).ToString(CultureInfo.InvariantCulture) : "@" + name;
        var edit = call.Operation.Syntax is BaseObjectCreationExpressionSyntax { Initializer: { } initializer } ? InInitializer(initializer, isPositional, name, expression) : null;
        if (edit is null)
        {
            var statement = StatementOf(call.Operation.Syntax);
            foreach (var operation in root.Descendants())
            {
                if (operation is IPropertyReferenceOperation { Property.Name: "Parameters", Instance: ILocalReferenceOperation local } && SymbolEqualityComparer.Default.Equals(local.Local, command)
                    && operation.Syntax.FirstAncestorOrSelf<StatementSyntax>() is { } use && statement is not null)
                {
                    if (operation.Parent is IInvocationOperation { TargetMethod.Name: "Clear" })
                        return null;
                    if (use.Parent == statement.Parent && use.SpanStart > statement.SpanStart)
                        statement = use;
                }
            }
            edit = statement is null ? null : After(statement, $"{command.Name}.Parameters.AddWithValue({(isPositional ? "" : $"\"{name}\", ")}{expression});");
        }
        return edit is null ? null : new(sql, sql, ImmutableArray.Create(edit));
    }

    // new NpgsqlCommand(…) { Parameters = { … } }
    private static CodeEdit? InInitializer(InitializerExpressionSyntax initializer, bool isPositional, string name, string expression)
    {
        foreach (var member in initializer.Expressions)
        {
            if (member is AssignmentExpressionSyntax { Left: IdentifierNameSyntax { Identifier.ValueText: "Parameters" }, Right: InitializerExpressionSyntax { Expressions: { Count: > 0 } items } })
                return CodeEdit.Insert(initializer.SyntaxTree, items.Last().Span.End, isPositional ? $", new() {{ Value = {expression} }}" : $", new(\"{name}\", {expression})") with { JoinsOthers = true };
        }
        return null;
    }

    private static bool IsText(IOperation operation, ILocalSymbol command) =>
        operation is ISimpleAssignmentOperation { Target: IPropertyReferenceOperation { Property.Name: "CommandText", Instance: ILocalReferenceOperation local } } && SymbolEqualityComparer.Default.Equals(local.Local, command);

    private static string Member(string name, string expression) => expression == name ? name : $"{name} = {expression}";

    private static StatementSyntax? StatementOf(SyntaxNode node)
    {
        var statement = node.FirstAncestorOrSelf<StatementSyntax>();
        return statement is LocalDeclarationStatementSyntax or ExpressionStatementSyntax && statement.Parent is BlockSyntax or GlobalStatementSyntax || statement is UsingStatementSyntax { Statement: BlockSyntax { Statements.Count: > 0 } } ? statement : null;
    }

    private static CodeEdit After(StatementSyntax statement, string text)
    {
        var neighbour = statement is UsingStatementSyntax { Statement: BlockSyntax block } ? block.Statements[0] : statement;
        var lineBreak = SourceLines.BreakAt(statement.SyntaxTree.GetText(), neighbour.SpanStart);
        return ReferenceEquals(neighbour, statement)
            ? CodeEdit.Insert(statement.SyntaxTree, statement.Span.End, lineBreak + text) with { JoinsOthers = true }
            : CodeEdit.Insert(statement.SyntaxTree, neighbour.SpanStart, text + lineBreak) with { JoinsOthers = true };
    }
}
