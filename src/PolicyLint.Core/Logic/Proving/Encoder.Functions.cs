using PolicyLint.Core.Catalog;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Logic.Proving;

/// <content>Function calls: inlined where the body is one query, otherwise the same value for the same arguments.</content>
internal sealed partial class Encoder
{
    private static readonly HashSet<string> s_volatile = new(StringComparer.Ordinal)
    {
        "random", "gen_random_uuid", "uuid_generate_v4", "uuid_generate_v1", "uuidv4", "uuidv7", "clock_timestamp", "timeofday", "nextval", "currval", "lastval", "setval", "set_config",
    };

    private static readonly HashSet<string> s_aggregates = new(StringComparer.Ordinal)
    {
        "count", "max", "min", "sum", "avg", "bool_or", "bool_and", "every", "array_agg", "string_agg", "json_agg", "jsonb_agg", "json_object_agg", "jsonb_object_agg", "any_value",
    };

    private List<ValueCase> Call(FunctionCall call, Scope scope)
    {
        if (call.IsStar || call.IsDistinct || call.Over is not null || call.Filter is not null || call.OrderBy.Length > 0 || call.WithinGroup.Length > 0)
            throw new UndecidedException(UnknownReason.Aggregate, "an aggregate or window function", call);
        var name = call.Name.Name.Text;
        if (call.Syntax == FunctionSyntax.Ordinary)
        {
            if (FindFunction(call, out var isOverloaded) is { } function)
                return isOverloaded ? CallOverloaded(call, scope) : CallKnown(call, function, scope);
            if (call.Name.Schema is null or "pg_catalog" && s_aggregates.Contains(name))
                throw new UndecidedException(UnknownReason.Aggregate, "an aggregate", call);
            if (s_volatile.Contains(name))
            {
                _opaque.Add(name);
                return One(terms.Fresh(name, TypeFamily.Any));
            }
            if (call.Name.Schema is null or "pg_catalog")
            {
                switch (name)
                {
                    case "lower" or "upper" when call.Arguments.Length == 1:
                        return Apply("total:" + name, call.Arguments, scope, TypeFamily.Text, isStrict: true, isKnown: true);
                    case "length" or "char_length" when call.Arguments.Length == 1:
                        return Apply("strict:length", call.Arguments, scope, TypeFamily.Integer, isStrict: true);
                    case "btrim" or "trim" or "ltrim" or "rtrim" or "split_part" or "replace" or "concat_ws" or "md5" or "left" or "right":
                        return Apply((name == "concat_ws" ? "opaque:" : "strict:") + name, call.Arguments, scope, TypeFamily.Text, isStrict: name != "concat_ws");
                }
            }
        }
        _assumptions.Add(call.Name + "() gives the same value for the same arguments");
        return Apply(Functions.Opaque(call), call.Arguments, scope, TypeFamily.Any, isStrict: false);
    }

    private Function? FindFunction(FunctionCall call) => FindFunction(call, out var isOverloaded) is { } function && !isOverloaded ? function : null;

    private Function? FindFunction(FunctionCall call, out bool isOverloaded)
    {
        isOverloaded = false;
        Function? found = null;
        foreach (var candidate in _catalog.FindFunctions(call.Name))
        {
            int least = 0, most = 0;
            foreach (var parameter in candidate.Parameters)
            {
                if (parameter.Mode is ParameterMode.Out)
                    continue;
                if (parameter.Mode is ParameterMode.Variadic)
                    most = int.MaxValue / 2;
                most++;
                least += parameter.HasDefault || parameter.Mode is ParameterMode.Variadic ? 0 : 1;
            }
            if (call.Arguments.Length < least || call.Arguments.Length > most)
                continue;
            isOverloaded |= found is not null;
            found = candidate;
        }
        return found;
    }

    private bool IsActive(Function function) => _active.Exists(active => ReferenceEquals(active, function));

    private void Leave()
    {
        _inlining--;
        _active.RemoveAt(_active.Count - 1);
    }

    private List<ValueCase> CallKnown(FunctionCall call, Function function, Scope scope)
    {
        if (function.IsTainted)
            throw new UndecidedException(UnknownReason.Tainted, call.Name + "() may have been changed by a statement that could not be read", call);
        if (ReturnsSet(function))
            throw new UndecidedException(UnknownReason.OpaqueFunction, call.Name + "() returns a set", call);
        if (InlinedValues(call, function, scope) is { } inlined)
            return inlined;
        if (function.Volatility == Volatility.Volatile)
            _assumptions.Add(call.Name + "() gives the same value for the same arguments");
        _notEntered.Add(new(scope.Sight, function, null));
        return Apply(Functions.Opaque(function, scope.Sight), call.Arguments, scope, terms.TypeOf(function.Returns), isStrict: false);
    }

    // Which of several functions is meant goes by the types of the arguments: the same one for the same arguments, where types that are not told apart here
    // make no difference.
    private List<ValueCase> CallOverloaded(FunctionCall call, Scope scope)
    {
        var signatures = new HashSet<string>(StringComparer.Ordinal);
        foreach (var candidate in _catalog.FindFunctions(call.Name))
        {
            if (!signatures.Add(string.Join(",", candidate.InputTypes.Select(terms.TypeOf))) || ReturnsSet(candidate))
                throw new UndecidedException(UnknownReason.OpaqueFunction, call.Name + "() is overloaded", call);
            if (candidate.IsTainted)
                throw new UndecidedException(UnknownReason.Tainted, call.Name + "() may have been changed by a statement that could not be read", call);
            if (candidate.Volatility == Volatility.Volatile)
                _assumptions.Add(call.Name + "() gives the same value for the same arguments");
        }
        _notEntered.Add(new(scope.Sight, null, call));
        var values = Apply(Functions.Opaque(call) + (scope.Sight == Sight.Owner ? " for the owner" : ""), call.Arguments, scope, TypeFamily.Any, isStrict: false);
        if (values.Exists(value => Array.Exists(terms[value.Term].Arguments, argument => terms[argument] is { Kind: not ValueKind.Null, Type: TypeFamily.Any or "" })))
            throw new UndecidedException(UnknownReason.OpaqueFunction, call.Name + "() is overloaded", call);
        return values;
    }

    private static bool ReturnsSet(Function function) => function.Returns.StartsWith("setof", StringComparison.OrdinalIgnoreCase) || function.Returns == "table";

    /// <summary>
    /// What a function's body gives. Null where it cannot be read, and inside the function itself: what it gives there is then any value, the same for
    /// the same arguments, which leaves nothing out.
    /// </summary>
    private List<ValueCase>? InlinedValues(FunctionCall call, Function function, Scope scope)
    {
        if (reading.Bodies.Of(function) is not { } body || IsCoarse || IsActive(function))
            return null;
        var state = (_depth, _inlining, _sight, _active.Count);
        try
        {
            var inner = Enter(call, function, scope);
            var values = body.Query is { } query ? Scalar(query, inner, call) : Values(body.Value!, inner);
            Leave();
            if (!function.IsStrict)
                return values;
            var given = Prop.True;
            foreach (var argument in inner.Parameters!.Values)
            {
                foreach (var value in argument)
                    given = Prop.And(given, Prop.Or(Prop.Not(value.Guard), Prop.IsNotNull(terms, value.Term)));
            }
            var result = new List<ValueCase> { new([], Prop.Not(given), TermTable.Null) };
            foreach (var value in values)
                result.Add(value with { Guard = Prop.And(given, value.Guard) });
            return Living(result);
        }
        catch (UndecidedException undecided) when (undecided.Reason is not (UnknownReason.Tainted or UnknownReason.SchemaMissing or UnknownReason.PolicyRecursion))
        {
            (_depth, _inlining, _sight, var active) = state;
            _active.RemoveRange(active, _active.Count - active);
            return null;
        }
    }

    /// <summary>Binds the arguments.</summary>
    private Scope Enter(FunctionCall call, Function function, Scope scope)
    {
        if (++_inlining > MaximumInlining)
            throw new UndecidedException(UnknownReason.OpaqueFunction, call.Name + "() calls functions too deeply", call);
        var arguments = new Dictionary<string, List<ValueCase>>(StringComparer.Ordinal);
        var position = 0;
        foreach (var parameter in function.Parameters)
        {
            if (parameter.Mode is ParameterMode.Out)
                continue;
            Expression? value = null;
            if (position < call.Arguments.Length && call.Arguments[position] is not NamedArgument)
                value = call.Arguments[position];
            foreach (var argument in call.Arguments)
            {
                if (argument is NamedArgument named && named.Name == parameter.Name)
                    value = named.Value;
            }
            if (value is null || parameter.Mode is ParameterMode.Variadic)
                throw new UndecidedException(UnknownReason.OpaqueFunction, "the defaults of " + call.Name + "()", call);
            position++;
            var type = terms.TypeOf(parameter.Type);
            var cases = new List<ValueCase>();
            foreach (var given in Values(value, scope))
                cases.Add(given with { Term = Coerced(given.Term, type) });
            arguments["$" + position.ToString(System.Globalization.CultureInfo.InvariantCulture)] = cases;
            if (parameter.Name.Length > 0)
                arguments[parameter.Name] = cases;
        }
        _active.Add(function);
        return new(null, function.IsSecurityDefiner && scope.Sight == Sight.Role ? Sight.Owner : scope.Sight) { Parameters = arguments };
    }
}
