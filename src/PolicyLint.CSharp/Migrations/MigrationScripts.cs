using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PolicyLint.CSharp.Flow;
using PolicyLint.CSharp.Text;
using PolicyLint.Sql;
using PolicyLint.Sql.Tree;
using SqlSource = PolicyLint.Sql.Text.SourceText;

namespace PolicyLint.CSharp.Migrations;

/// <summary>Writes what the body of a migration does as SQL, the source methods that it hands its builder to included.</summary>
internal sealed class MigrationScripts(CodeBase code, CancellationToken cancellation)
{
    private const int MaximumDepth = 6;

    /// <summary>The statements of an EF Core migration, of FluentMigrator's Execute.Sql, or the text that a DbUp script provides.</summary>
    public SqlText Write(IOperation body, bool isProvider)
    {
        var text = SqlText.FromUse("", body.Syntax);
        foreach (var statement in isProvider ? Provided(body) : StatementsOf(body, 0))
            text = SqlText.Concat(text, SqlText.Concat(statement, SqlText.FromUse(";\n", body.Syntax)));
        return text;
    }

    private IEnumerable<SqlText> Provided(IOperation body)
    {
        foreach (var operation in body.Descendants())
        {
            if (operation is IReturnOperation { ReturnedValue: { } value })
                yield return Known(value) ?? Unknown(value);
        }
    }

    private IEnumerable<SqlText> StatementsOf(IOperation body, int depth)
    {
        foreach (var call in body.Descendants().OfType<IInvocationOperation>().OrderBy(call => call.Syntax.SpanStart))
        {
            cancellation.ThrowIfCancellationRequested();
            if (IsBuilder(call.Instance?.Type))
            {
                foreach (var statement in call.TargetMethod.Name == "Sql" ? [Known(call.Arguments[0].Value) ?? Unknown(call.Arguments[0].Value)] : TypedOperations.Write(call))
                    yield return statement;
            }
            else if (IsExecution(call.Instance?.Type) && call.Arguments is [var sql, ..])
            {
                // Execute.Script and Execute.EmbeddedScript name files, which are read as such.
                if (call.TargetMethod.Name == "Sql")
                    yield return Known(sql.Value) ?? Unknown(sql.Value);
            }
            else if (call.Arguments.Any(argument => IsBuilder(argument.Value.Type)))
            {
                if (depth < MaximumDepth && code.BodyOf(call.TargetMethod.ReducedFrom ?? call.TargetMethod, cancellation) is { } inner)
                {
                    foreach (var statement in StatementsOf(inner, depth + 1))
                        yield return statement;
                }
                else
                    yield return Unknown(call);
            }
        }
    }

    private SqlText? Known(IOperation sql) =>
        new Evaluation(code, null, cancellation).ValuesAt(sql) is [FlowValue.Text { Sql: var text }] && (text.Holes.Count == 0 || WritesRowsOnly(text))
            ? text.Holes.Count == 0 ? text : SqlText.FromUse("", sql.Syntax)
            : null;

    // Whatever values the holes have, rows are not the catalog.
    private static bool WritesRowsOnly(SqlText text)
    {
        var tree = SqlParser.Parse(new SqlSource(text.Text, ""), SqlParseOptions.DotNet);
        return tree.Errors.Count == 0 && text.Holes.All(hole => hole.IsPlainValue)
            && tree.Statements.All(statement => statement is InsertStatement or UpdateStatement or DeleteStatement or MergeStatement);
    }

    // What is not constant is not known, and the replay has to hear of it: it may change any table that its known parts name, or all.
    private SqlText Unknown(IOperation sql)
    {
        var parts = new List<string> { "current_query()" };
        foreach (var value in sql is IInvocationOperation { Type.SpecialType: SpecialType.System_Void } ? [] : new Evaluation(code, null, cancellation).ValuesAt(sql))
        {
            if (value is FlowValue.Text { Sql: var text })
                parts.Add("'" + text.KnownParts().Replace("'", "''") + "'");
        }
        return SqlText.FromUse("do $policylint$ begin execute " + string.Join(" || ", parts) + "; end $policylint$", sql.Syntax);
    }

    private static bool IsBuilder(ITypeSymbol? type) => type is { Name: "MigrationBuilder" };

    private static bool IsExecution(ITypeSymbol? type) => type is { Name: "IExecuteExpressionRoot" };
}
