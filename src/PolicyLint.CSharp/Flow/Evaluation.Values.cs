using System.Collections.Immutable;
using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using PolicyLint.CSharp.Binding;
using PolicyLint.CSharp.EntityFramework;
using PolicyLint.CSharp.Text;

namespace PolicyLint.CSharp.Flow;

internal sealed partial class Evaluation
{
    private IReadOnlyList<FlowValue> Values(IOperation expression, PathState state)
    {
        switch (expression)
        {
            case ILiteralOperation { ConstantValue.Value: string value, Syntax: LiteralExpressionSyntax literal }:
                return [new FlowValue.Text(LiteralMap.Map(literal.Token) ?? SqlText.FromUse(value, literal))];
            case IParenthesizedOperation parenthesized:
                return Evaluate(parenthesized.Operand, state);
            case IConversionOperation { Operand: IInterpolatedStringOperation interpolated, Type.Name: "FormattableString" or "IFormattable" }:
                return Interpolated(interpolated, state, areParameters: true);
            case IConversionOperation conversion when expression.ConstantValue is not { HasValue: true, Value: not string }:
                return Evaluate(conversion.Operand, state);
            case IInterpolatedStringOperation interpolated:
                return Interpolated(interpolated, state, areParameters: false);
            case IBinaryOperation { OperatorKind: BinaryOperatorKind.Add, Type.SpecialType: SpecialType.System_String } sum:
                return [.. Append(Evaluate(sum.LeftOperand, state), Evaluate(sum.RightOperand, state), sum)];
            case IConditionalOperation { WhenFalse: not null } choice:
                return [.. Choices(choice, state).SelectMany(chosen => Evaluate(chosen.Value, chosen.State))];
            case ISwitchExpressionOperation choice:
                return [.. choice.Arms.Where(arm => arm.Value.WithoutConversions() is not IThrowOperation).SelectMany(arm => Evaluate(arm.Value, state))];
            case ICoalesceOperation coalesce when coalesce.IsValueOrThrow():
                return Evaluate(coalesce.Value, state);
            case ICoalesceOperation coalesce:
                return [.. Evaluate(coalesce.Value, state), .. Evaluate(coalesce.WhenNull, state)];
            case ISimpleAssignmentOperation assignment:
                return Evaluate(assignment.Value, state);
            case ILocalReferenceOperation local:
                return Local(local, state);
            case IParameterReferenceOperation parameter:
                return state.Values.TryGetValue(parameter.Parameter, out var bound) ? [bound] : FromCallers(parameter);
            case IFieldReferenceOperation field:
                return Field(field, state);
            case ITranslatedQueryOperation query:
                return Evaluate(query.Operation, state);
            case ITupleOperation tuple:
                return Tuples(tuple, state);
            case IArrayCreationOperation { Initializer: { } initializer }:
                return Items(initializer.ElementValues, state, expression);
            case IObjectCreationOperation creation when IsBuilder(creation.Type):
                return creation.Arguments.FirstOrDefault(argument => argument.Parameter?.Type.SpecialType == SpecialType.System_String) is { } initial ? Evaluate(initial.Value, state) : [Empty(creation)];
            case IObjectCreationOperation { Type: { } type } creation when IsTextCollection(type):
                return Items(creation.Initializer?.Initializers.OfType<IInvocationOperation>().Select(add => add.Arguments[0].Value) ?? [], state, expression);
            case IPropertyReferenceOperation property:
                return Property(property, state);
            case IInvocationOperation call:
                return Call(call, state);
            default:
                return Constant(expression);
        }
    }

    private static IReadOnlyList<FlowValue> Constant(IOperation expression)
    {
        if (expression.ConstantValue is { HasValue: true, Value: { } value })
            return [new FlowValue.Text(SqlText.FromUse(Convert.ToString(value, CultureInfo.InvariantCulture) ?? "", expression.Syntax))];
        return [new FlowValue.Opaque(expression, "it is not constant")];
    }

    private IReadOnlyList<FlowValue> Interpolated(IInterpolatedStringOperation interpolated, PathState state, bool areParameters)
    {
        IReadOnlyList<FlowValue> texts = [Empty(interpolated)];
        foreach (var part in interpolated.Parts)
        {
            IReadOnlyList<FlowValue> next = part switch
            {
                IInterpolatedStringTextOperation { Syntax: InterpolatedStringTextSyntax literal } => [new FlowValue.Text(LiteralMap.Map(literal.TextToken) ?? SqlText.FromUse(literal.TextToken.ValueText, literal))],
                IInterpolationOperation hole when areParameters => [new FlowValue.Text(SqlText.FromHole(new(hole.Expression, "it is a parameter", IsParameter: true), hole.Syntax))],
                IInterpolationOperation { FormatString: null, Alignment: null } hole => Evaluate(hole.Expression, state),
                IInterpolationOperation formatted => [new FlowValue.Opaque(formatted.Expression, "it has a formatted hole")],
                _ => [new FlowValue.Opaque(part, "it is not constant")],
            };
            texts = [.. Append(texts, next, part)];
        }
        return texts;
    }

    private IReadOnlyList<FlowValue> Local(ILocalReferenceOperation local, PathState state)
    {
        if (state.Values.TryGetValue(local.Local, out var value))
            return [value];
        if (local.Local is { IsConst: true, HasConstantValue: true })
            return Declared(local.Local, local, state);
        return [new FlowValue.Opaque(local, "it is not constant")];
    }

    private IReadOnlyList<FlowValue> Field(IFieldReferenceOperation reference, PathState state)
    {
        if (EntityQueries.Root(reference, entities, _types) is { } root)
            return [new FlowValue.Query(root)];
        var field = reference.Field;
        if (!field.IsConst && !field.IsReadOnly || !IsTracked(field.Type) && !field.IsConst)
            return Constant(reference);
        if (field.IsConst)
            return Declared(field, reference, state);
        return Open(field, reference, () => In(WithinType(field), () =>
        {
            var values = new List<FlowValue>();
            if (code.InitializerOf(field, cancellation) is { } initializer)
                values.AddRange(Evaluate(initializer, PathState.Empty));
            foreach (var constructor in field.ContainingType.OriginalDefinition.GetMembers().OfType<IMethodSymbol>().Where(method => method.MethodKind is MethodKind.Constructor or MethodKind.StaticConstructor))
            {
                if (code.BodyOf(constructor, cancellation) is not { } body)
                    continue;
                foreach (var operation in body.Descendants())
                {
                    var target = operation switch
                    {
                        ISimpleAssignmentOperation simple => simple.Target,
                        IDeconstructionAssignmentOperation deconstruction => deconstruction.Target,
                        _ => null,
                    };
                    if (target is null || !target.DescendantsAndSelf().Any(part => part is IFieldReferenceOperation set && SymbolEqualityComparer.Default.Equals(set.Field, field.OriginalDefinition)))
                        continue;
                    if (operation is not ISimpleAssignmentOperation { Value: var value })
                        return [new FlowValue.Opaque(reference, "it is set in several places")];
                    // An initializer runs before it and does not last.
                    if (values.Count > 0 && code.InitializerOf(field, cancellation) is not null)
                        return [new FlowValue.Opaque(reference, "it is set in several places")];
                    values.AddRange(ValuesAt(value));
                }
            }
            return values.Count > 0 ? values : Constant(reference);
        }));
    }

    private IReadOnlyList<FlowValue> Declared(ISymbol symbol, IOperation use, PathState state) =>
        code.InitializerOf(symbol, cancellation) is { } initializer ? Open(symbol, use, () => Evaluate(initializer, state)) : Constant(use);

    private IReadOnlyList<FlowValue> Property(IPropertyReferenceOperation reference, PathState state)
    {
        if (EntityQueries.Root(reference, entities, _types) is { } root)
            return [new FlowValue.Query(root)];
        if (!IsTracked(reference.Property.OriginalDefinition.Type))
            return Constant(reference);
        return OfEach(reference.Property, reference.Instance, reference, way =>
        {
            var read = (IPropertySymbol)way;
            if (read.SetMethod is { IsInitOnly: false })
                return Constant(reference);
            if (code.InitializerOf(read, cancellation) is { } value)
                return Evaluate(value, PathState.Empty);
            return read.GetMethod is { } getter && code.BodyOf(getter, cancellation) is { } body ? Returns(body, PathState.Empty, reference) : Constant(reference);
        });
    }

    // A member that others override has the values of each. What implements an interface is one of several of which the code does not say which: where their
    // queries differ, nothing is decided.
    private IReadOnlyList<FlowValue> OfEach(ISymbol member, IOperation? receiver, IOperation use, Func<ISymbol, IReadOnlyList<FlowValue>> values)
    {
        var ways = MemberWays.Of(member, receiver?.Type, receiver?.Syntax is BaseExpressionSyntax, _types, code, cancellation);
        if (ways.Count == 0)
            return Constant(use);
        var given = new List<IReadOnlyList<FlowValue>>();
        foreach (var (way, types) in ways)
            given.Add(Open(way, use, () => In(types, () => values(way))));
        var isOneOf = given.Count > 1 && member.ContainingType.TypeKind == TypeKind.Interface;
        return isOneOf && given.Exists(other => !AreAlike(given[0], other))
            ? [.. given.SelectMany(each => each).Select(value => value is FlowValue.Query { Entities: var query } ? new FlowValue.Query(query with { Undecided = query.Undecided ?? "what implements it differs" }) : value)]
            : [.. given.SelectMany(each => each)];
    }

    private static bool AreAlike(IReadOnlyList<FlowValue> left, IReadOnlyList<FlowValue> right)
    {
        for (var i = 0; i < left.Count && i < right.Count; i++)
        {
            if (left[i] is FlowValue.Query && right[i] is FlowValue.Query && NarrowingOf(left[i]) != NarrowingOf(right[i]))
                return false;
        }
        return left.Count == right.Count || !left.Concat(right).Any(value => value is FlowValue.Query);

        static string NarrowingOf(FlowValue value) => value is FlowValue.Query { Entities: var query }
            ? string.Join("\n", query.Predicates.Concat(query.Conditions.Select(condition => condition.Lambda)).Select(lambda => lambda.Syntax.ToString())) + query.Joins.Count + query.FiltersIgnored?.Syntax
            : "";
    }

    private IReadOnlyList<FlowValue> In(TypeArguments types, Func<IReadOnlyList<FlowValue>> values)
    {
        var outside = _types;
        _types = types;
        try
        {
            return values();
        }
        finally
        {
            _types = outside;
        }
    }

    private TypeArguments WithinType(ISymbol member) => TypeArguments.Within(_types.Of(member.ContainingType) as INamedTypeSymbol, ImmutableArray<ITypeParameterSymbol>.Empty, ImmutableArray<ITypeSymbol>.Empty);

    private IReadOnlyList<FlowValue> Tuples(ITupleOperation tuple, PathState state)
    {
        IEnumerable<ImmutableArray<FlowValue>> rows = [ImmutableArray<FlowValue>.Empty];
        foreach (var element in tuple.Elements)
        {
            var values = Evaluate(element, state);
            rows = [.. rows.SelectMany(row => values.Select(row.Add)).Take(MostValues)];
        }
        return [.. rows.Select(row => new FlowValue.Tuple(row))];
    }

    private IReadOnlyList<FlowValue> Call(IInvocationOperation call, PathState state)
    {
        if (IsBuilder(call.TargetMethod.ContainingType) && call.Instance is { } builder)
            return Builder(call, builder, state);
        if (call.TargetMethod.ContainingType.SpecialType == SpecialType.System_String)
            return StringCall(call, state);
        if (EntityQueries.Root(call, entities, _types) is { } root)
            return [new FlowValue.Query(root)];
        if (call is { TargetMethod: { Name: "AsQueryable", IsExtensionMethod: false, ContainingType.Name: "DbSet" }, Instance: { } set })
            return Evaluate(set, state);
        if (EntityQueries.IsOperator(call) && call.Arguments.Length > 0)
            return Operator(call, state);
        var method = call.TargetMethod.OriginalDefinition;
        if (!IsTracked(method.ReturnType) || method.IsAsync)
            return Constant(call);
        var outside = _types;
        return OfEach(call.TargetMethod, call.Instance, call, way =>
        {
            var called = (IMethodSymbol)way;
            if (called.IsAsync || code.BodyOf(called, cancellation) is not { } body)
                return [new FlowValue.Opaque(call, $"what {method.Name} gives is not known")];
            var start = PathState.Empty;
            foreach (var argument in call.Arguments)
            {
                if (argument.Parameter is { } parameter && IsTracked(parameter.OriginalDefinition.Type) && In(outside, () => Evaluate(argument.Value, state)) is [var single])
                    start = start.With(called.Parameters[parameter.Ordinal], single);
            }
            return Returns(body, start, call);
        });
    }

    // A second query may be several, on paths or because their rows are added: each is judged alone.
    private IReadOnlyList<FlowValue> Operator(IInvocationOperation call, PathState state)
    {
        if (EntityQueries.UnitedWith(call) is { } added)
        {
            var others = Evaluate(added, state);
            var other = others.All(value => value is FlowValue.Query) ? others.OfType<FlowValue.Query>().FirstOrDefault() : null;
            return [.. Evaluate(call.Arguments[0].Value, state).Select(source => source is FlowValue.Query query ? EntityQueries.Apply(query.Entities, call, other?.Entities, PredicateOf) : source), .. others.OfType<FlowValue.Query>()];
        }
        var inners = EntityQueries.JoinedBy(call) is { } joined ? Evaluate(joined, state) : [];
        var sources = Evaluate(call.Arguments[0].Value, state);
        IReadOnlyList<EntityQuery?> seconds = inners.Count > 0 && sources.Count * inners.Count <= MostValues && inners.All(value => value is FlowValue.Query)
            ? [.. inners.Select(value => ((FlowValue.Query)value).Entities)]
            : [null];
        return [.. sources.SelectMany(source => source is FlowValue.Query query ? seconds.Select(inner => EntityQueries.Apply(query.Entities, call, inner, PredicateOf)) : [source])];
    }

    /// <summary>The lambda that a predicate is, where it stands or where the one member that gives it does: a specification's criteria.</summary>
    public IAnonymousFunctionOperation? PredicateOf(IOperation value)
    {
        for (var turn = 0; turn < MaximumDepth; turn++)
        {
            if (EntityQueries.LambdaOf(value) is { } lambda)
                return lambda;
            value = value.WithoutConversions();
            var next = value switch
            {
                ILocalReferenceOperation local => ParameterBindings.SingleValueOf(local),
                IFieldReferenceOperation { Field: { IsReadOnly: true } field } => code.InitializerOf(field, cancellation),
                IPropertyReferenceOperation { Property.SetMethod: null } property => Given(property.Property, property.Instance),
                IInvocationOperation { TargetMethod: { IsAsync: false, IsGenericMethod: false } method } call => Given(method, call.Instance),
                _ => null,
            };
            if (next is null)
                return null;
            value = next;
        }
        return null;
    }

    private IOperation? Given(ISymbol member, IOperation? receiver)
    {
        if (code.WaysOf(member.OriginalDefinition, receiver?.Type, cancellation) is not [var only])
            return null;
        if (only is IPropertySymbol && code.InitializerOf(only, cancellation) is { } value)
            return value;
        var body = (only as IMethodSymbol ?? (only as IPropertySymbol)?.GetMethod) is { } method ? code.BodyOf(method, cancellation) : null;
        return body?.Descendants().OfType<IReturnOperation>().Where(result => !IsInLambda(result, body)).ToList() is [{ ReturnedValue: { } returned }] ? returned : null;
    }

    private static bool IsInLambda(IOperation operation, IOperation body)
    {
        for (var parent = operation.Parent; parent is not null && !ReferenceEquals(parent, body); parent = parent.Parent)
        {
            if (parent is IAnonymousFunctionOperation or ILocalFunctionOperation)
                return true;
        }
        return false;
    }

    private IReadOnlyList<FlowValue> Returns(IOperation body, PathState start, IOperation use)
    {
        var walk = new PathWalk<PathState>(this, target: null);
        walk.Run(body, start);
        var values = new List<FlowValue>();
        foreach (var (value, path) in walk.Returned)
        {
            if (value is not null)
                values.AddRange(Evaluate(value, path));
        }
        return values.Count > 0 ? Distinct(values) : [new FlowValue.Opaque(use, "it is not constant")];
    }

    private IReadOnlyList<FlowValue> Builder(IInvocationOperation call, IOperation builder, PathState state)
    {
        var before = Evaluate(builder, state);
        switch (call.TargetMethod.Name)
        {
            case "ToString" when call.Arguments.Length == 0:
                return before;
            case "Clear":
                return [Empty(call)];
            case "Append" when call.Arguments.Length == 1:
                return [.. Append(before, Evaluate(call.Arguments[0].Value, state), call)];
            case "AppendLine":
                var line = new FlowValue.Text(SqlText.FromUse("\n", call.Syntax));
                return [.. Append([.. call.Arguments.Length == 0 ? before : Append(before, Evaluate(call.Arguments[0].Value, state), call)], [line], call)];
            case "Insert" when call.Arguments is [{ Value.ConstantValue: { HasValue: true, Value: 0 } }, { Value: var inserted }]:
                return [.. Append(Evaluate(inserted, state), before, call)];
            case "Replace" when call.Arguments.Length == 2:
                return Replaced(before, call, state);
            case "AppendFormat":
                return [.. Append(before, Format(call, 0, state), call)];
            case "AppendJoin":
                return [.. Append(before, Join(call, state), call)];
            default:
                return [new FlowValue.Opaque(call, $"StringBuilder.{call.TargetMethod.Name} is not followed")];
        }
    }

    private IReadOnlyList<FlowValue> StringCall(IInvocationOperation call, PathState state)
    {
        switch (call.TargetMethod.Name)
        {
            case "Concat" when call.Arguments.All(argument => argument.Parameter is { IsParams: false, Type.SpecialType: SpecialType.System_String or SpecialType.System_Object }):
                IReadOnlyList<FlowValue> texts = [Empty(call)];
                foreach (var argument in call.Arguments)
                    texts = [.. Append(texts, Evaluate(argument.Value, state), argument)];
                return texts;
            case "Format" when call.Arguments[0].Parameter?.Type.SpecialType == SpecialType.System_String:
                return Format(call, 0, state);
            case "Join":
                return Join(call, state);
            case "Replace" when call is { Instance: { } replaced, Arguments.Length: 2 }:
                return Replaced(Evaluate(replaced, state), call, state);
            case "Trim" or "TrimEnd" or "TrimStart" or "ToString" or "Normalize" when call is { Instance: { } instance, Arguments.Length: 0 }:
                return Evaluate(instance, state);
            default:
                return Constant(call);
        }
    }

    private IReadOnlyList<FlowValue> Replaced(IReadOnlyList<FlowValue> texts, IInvocationOperation call, PathState state)
    {
        if (Evaluate(call.Arguments[0].Value, state) is not [FlowValue.Text { Sql: { Holes.Count: 0, Text: { Length: > 0 } from } }])
            return [new FlowValue.Opaque(call, "what is replaced is not known")];
        var into = Evaluate(call.Arguments[1].Value, state);
        return [.. texts.SelectMany(text => into.Select(value => text is FlowValue.Text known ? new FlowValue.Text(known.Sql.Replace(from, TextOf(value, call))) : text)).Take(MostValues)];
    }

    private IReadOnlyList<FlowValue> Format(IInvocationOperation call, int formatIndex, PathState state)
    {
        var arguments = new List<SqlText>();
        foreach (var argument in call.Arguments.Skip(formatIndex + 1))
        {
            var values = argument.Value is IArrayCreationOperation { Initializer: { } initializer } ? initializer.ElementValues : ImmutableArray.Create(argument.Value);
            foreach (var value in values)
            {
                if (Evaluate(value, state) is not [var single])
                    return [new FlowValue.Opaque(call, "an argument of the format has several texts")];
                arguments.Add(TextOf(single, value));
            }
        }
        return [.. Evaluate(call.Arguments[formatIndex].Value, state).Select(format =>
            format is FlowValue.Text text && text.Sql.Format(arguments) is { } formatted ? (FlowValue)new FlowValue.Text(formatted) : new FlowValue.Opaque(call, "its format is not known"))];
    }

    private IReadOnlyList<FlowValue> Join(IInvocationOperation call, PathState state)
    {
        if (call.Arguments.Length < 2 || Evaluate(call.Arguments[0].Value, state) is not [FlowValue.Text separator])
            return [new FlowValue.Opaque(call, "what is joined is not known")];
        return [.. Evaluate(call.Arguments[1].Value, state).Select(value =>
        {
            if (value is not FlowValue.Texts texts)
                return (FlowValue)new FlowValue.Opaque(call, "what is joined is not known");
            var joined = SqlText.FromUse("", call.Syntax);
            for (var i = 0; i < texts.Items.Length; i++)
                joined = SqlText.Concat(i == 0 ? joined : SqlText.Concat(joined, separator.Sql), texts.Items[i]);
            return new FlowValue.Text(joined);
        })];
    }

    private IReadOnlyList<FlowValue> Items(IEnumerable<IOperation> elements, PathState state, IOperation use)
    {
        var items = ImmutableArray.CreateBuilder<SqlText>();
        foreach (var element in elements)
        {
            if (Evaluate(element, state) is not [var single])
                return [new FlowValue.Opaque(use, "an element has several texts")];
            items.Add(TextOf(single, element));
        }
        return [new FlowValue.Texts(items.ToImmutable())];
    }

    // A parameter has the values that its callers give it.
    private IReadOnlyList<FlowValue> FromCallers(IParameterReferenceOperation reference)
    {
        if (EntityQueries.Root(reference, entities, _types) is { } root)
            return [new FlowValue.Query(root)];
        var parameter = reference.Parameter;
        var opaque = new FlowValue.Opaque(reference, $"it is the parameter {parameter.Name}");
        if (!IsTracked(parameter.Type) || parameter.RefKind != RefKind.None || parameter.ContainingSymbol is not IMethodSymbol method || method.MethodKind is MethodKind.AnonymousFunction)
            return [opaque];
        return Open(parameter, reference, () => In(TypeArguments.None, () =>
        {
            if (code.CallersOf(method, cancellation) is not { Count: > 0 } callers)
                return [opaque];
            var values = new List<FlowValue>();
            foreach (var caller in callers)
            {
                var arguments = caller is IInvocationOperation call ? call.Arguments : ((IObjectCreationOperation)caller).Arguments;
                foreach (var argument in arguments)
                {
                    if (argument.Parameter?.Ordinal == parameter.Ordinal)
                        values.AddRange(ValuesAt(argument.Value));
                }
            }
            return values.Count > 0 ? values : [opaque];
        }));
    }

    // What is made of itself has no constant text.
    private IReadOnlyList<FlowValue> Open(ISymbol symbol, IOperation use, Func<IReadOnlyList<FlowValue>> values)
    {
        if (!_open.Add(symbol))
            return [new FlowValue.Opaque(use, "it is made of itself")];
        try
        {
            return values();
        }
        finally
        {
            _open.Remove(symbol);
        }
    }

    private static FlowValue.Text Empty(IOperation use) => new(SqlText.FromUse("", use.Syntax));
}
