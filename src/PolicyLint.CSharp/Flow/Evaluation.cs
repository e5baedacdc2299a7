using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PolicyLint.CSharp.Binding;
using PolicyLint.CSharp.EntityFramework;
using PolicyLint.CSharp.Text;

namespace PolicyLint.CSharp.Flow;

/// <summary>What expressions hold: texts and queries, through variables, members, parameters and calls, with a bound on the work.</summary>
internal sealed partial class Evaluation(CodeBase code, EntityModel? entities, CancellationToken cancellation) : IPathEffects<PathState>
{
    private const int MostSteps = 4000;
    private const int MostValues = 24;
    private const int MaximumDepth = 12;

    private readonly HashSet<ISymbol> _open = new(SymbolEqualityComparer.Default);
    private TypeArguments _types = TypeArguments.None;
    private int _steps;
    private int _depth;

    public bool IsExhausted => _steps > MostSteps || _depth > MaximumDepth;

    public void Step()
    {
        _steps++;
        cancellation.ThrowIfCancellationRequested();
    }

    /// <summary>The values that an expression may have where it stands, one for each path.</summary>
    public IReadOnlyList<FlowValue> ValuesAt(IOperation expression)
    {
        if (IsSelfContained(expression))
            return Distinct(Evaluate(expression, PathState.Empty));
        var values = new List<FlowValue>();
        foreach (var state in StatesAt(expression))
            values.AddRange(Evaluate(expression, state));
        return values.Count == 0 ? Evaluate(expression, PathState.Empty) : Distinct(values);
    }

    /// <summary>The paths to an operation from the start of the member that it stands in.</summary>
    public IReadOnlyList<PathState> StatesAt(IOperation target)
    {
        var root = target;
        while (root.Parent is not null)
            root = root.Parent;
        if (root is not (IMethodBodyOperation or IConstructorBodyOperation or IBlockOperation) || IsExhausted)
            return [PathState.Empty];
        _depth++;
        var walk = new PathWalk<PathState>(this, target);
        walk.Run(root, PathState.Empty);
        _depth--;
        return walk.AtTarget;
    }

    /// <summary>The values of an expression on one path.</summary>
    public IReadOnlyList<FlowValue> Evaluate(IOperation expression, PathState state)
    {
        Step();
        if (IsExhausted)
            return [new FlowValue.Opaque(expression, "it is made of too many parts")];
        _depth++;
        var values = Values(expression, state);
        _depth--;
        return values.Count <= MostValues ? values : [.. values.Take(MostValues)];
    }

    /// <summary>What an expression or simple statement does to the variables of a path.</summary>
    public IReadOnlyList<PathState> Apply(IOperation operation, PathState state)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        IReadOnlyList<PathState> states = [state];
        switch (operation)
        {
            case IAnonymousFunctionOperation or ILocalFunctionOperation:
                return [ForgetAssigned(operation, state)];
            case IVariableDeclaratorOperation { Initializer.Value: var value, Symbol: var symbol }:
                return Assign(symbol, value, Apply(value, state));
            case ISimpleAssignmentOperation { Target: var target, Value: var value }:
                states = Apply(value, state);
                return VariableOf(target) is { } assigned ? Assign(assigned, value, states) : states;
            case ICompoundAssignmentOperation { OperatorKind: BinaryOperatorKind.Add, Target: var target, Value: var added } when VariableOf(target) is { } sum && IsTracked(target.Type):
                return Each(state, current => Append(Evaluate(target, current), Evaluate(added, current), added).Select(result => current.With(sum, result)));
            case ICoalesceAssignmentOperation { Target: var target, Value: var value } when VariableOf(target) is { } chosen && IsTracked(target.Type):
                return Each(state, current => Evaluate(target, current).Concat(Evaluate(value, current)).Select(either => current.With(chosen, either)));
            case IDeconstructionAssignmentOperation { Target: var target, Value: var value }:
                states = Apply(value, state);
                return TupleOf(target) is { } names && IsTracked(value.Type) ? Deconstruct(names, value, states) : [.. states.Select(current => ForgetAssigned(target, current, isTarget: true))];
            case IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out, Value: var value } when VariableOf(value) is { } passed:
                return [state.With(passed, new FlowValue.Opaque(value, "another method sets it"))];
            case IInvocationOperation call when IsBuilder(call.Type) && BuilderVariable(call) is { } built:
                return Each(state, current => Evaluate(call, current).Select(result => current.With(built, result)));
            case IInvocationOperation call when CollectionVariable(call) is { } list:
                return Each(state, current => AddItem(current, list, call));
            case IArgumentOperation { Value: var value } when value is ILocalReferenceOperation { Local: { } builder } && IsBuilder(builder.Type) && operation.Parent is IInvocationOperation { TargetMethod.ContainingType.Name: not "StringBuilder" }:
                return [state.With(builder, new FlowValue.Opaque(value, "another method adds to it"))];
        }
        foreach (var child in operation.ChildOperations)
            states = [.. states.SelectMany(current => Apply(child, current)).Take(MostValues)];
        return states;
    }

    /// <inheritdoc />
    public PathState Enter(IOperation function, PathState path)
    {
        // It may run when variables that it shares hold something else.
        foreach (var operation in ParameterBindings.RootOf(function).Descendants())
        {
            if (operation is IAssignmentOperation { Target: ILocalReferenceOperation local } && operation.Syntax.SpanStart > function.Syntax.SpanStart && !function.Syntax.Span.Contains(local.Local.DeclaringSyntaxReferences[0].Span))
                path = path.With(local.Local, new FlowValue.Opaque(function, "it is set again elsewhere"));
        }
        return path;
    }

    /// <inheritdoc />
    public PathState Leave(IOperation resources, PathState path) => path;

    /// <inheritdoc />
    public IReadOnlyList<PathState> Skip(IReadOnlyList<PathState> skipped, IReadOnlyList<PathState> turned) => skipped;

    /// <inheritdoc />
    public IReadOnlyList<PathState> Join(IReadOnlyList<PathState> paths) => paths;

    private IReadOnlyList<PathState> Assign(ISymbol symbol, IOperation value, IReadOnlyList<PathState> states)
    {
        if (!IsTracked(value.Type) && !IsTracked((symbol as ILocalSymbol)?.Type))
            return states;
        // What is chosen by a condition that is asked again later goes with its answer there.
        if (value.WithoutConversions() is IConditionalOperation { WhenFalse: not null } choice)
            return [.. states.SelectMany(state => Choices(choice, state)).SelectMany(chosen => Assign(symbol, chosen.Value, [chosen.State])).Take(MostValues)];
        return [.. states.SelectMany(state => Evaluate(value, state).Select(result => state.With(symbol, result))).Take(MostValues)];
    }

    // The values between which a condition chooses, each with the path on which it does.
    private static IEnumerable<(IOperation Value, PathState State)> Choices(IConditionalOperation choice, PathState state)
    {
        var branch = new Branch(choice.Condition);
        if (branch.Take(state, true) is { } taken)
            yield return (choice.WhenTrue, taken);
        if (branch.Take(state, false) is { } left)
            yield return (choice.WhenFalse!, left);
    }

    private static ITupleOperation? TupleOf(IOperation target) => target is IDeclarationExpressionOperation { Expression: ITupleOperation declared } ? declared : target as ITupleOperation;

    private IReadOnlyList<PathState> Deconstruct(ITupleOperation names, IOperation value, IReadOnlyList<PathState> states) => [.. states.SelectMany(state => Evaluate(value, state).Select(result =>
    {
        if (result is not FlowValue.Tuple { Items: var items } || items.Length != names.Elements.Length)
            return ForgetAssigned(names, state, isTarget: true);
        var changed = state;
        for (var i = 0; i < items.Length; i++)
            changed = VariableOf(names.Elements[i]) is { } variable ? changed.With(variable, items[i]) : ForgetAssigned(names.Elements[i], changed, isTarget: true);
        return changed;
    })).Take(MostValues)];

    private static IReadOnlyList<PathState> Each(PathState state, Func<PathState, IEnumerable<PathState>> change) => [.. change(state).Take(MostValues)];

    private static PathState ForgetAssigned(IOperation operation, PathState state, bool isTarget = false)
    {
        foreach (var inner in operation.DescendantsAndSelf())
        {
            var variable = inner switch
            {
                IAssignmentOperation assignment => VariableOf(assignment.Target),
                _ when isTarget => VariableOf(inner),
                _ => null,
            };
            if (variable is not null)
                state = state.With(variable, new FlowValue.Opaque(inner, "it is set in several places"));
        }
        return state;
    }

    private static ISymbol? VariableOf(IOperation operation) => operation switch
    {
        ILocalReferenceOperation local => local.Local,
        IParameterReferenceOperation parameter => parameter.Parameter,
        IDeclarationExpressionOperation { Expression: ILocalReferenceOperation declared } => declared.Local,
        _ => null,
    };

    private static bool IsTracked(ITypeSymbol? type) => type is not null
        && (type.SpecialType is SpecialType.System_String or SpecialType.System_Object || IsBuilder(type) || IsTextCollection(type) || EntityQueries.IsQueryable(type) || type.Name == "FormattableString"
            || type is INamedTypeSymbol { IsTupleType: true } tuple && tuple.TupleElements.Any(element => element.Type.SpecialType == SpecialType.System_String || EntityQueries.IsQueryable(element.Type)));

    private static bool IsBuilder(ITypeSymbol? type) => type is { Name: "StringBuilder", ContainingNamespace.Name: "Text" };

    private static bool IsTextCollection(ITypeSymbol type) => type is IArrayTypeSymbol { ElementType.SpecialType: SpecialType.System_String }
        || type is INamedTypeSymbol { Name: "List" or "IList" or "IEnumerable" or "IReadOnlyList" or "ICollection", TypeArguments: [{ SpecialType: SpecialType.System_String }] };

    private static ISymbol? BuilderVariable(IOperation? call)
    {
        while (call is IInvocationOperation { Instance: { } instance } && IsBuilder(instance.Type))
            call = instance;
        return call is null ? null : VariableOf(call);
    }

    private static ISymbol? CollectionVariable(IInvocationOperation call) =>
        call is { TargetMethod.Name: "Add" or "AddRange" or "Insert", Instance: { Type: { } type } instance } && IsTextCollection(type) ? VariableOf(instance) : null;

    private IEnumerable<PathState> AddItem(PathState state, ISymbol list, IInvocationOperation call)
    {
        if (call.TargetMethod.Name == "Add" && state.Values.TryGetValue(list, out var value) && value is FlowValue.Texts texts)
            return Evaluate(call.Arguments[0].Value, state).Select(item => state.With(list, item is FlowValue.Text text ? texts with { Items = texts.Items.Add(text.Sql) } : item));
        return [state.With(list, new FlowValue.Opaque(call, "its elements are not known"))];
    }

    // Without variables the place does not matter, nor whose DbSet it is where it is one.
    private bool IsSelfContained(IOperation expression)
    {
        while (expression is IInvocationOperation { Arguments.Length: > 0 } call && EntityQueries.IsOperator(call))
        {
            if ((EntityQueries.JoinedBy(call) ?? EntityQueries.UnitedWith(call)) is { } joined && !IsSelfContained(joined))
                return false;
            expression = call.Arguments[0].Value;
        }
        if (EntityQueries.Root(expression.WithoutConversions(), entities, _types) is not null)
            return true;
        foreach (var part in expression.DescendantsAndSelf())
        {
            if (part is ILocalReferenceOperation { Local.IsConst: false } or IParameterReferenceOperation)
                return false;
        }
        return true;
    }

    private static IReadOnlyList<FlowValue> Distinct(IReadOnlyList<FlowValue> values)
    {
        if (values.Count < 2)
            return values;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var result = new List<FlowValue>();
        foreach (var value in values)
        {
            if (value is not FlowValue.Text text || seen.Add(text.Sql.Text))
                result.Add(value);
        }
        return result;
    }

    private static IEnumerable<FlowValue> Append(IReadOnlyList<FlowValue> left, IReadOnlyList<FlowValue> right, IOperation added)
    {
        foreach (var first in left)
        {
            foreach (var second in right)
                yield return new FlowValue.Text(SqlText.Concat(TextOf(first, added), TextOf(second, added)));
        }
    }

    private static SqlText TextOf(FlowValue value, IOperation use) => value switch
    {
        FlowValue.Text text => text.Sql,
        FlowValue.Opaque opaque => SqlText.FromHole(new(opaque.Origin, opaque.Reason, IsParameter: false), (opaque.Origin ?? use).Syntax),
        _ => SqlText.FromHole(new(use, "it is no text", IsParameter: false), use.Syntax),
    };
}
