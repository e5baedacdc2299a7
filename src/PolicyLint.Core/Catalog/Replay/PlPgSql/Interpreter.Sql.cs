using PolicyLint.Sql;
using PolicyLint.Sql.Text;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Catalog.Replay.PlPgSql;

/// <content>SQL inside PL/pgSQL: static, dynamic, and queries into variables.</content>
internal sealed partial class Interpreter
{
    private Flow RunSql(PlStatement statement, Variables variables)
    {
        switch (statement)
        {
            case PlSql sql:
                return RunStatic(sql, variables);
            case PlExecute execute:
                return RunDynamic(execute, variables);
            case PlPerform perform:
                SetFound(Rows(perform.Query, variables), variables);
                return Apply(perform.Query, variables);
            case PlCall call:
                return Apply(call.Statement, variables);
            case PlGetDiagnostics diagnostics:
                foreach (var item in diagnostics.Items)
                    Assign(item.Target, Unknown.Value, variables);
                return Flow.Next;
            case PlFetch fetch:
                foreach (var target in fetch.Into)
                    Assign(target, Unknown.Value, variables);
                return Flow.Next;
            case PlCommit or PlOpen or PlClose or PlAssert or PlNull:
                return Flow.Next;
            default:
                return Flow.Next;
        }
    }

    private Flow RunStatic(PlSql sql, Variables variables)
    {
        if (sql.Into.Length == 0)
            return Apply(sql.Statement, variables);
        var rows = sql.Statement is QueryStatement query ? Rows(query, variables) : null;
        AssignInto(sql.Into, rows, variables);
        return Apply(sql.Statement, variables);
    }

    private void AssignInto(Expression[] targets, PlRows? rows, Variables variables)
    {
        SetFound(rows, variables);
        if (rows is not { IsCertain: true } || IsConditional)
        {
            foreach (var target in targets)
                Assign(target, Unknown.Value, variables);
            return;
        }
        if (rows.Items.Count == 0)
        {
            foreach (var target in targets)
                Assign(target, null, variables);
            return;
        }
        var row = rows.Items[0];
        for (var i = 0; i < targets.Length; i++)
        {
            var value = targets.Length == 1 && row.Names is not { Count: 1 } ? row
                : row.Names is { } names && i < names.Count ? row.Get(names[i]) : Unknown.Value;
            Assign(targets[i], value, variables);
        }
    }

    private void SetFound(PlRows? rows, Variables variables)
    {
        object found = rows is null || IsConditional ? Unknown.Value : rows.Items.Count > 0 ? true : rows.IsCertain ? false : Unknown.Value;
        variables.Set("found", found);
    }

    private Flow RunDynamic(PlExecute execute, Variables variables)
    {
        var value = Value(execute.Query, variables);
        if (value is not string text)
        {
            code.DynamicUnknown((value as Unknown)?.Known, context.At(execute));
            foreach (var target in execute.Into)
                Assign(target, Unknown.Value, variables);
            return Flow.Next;
        }
        if (execute.Into.Length > 0)
            AssignInto(execute.Into, RowsOfText(text, execute.Using, variables), variables);
        var before = context.Issues.Count;
        code.RunText(text, context.At(execute), IsConditional);
        return Outcome(before);
    }

    private Flow Apply(Statement statement, Variables variables)
    {
        var before = context.Issues.Count;
        code.RunStatement(statement, variables, IsConditional);
        return Outcome(before);
    }

    // What PostgreSQL would refuse raises an exception; without a handler around it the rest is followed all the same.
    private Flow Outcome(int issuesBefore)
    {
        if (_handlers == 0 || IsConditional)
            return Flow.Next;
        for (var i = issuesBefore; i < context.Issues.Count; i++)
        {
            var issue = context.Issues[i];
            if (!issue.IsError)
                continue;
            var condition = issue.Message.Contains("already exists") ? "duplicate" : issue.Message.Contains("does not exist") ? "undefined" : "others";
            return new(FlowKind.Raised, condition);
        }
        return Flow.Next;
    }

    private PlRows? Rows(QueryStatement query, Variables variables) => new Evaluator(context, variables).Run(query);

    private PlRows? RowsOfText(Expression query, Expression[] parameters, Variables variables) =>
        Value(query, variables) is string text ? RowsOfText(text, parameters, variables) : null;

    private PlRows? RowsOfText(string text, Expression[] parameters, Variables variables)
    {
        var tree = SqlParser.Parse(new SourceText(text, context.Source.Path), SqlParseOptions.Bounded);
        if (tree.Statements.Count != 1 || tree.Statements[0] is not QueryStatement query)
            return null;
        var values = Array.ConvertAll(parameters, parameter => Value(parameter, variables));

        // A dynamic query sees its parameters and not the block's variables.
        return new Evaluator(context, new Variables { Positional = values }).Run(query);
    }
}
