using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace PolicyLint.CSharp.Flow;

/// <summary>
/// Walks the statements of a body along every path, loops for no turn and for one, and keeps what is known on each.
/// With more paths than <see cref="MostPaths"/> the first ones are followed.
/// </summary>
internal sealed class PathWalk<TPath>(IPathEffects<TPath> effects, IOperation? target) where TPath : FlowPath
{
    private const int MostPaths = 24;

    private readonly Stack<List<TPath>> _breaks = new();

    /// <summary>The paths that reach the target.</summary>
    public List<TPath> AtTarget { get; } = [];

    /// <summary>What is returned, and the path behind it; nothing where a path returns without a value.</summary>
    public List<(IOperation? Value, TPath Path)> Returned { get; } = [];

    /// <summary>Walks a body from the given state to its end.</summary>
    public IReadOnlyList<TPath> Run(IOperation body, TPath start) => body switch
    {
        IMethodBodyOperation method => Walk((IOperation?)method.BlockBody ?? method.ExpressionBody, [start]),
        IConstructorBodyOperation constructor => Walk((IOperation?)constructor.BlockBody ?? constructor.ExpressionBody, Walk(constructor.Initializer, [start])),
        ILocalFunctionOperation local => Walk(local.Body, [start]),
        _ => Walk(body, [start]),
    };

    private List<TPath> Walk(IOperation? operation, List<TPath> states)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        effects.Step();
        if (operation is null || states.Count == 0)
            return states;
        switch (operation)
        {
            case IBlockOperation block:
                foreach (var statement in block.Operations)
                    states = Walk(statement, states);
                return states;
            case IConditionalOperation { Type: null } conditional:
                return Conditional(conditional, states);
            case ISwitchOperation selection:
                return Switch(selection, states);
            case ILoopOperation loop:
                return Loop(loop, states);
            case ITryOperation attempt:
                return Try(attempt, states);
            case IUsingOperation use:
                return [.. Walk(use.Body, Walk(use.Resources, states)).Select(state => effects.Leave(use.Resources, state))];
            case IUsingDeclarationOperation use:
                return Walk(use.DeclarationGroup, states);
            case ILockOperation block:
                return Walk(block.Body, Effects(block.LockedValue, states));
            case ILabeledOperation labeled:
                return Walk(labeled.Operation, states);
            case IReturnOperation { Kind: OperationKind.Return } result:
                states = Effects(result.ReturnedValue, states);
                foreach (var state in states)
                    Returned.Add((result.ReturnedValue, state));
                return [];
            case IThrowOperation thrown:
                Effects(thrown.Exception, states);
                return [];
            case IBranchOperation { BranchKind: BranchKind.Break or BranchKind.Continue }:
                if (_breaks.Count > 0)
                    _breaks.Peek().AddRange(states);
                return [];
            case IBranchOperation:
                return [];
            case ILocalFunctionOperation local:
                if (target is not null && Holds(local, target))
                    Walk(local.Body, Enter(local, states));
                return states;
            default:
                return Effects(operation, states);
        }
    }

    private List<TPath> Conditional(IConditionalOperation conditional, List<TPath> states)
    {
        states = Effects(conditional.Condition, states);
        List<TPath> whenTrue = [], whenFalse = [];
        var branch = new Branch(conditional.Condition);
        foreach (var state in states)
        {
            if (branch.Take(state, true) is { } taken)
                whenTrue.Add(taken);
            if (branch.Take(state, false) is { } left)
                whenFalse.Add(left);
        }
        return Merge(Walk(conditional.WhenTrue, whenTrue), Walk(conditional.WhenFalse, whenFalse));
    }

    private List<TPath> Switch(ISwitchOperation selection, List<TPath> states)
    {
        states = Effects(selection.Value, states);
        _breaks.Push([]);
        var result = new List<TPath>();
        var hasDefault = false;
        foreach (var section in selection.Cases)
        {
            foreach (var clause in section.Clauses)
                hasDefault |= clause.CaseKind == CaseKind.Default;
            var inside = states;
            foreach (var statement in section.Body)
                inside = Walk(statement, inside);
            result = Merge(result, inside);
        }
        result = Merge(result, _breaks.Pop());
        return hasDefault ? result : Merge(result, states);
    }

    private List<TPath> Loop(ILoopOperation loop, List<TPath> states)
    {
        switch (loop)
        {
            case IForLoopOperation counted:
                foreach (var before in counted.Before)
                    states = Walk(before, states);
                break;
            case IForEachLoopOperation each:
                states = Effects(each.Collection, states);
                break;
            case IWhileLoopOperation { Condition: { } condition, ConditionIsTop: true }:
                states = Effects(condition, states);
                break;
        }
        _breaks.Push([]);
        var once = Walk(loop.Body, states);
        once = Merge(once, _breaks.Pop());
        return loop is IWhileLoopOperation { ConditionIsTop: false } ? once : Merge([.. effects.Skip(states, once)], once);
    }

    private List<TPath> Try(ITryOperation attempt, List<TPath> states)
    {
        var result = Walk(attempt.Body, states);
        foreach (var clause in attempt.Catches)
            result = Merge(result, Walk(clause.Handler, states));
        return Walk(attempt.Finally, result);
    }

    // What an expression or simple statement does to variables. The target inside of it is reached with the state before it.
    private List<TPath> Effects(IOperation? operation, List<TPath> states)
    {
        if (operation is null)
            return states;
        if (target is not null && Holds(operation, target))
        {
            if (FunctionAround(target, operation) is not { } function)
            {
                AtTarget.AddRange(states);
            }
            else
            {
                var body = function is IAnonymousFunctionOperation lambda ? lambda.Body : ((ILocalFunctionOperation)function).Body;
                _breaks.Push([]);
                Walk(body, Enter(function, states));
                _breaks.Pop();
            }
        }
        var result = new List<TPath>(states.Count);
        foreach (var state in states)
            result.AddRange(effects.Apply(operation, state));
        return Limit(result);
    }

    private List<TPath> Enter(IOperation function, List<TPath> states) => [.. states.Select(state => effects.Enter(function, state))];

    private static IOperation? FunctionAround(IOperation inner, IOperation outer)
    {
        IOperation? outermost = null;
        // The functions of a query expression have the span of their bodies: only the operations themselves tell inside from outside.
        if (ReferenceEquals(inner, outer))
            return null;
        for (var operation = inner.Parent; operation is not null && !ReferenceEquals(operation, outer) && Holds(outer, operation); operation = operation.Parent)
        {
            if (operation is IAnonymousFunctionOperation or ILocalFunctionOperation)
                outermost = operation;
        }
        return outermost;
    }

    private static bool Holds(IOperation outer, IOperation inner) =>
        ReferenceEquals(outer.Syntax.SyntaxTree, inner.Syntax.SyntaxTree) && outer.Syntax.Span.Contains(inner.Syntax.Span);

    private List<TPath> Merge(List<TPath> left, List<TPath> right)
    {
        if (left.Count == 0)
            return right;
        if (right.Count == 0)
            return left;
        var result = new List<TPath>(left);
        foreach (var state in right)
        {
            if (!result.Contains(state))
                result.Add(state);
        }
        return Limit(result);
    }

    private List<TPath> Limit(List<TPath> states)
    {
        if (states.Count <= MostPaths)
            return states;
        states = [.. effects.Join(states)];
        if (states.Count > MostPaths)
            states.RemoveRange(MostPaths, states.Count - MostPaths);
        return states;
    }
}
