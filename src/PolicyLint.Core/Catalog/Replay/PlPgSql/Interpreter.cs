using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Catalog.Replay.PlPgSql;

/// <summary>How a statement ended.</summary>
internal enum FlowKind
{
    Next,
    Exit,
    Continue,
    Return,
    Raised,
}

/// <summary>How a statement ended, and where it goes on.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Label">Label of EXIT and CONTINUE; the condition of an exception.</param>
internal readonly record struct Flow(FlowKind Kind, string Label = "")
{
    public static Flow Next => new(FlowKind.Next);
}

/// <summary>
/// Runs PL/pgSQL as far as its values are known. Where a condition is not, both branches run as conditional: their statements only mark what
/// they would touch. An exception under an unknown condition is taken not to happen, for then the migration would not have been applied.
/// </summary>
internal sealed partial class Interpreter(ReplayContext context, CodeRunner code)
{
    private const int DepthLimit = 100;

    private int _uncertain;
    private int _handlers;
    private bool _mayHaveLeft;
    private bool _mayHaveReturned;
    private int _iterations;
    private int _depth;

    /// <summary>Statements at this point may not run.</summary>
    public bool IsConditional => _uncertain > 0 || _mayHaveLeft || _mayHaveReturned;

    public Flow Run(PlBlock block, Variables outer)
    {
        var variables = new Variables(outer);
        foreach (var declaration in block.Declarations)
            Declare(declaration, variables);
        var mark = context.State.Log.Mark;
        var changes = context.Changes.Count;
        var issues = context.Issues.Count;
        _handlers += block.HasExceptionSection ? 1 : 0;
        var flow = RunAll(block.Statements, variables);
        _handlers -= block.HasExceptionSection ? 1 : 0;
        if (flow.Kind == FlowKind.Raised && block.HasExceptionSection && HandlerOf(block, flow.Label) is { } handler)
        {
            // The block's effects are undone before the handler runs (manual 41.6.8).
            code.Undo(mark, changes, issues);
            variables.Declare("sqlerrm", Unknown.Value);
            variables.Declare("sqlstate", Unknown.Value);
            flow = RunAll(handler.Statements, variables);
        }
        return flow.Kind == FlowKind.Exit && flow.Label.Length > 0 && flow.Label == block.Label.Text ? Flow.Next : flow;
    }

    private void Declare(PlDeclaration declaration, Variables variables)
    {
        if (!declaration.AliasFor.IsEmpty)
        {
            variables.TryGet(declaration.AliasFor.Name.Text, out var aliased);
            variables.Declare(declaration.Name.Text, aliased);
            return;
        }
        object? value = declaration.Default is { } initial ? Value(initial, variables) : declaration.IsCursor ? Unknown.Value : null;

        // The text of an array is an array where the type says so.
        if (value is string text && declaration.Type is { ArrayDimensions: > 0 } && text.StartsWith("{", StringComparison.Ordinal))
            value = Values.ParseArray(text);
        variables.Declare(declaration.Name.Text, value);
    }

    // Which exception it is, is known only roughly.
    private static PlExceptionHandler? HandlerOf(PlBlock block, string condition)
    {
        foreach (var handler in block.Handlers)
        {
            foreach (var name in handler.Conditions)
            {
                if (name == "others" || name.Text == condition)
                    return handler;
                if (condition == "duplicate" && name.Text.StartsWith("duplicate_", StringComparison.Ordinal))
                    return handler;
                if (condition == "undefined" && (name.Text.StartsWith("undefined_", StringComparison.Ordinal) || name == "invalid_schema_name"))
                    return handler;
            }
            if (handler.SqlStates.Length > 0)
                return handler;
        }
        return null;
    }

    private Flow RunAll(PlStatement[] statements, Variables variables)
    {
        if (_depth >= DepthLimit)
        {
            context.ReportBudget("blocks are nested too deeply to follow", context.Here);
            return Flow.Next;
        }
        _depth++;
        var flow = Flow.Next;
        foreach (var statement in statements)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            flow = Run(statement, variables);
            if (flow.Kind != FlowKind.Next)
                break;
        }
        _depth--;
        return flow;
    }

    private Flow Run(PlStatement statement, Variables variables)
    {
        switch (statement)
        {
            case PlBlock block:
                return Run(block, variables);
            case PlAssignment assignment:
                Assign(assignment.Target, Value(assignment.Value, variables), variables);
                code.RunCallsIn(assignment.Value, variables, IsConditional);
                return Flow.Next;
            case PlIf choice:
                return RunIf(choice, variables);
            case PlCase choice:
                return RunCase(choice, variables);
            case PlLoop loop:
                return Loop(loop, loop.Statements, variables, static () => true);
            case PlWhile loop:
                return RunWhile(loop, variables);
            case PlForInteger loop:
                return RunForInteger(loop, variables);
            case PlForEach loop:
                return RunForEach(loop, variables);
            case PlForQuery loop:
                Apply(loop.Query, variables);
                return RunForRows(loop, loop.Targets, loop.Statements, loop.Query is QueryStatement query ? Rows(query, variables) : null, variables);
            case PlForExecute loop:
                if (Value(loop.Query, variables) is string text)
                    code.RunText(text, context.At(loop), IsConditional);
                return RunForRows(loop, loop.Targets, loop.Statements, RowsOfText(loop.Query, loop.Using, variables), variables);
            case PlForCursor loop:
                RunUnknown(loop.Statements, variables);
                return Flow.Next;
            case PlExit exit:
                return RunExit(exit, variables);
            case PlReturn result:
                return RunReturn(result, variables);
            case PlRaise raise:
                return RunRaise(raise);
            default:
                return RunSql(statement, variables);
        }
    }

    private object? Value(Expression expression, Variables variables) => new Evaluator(context, variables).Evaluate(expression);

    private void Assign(Expression target, object? value, Variables variables)
    {
        // What may or may not have been assigned is not known.
        if (IsConditional)
            value = Unknown.Value;
        if (target is ColumnReference { Name.PartCount: 1 } name)
            variables.Set(name.Name.Name.Text, value);
        else if (target is ColumnReference { Name.PartCount: 2 } field)
            variables.Set(field.Name.Qualifier.Text, Unknown.Value);
        else if (target is Subscript { Operand: ColumnReference array })
            variables.Set(array.Name.Name.Text, Unknown.Value);
    }

    private Flow RunIf(PlIf choice, Variables variables)
    {
        var entered = _uncertain;
        var flow = Flow.Next;
        var isDecided = false;
        foreach (var branch in choice.Branches)
        {
            var condition = Value(branch.Conditions[0], variables);
            if (condition is true)
            {
                flow = RunAll(branch.Statements, variables);
                isDecided = true;
                break;
            }
            if (condition is not Unknown)
                continue;
            RunMaybe(branch.Statements, variables);
            _uncertain++;
        }
        if (!isDecided)
            flow = RunAll(choice.Otherwise, variables);

        // With a condition that is not known the later branches ran as conditional, too; so how they ended is not known.
        if (_uncertain > entered)
        {
            _uncertain = entered;
            return Flow.Next;
        }
        return flow;
    }

    private Flow RunCase(PlCase choice, Variables variables)
    {
        var entered = _uncertain;
        var operand = choice.Operand is { } expression ? Value(expression, variables) : null;
        var flow = Flow.Next;
        var isDecided = false;
        foreach (var branch in choice.Branches)
        {
            object? matches = false;
            foreach (var condition in branch.Conditions)
            {
                var value = Value(condition, variables);
                var one = choice.Operand is null ? value
                    : operand is Unknown || value is Unknown ? Unknown.Value
                    : operand is null || value is null ? null : Values.AreEqual(operand, value, context.Types);
                matches = matches is true || one is true ? true : matches is Unknown || one is Unknown ? Unknown.Value : false;
            }
            if (matches is true)
            {
                flow = RunAll(branch.Statements, variables);
                isDecided = true;
                break;
            }
            if (matches is not Unknown)
                continue;
            RunMaybe(branch.Statements, variables);
            _uncertain++;
        }
        if (!isDecided)
            flow = RunAll(choice.Otherwise, variables);
        if (_uncertain > entered)
        {
            _uncertain = entered;
            return Flow.Next;
        }
        return flow;
    }

    private void RunMaybe(PlStatement[] statements, Variables variables)
    {
        _uncertain++;
        var flow = RunAll(statements, variables);
        _uncertain--;

        // It may have left the block here: what follows may not run.
        if (flow.Kind == FlowKind.Return)
            _mayHaveReturned = true;
        else if (flow.Kind is FlowKind.Exit or FlowKind.Continue)
            _mayHaveLeft = true;
    }

    private void RunUnknown(PlStatement[] statements, Variables variables)
    {
        _uncertain++;
        RunAll(statements, variables);
        _uncertain--;
    }

    private Flow RunWhile(PlWhile loop, Variables variables)
    {
        var isKnown = true;
        var flow = Loop(loop, loop.Statements, variables, () =>
        {
            var condition = Value(loop.Condition, variables);
            isKnown = condition is not Unknown;
            return condition is true;
        });
        if (!isKnown)
            RunUnknown(loop.Statements, variables);
        return flow;
    }

    private Flow RunForInteger(PlForInteger loop, Variables variables)
    {
        if (Values.Number(Value(loop.From, variables)) is not { } from || Values.Number(Value(loop.To, variables)) is not { } to
            || (loop.By is null ? 1 : Values.Number(Value(loop.By, variables))) is not { } step || step <= 0)
        {
            variables.Declare(loop.Variable.Text, Unknown.Value);
            RunUnknown(loop.Statements, variables);
            return Flow.Next;
        }
        var inner = new Variables(variables);
        var current = from;
        return Loop(loop, loop.Statements, inner, () =>
        {
            if (loop.IsReverse ? current < to : current > to)
                return false;
            inner.Declare(loop.Variable.Text, (long)current);
            current += loop.IsReverse ? -step : step;
            return true;
        });
    }

    private Flow RunForEach(PlForEach loop, Variables variables)
    {
        var array = Value(loop.Array, variables);
        if (array is string text && text.StartsWith("{", StringComparison.Ordinal))
            array = Values.ParseArray(text);
        if (array is not PlArray items || loop.Slice > 0)
        {
            Assign(loop.Targets[0], Unknown.Value, variables);
            RunUnknown(loop.Statements, variables);
            return Flow.Next;
        }
        var next = 0;
        return Loop(loop, loop.Statements, variables, () =>
        {
            if (next >= items.Items.Count)
                return false;
            Assign(loop.Targets[0], items.Items[next++], variables);
            return true;
        });
    }

    private Flow RunForRows(PlStatement loop, Expression[] targets, PlStatement[] statements, PlRows? rows, Variables variables)
    {
        var inner = new Variables(variables);
        if (rows is null)
        {
            foreach (var target in targets)
                Bind(target, Unknown.Value, inner);
            RunUnknown(statements, inner);
            return Flow.Next;
        }
        var next = 0;
        var flow = Loop(loop, statements, inner, () =>
        {
            if (next >= rows.Items.Count)
                return false;
            AssignRow(targets, rows.Items[next++], inner);
            return true;
        });
        if (!rows.IsCertain && flow.Kind == FlowKind.Next)
        {
            foreach (var target in targets)
                Bind(target, Unknown.Value, inner);
            RunUnknown(statements, inner);
        }
        return flow;
    }

    private static void Bind(Expression target, object? value, Variables variables)
    {
        if (target is ColumnReference name)
            variables.Declare(name.Name.Name.Text, value);
    }

    /// <summary>A record takes the row, several targets take its columns.</summary>
    private static void AssignRow(Expression[] targets, PlRow row, Variables variables)
    {
        if (targets.Length == 1 && targets[0] is ColumnReference { Name.PartCount: 1 } single)
        {
            // A scalar variable takes the only column: the evaluator looks into a row of one.
            variables.Declare(single.Name.Name.Text, row);
            return;
        }
        for (var i = 0; i < targets.Length; i++)
            Bind(targets[i], row.Names is { } names && i < names.Count ? row.Get(names[i]) : Unknown.Value, variables);
    }

    private Flow Loop(PlStatement loop, PlStatement[] statements, Variables variables, Func<bool> next)
    {
        var mayHaveLeft = _mayHaveLeft;
        var flow = LoopOn(loop, statements, variables, next);
        _mayHaveLeft = mayHaveLeft;
        return flow;
    }

    private Flow LoopOn(PlStatement loop, PlStatement[] statements, Variables variables, Func<bool> next)
    {
        while (next())
        {
            if (++_iterations > context.Limits.LoopIterations)
            {
                context.ReportBudget("a loop runs longer than is followed", context.At(loop));
                return Flow.Next;
            }
            var flow = RunAll(statements, variables);
            var isOwn = flow.Label.Length == 0 || flow.Label == loop.Label.Text;
            if (flow.Kind == FlowKind.Exit && isOwn)
                return Flow.Next;
            if (flow.Kind == FlowKind.Next || (flow.Kind == FlowKind.Continue && isOwn))
            {
                // An endless LOOP whose EXIT is not known to come: once is enough to see what it touches.
                if (_mayHaveLeft && loop is PlLoop)
                    return Flow.Next;
                continue;
            }
            return flow;
        }
        return Flow.Next;
    }

    private Flow RunExit(PlExit exit, Variables variables)
    {
        var condition = exit.Condition is { } expression ? Value(expression, variables) : true;
        if (condition is Unknown)
        {
            _mayHaveLeft = true;
            return Flow.Next;
        }
        return condition is true ? new(exit.IsContinue ? FlowKind.Continue : FlowKind.Exit, exit.Target.Text) : Flow.Next;
    }

    private Flow RunReturn(PlReturn result, Variables variables)
    {
        if (result.Dynamic is { } text)
            RowsOfText(text, result.Using, variables);
        return result.Kind == PlReturnKind.Plain ? new(FlowKind.Return) : Flow.Next;
    }

    private Flow RunRaise(PlRaise raise)
    {
        if (raise.Level is not (PlRaiseLevel.Exception or PlRaiseLevel.Unspecified))
            return Flow.Next;
        if (IsConditional)
            return Flow.Next;
        return new(FlowKind.Raised, raise.Condition.IsEmpty ? "raise_exception" : raise.Condition.Text);
    }
}
