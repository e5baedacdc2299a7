using PolicyLint.Core.Catalog;
using PolicyLint.Sql;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Logic.Proving;

/// <content>Expressions as values: disjoint cases that cover everything.</content>
internal sealed partial class Encoder
{
    private static List<ValueCase> One(int term) => [new([], Prop.True, term)];

    private List<ValueCase> Values(Expression expression, Scope scope)
    {
        if (++_depth > MaximumDepth)
            throw new UndecidedException(UnknownReason.Budget, "the predicate is nested too deeply", expression);
        var values = ValuesCore(expression, scope);
        if (values.Count > 64)
            throw new UndecidedException(UnknownReason.Budget, "too many cases of one value", expression);
        _depth--;
        return values;
    }

    private List<ValueCase> ValuesCore(Expression expression, Scope scope)
    {
        if (SessionKeys.Of(expression) is { } session)
        {
            // A function that runs as its owner has another current user.
            var key = session.Key == "current_user" && scope.Sight == Sight.Owner ? "current_user of the owner" : session.Key;
            return One(terms.Session(key, session.Type));
        }
        switch (expression)
        {
            case Literal literal:
                return One(Constant(literal));
            case ParameterReference parameter:
                return Parameter(parameter, scope);
            case ColumnReference column:
                return Column(column, scope);
            case ScalarSubquery subquery:
                return Scalar(subquery.Query, scope, subquery);
            case CaseExpression choice:
                return ChoiceValues(choice, scope);
            case CastExpression cast:
                return CastValues(cast, scope);
            case ConditionalExpression { Function: ConditionalFunction.Coalesce } coalesce:
                return Coalesce(coalesce, scope);
            case ConditionalExpression { Function: ConditionalFunction.NullIf, Arguments.Length: 2 } nullIf:
                return NullIf(nullIf, scope);
            case ConditionalExpression conditional:
                return Apply("opaque:" + conditional.Function, conditional.Arguments, scope, TypeFamily.Any, isStrict: false);
            case FunctionCall call:
                return Call(call, scope);
            case OperatorExpression { Left: { } left, IsOperatorSyntax: false } binary when ComparisonOf(binary) is null && !IsContainment(binary):
                return Operator(binary, left, scope);
            case OperatorExpression { Left: null, IsOperatorSyntax: false } unary:
                return Apply("strict:prefix " + unary.Operator.Name.Text, [unary.Right], scope, TypeFamily.Any, isStrict: true);
            case AtTimeZone { Zone: { } zone } at:
                return Apply("strict:at time zone", [at.Operand, zone], scope, TypeFamily.Any, isStrict: true);
            case ArrayConstructor array:
                return ArrayValues(array, scope);
            case Subscript { IsSlice: false, Lower: null, Upper: { } index } subscript:
                return Apply("strict:[]", [subscript.Operand, index], scope, TypeFamily.Any, isStrict: true);
            case CollateExpression collate:
                return Apply("strict:collate " + collate.Collation, [collate.Operand], scope, "collated", isStrict: true);
            default:
                if (IsPredicate(expression) || (expression is OperatorExpression containment && IsContainment(containment)))
                {
                    var isTrue = Truth(expression, scope, true);
                    var isFalse = Truth(expression, scope, false);
                    return
                    [
                        new([], isTrue, TermTable.True),
                        new([], isFalse, TermTable.False),
                        new([], Prop.And(Prop.Not(isTrue), Prop.Not(isFalse)), TermTable.Null),
                    ];
                }
                throw new UndecidedException(UnknownReason.UnsupportedSyntax, "not read: " + SqlPrinter.Print(expression), expression);
        }
    }

    private static bool IsContainment(OperatorExpression expression) => expression.Operator.Name == "@>" && expression.Right is ArrayConstructor { Items.Length: 1 };

    private int Constant(Literal literal)
    {
        switch (literal.Kind)
        {
            case LiteralKind.Null:
                return TermTable.Null;
            case LiteralKind.True:
                return TermTable.True;
            case LiteralKind.False:
                return TermTable.False;
            case LiteralKind.String:
                return terms.Constant(TypeFamily.Unknown, literal.GetText());
            case LiteralKind.Integer or LiteralKind.Float when Constants.TryNumber(literal.GetText(), out var number):
                return terms.Constant(decimal.Truncate(number) == number && literal.Kind == LiteralKind.Integer ? TypeFamily.Integer : TypeFamily.Numeric, Constants.Number(number));
            default:
                throw new UndecidedException(UnknownReason.UnsupportedSyntax, "a constant of this kind", literal);
        }
    }

    private List<ValueCase> Parameter(ParameterReference parameter, Scope scope)
    {
        if (parameter.Style == ParameterStyle.Positional)
        {
            for (var current = scope; current is not null; current = current.Outer)
            {
                if (current.Parameters is { } arguments)
                    return arguments.TryGetValue("$" + parameter.Number, out var value) ? value : throw new UndecidedException(UnknownReason.SchemaMissing, "parameter $" + parameter.Number, parameter);
            }
        }
        return One(terms.Session("@" + SqlPrinter.Print(parameter), TypeFamily.Any));
    }

    private List<ValueCase> Column(ColumnReference column, Scope scope)
    {
        if (column.IsStar)
            throw new UndecidedException(UnknownReason.UnsupportedSyntax, "a whole row", column);
        var name = column.Name.Name.Text;
        for (var current = scope; current is not null; current = current.Outer)
        {
            if (FindBinding(current, column, name) is { } binding)
            {
                if (binding.Targets is not null)
                    return Values(binding.Targets[name], binding.Inner!);
                return One(terms.Column(binding.Row, name));
            }
            if (current.Parameters is { } arguments && arguments.TryGetValue(name, out var value))
                return value;
        }
        // In a query of a function's body a name that is no column is a variable.
        if (_target < 0 && column.Name.Qualifier.IsEmpty)
            return One(terms.Session("@" + name, TypeFamily.Any));
        throw new UndecidedException(UnknownReason.SchemaMissing, "no column " + column.Name, column);
    }

    private static Binding? FindBinding(Scope scope, ColumnReference column, string name)
    {
        if (!column.Name.Qualifier.IsEmpty)
        {
            foreach (var binding in scope.Bindings)
            {
                if (binding.Alias != column.Name.Qualifier.Text)
                    continue;
                return binding.MayHave(name) ? binding : throw new UndecidedException(UnknownReason.SchemaMissing, "no column " + column.Name, column);
            }
            return null;
        }
        Binding? certain = null, possible = null;
        int certainCount = 0, possibleCount = 0;
        foreach (var binding in scope.Bindings)
        {
            if (binding.Has(name))
            {
                certain = binding;
                certainCount++;
            }
            else if (binding.MayHave(name))
            {
                possible = binding;
                possibleCount++;
            }
        }
        if (certainCount == 1)
            return certain;
        if (certainCount > 1 || possibleCount > 1)
            throw new UndecidedException(UnknownReason.SchemaMissing, "column " + name + " is ambiguous", column);
        if (possible is null)
            return null;
        // A table whose columns are not known may or may not have the name: where an outer relation has it for certain, both readings are open.
        for (var outer = scope.Outer; outer is not null; outer = outer.Outer)
        {
            if (outer.Bindings.Exists(binding => binding.Has(name)) || outer.Parameters?.ContainsKey(name) == true)
                throw new UndecidedException(UnknownReason.SchemaMissing, "column " + name + " may be that of " + possible.Alias, column);
        }
        return possible;
    }

    private List<ValueCase> ChoiceValues(CaseExpression choice, Scope scope)
    {
        var result = new List<ValueCase>();
        var passed = Prop.True;
        foreach (var branch in choice.Branches)
        {
            var condition = choice.Operand is { } operand
                ? Compare("=", operand, scope, branch.Condition, scope, true)
                : Truth(branch.Condition, scope, true);
            foreach (var value in Values(branch.Result, scope))
                result.Add(value with { Guard = Prop.And(passed, condition, value.Guard) });
            passed = Prop.And(passed, Prop.Not(condition));
        }
        foreach (var value in choice.Otherwise is { } otherwise ? Values(otherwise, scope) : One(TermTable.Null))
            result.Add(value with { Guard = Prop.And(passed, value.Guard) });
        return Living(result);
    }

    private List<ValueCase> Coalesce(ConditionalExpression coalesce, Scope scope)
    {
        var result = new List<ValueCase>();
        List<ValueCase> missing = One(TermTable.Null);
        foreach (var argument in coalesce.Arguments)
        {
            var next = new List<ValueCase>();
            foreach (var before in missing)
            {
                foreach (var value in Values(argument, scope))
                {
                    int[] rows = [.. before.Rows, .. value.Rows];
                    var guard = Prop.And(before.Guard, value.Guard);
                    result.Add(new(rows, Prop.And(guard, Prop.IsNotNull(terms, value.Term)), value.Term));
                    next.Add(new(rows, Prop.And(guard, Prop.IsNull(terms, value.Term)), TermTable.Null));
                }
            }
            missing = Living(next);
        }
        result.AddRange(missing);
        return Living(result);
    }

    private List<ValueCase> NullIf(ConditionalExpression nullIf, Scope scope)
    {
        var equal = Compare("=", nullIf.Arguments[0], scope, nullIf.Arguments[1], scope, true);
        var result = new List<ValueCase> { new([], equal, TermTable.Null) };
        foreach (var value in Values(nullIf.Arguments[0], scope))
            result.Add(value with { Guard = Prop.And(Prop.Not(equal), value.Guard) });
        return Living(result);
    }

    private static List<ValueCase> Living(List<ValueCase> values)
    {
        values.RemoveAll(static value => value.Guard.Kind == PropKind.False);
        return values;
    }

    private List<ValueCase> CastValues(CastExpression cast, Scope scope)
    {
        var type = cast.Type;
        if (type.IsSetOf || type.IsColumnType)
            throw new UndecidedException(UnknownReason.UnsupportedSyntax, "a cast to a column's type", cast);
        var name = terms.TypeOf(type.Name.Name.Text) + (type.ArrayDimensions > 0 ? "[]" : "");
        // A length or a scale changes values.
        if (type.Modifiers.Length > 0)
            return Apply("strict:cast to " + SqlPrinter.Print(type), [cast.Operand], scope, name, isStrict: true);
        var result = new List<ValueCase>();
        foreach (var value in Values(cast.Operand, scope))
            result.Add(value with { Term = Cast(value.Term, name, cast) });
        return result;
    }

    private int Cast(int term, string type, SqlNode node)
    {
        var value = terms[term];
        // A cast of a parameter says what type it is sent as.
        if (value.Kind == ValueKind.Null || value.Type == type || (value.Kind == ValueKind.Session && value.Type == TypeFamily.Any))
            return term;
        if (value.Kind == ValueKind.Constant)
        {
            if (value.Type is TypeFamily.Unknown or TypeFamily.Text || (TypeFamily.IsNumber(value.Type) && type == TypeFamily.Numeric))
                return Constants.Coerce(value.Name, type) is { } text ? terms.Constant(type, text) : TermTable.Null;
            if (type == TypeFamily.Text && value.Type is TypeFamily.Uuid or TypeFamily.Integer or TypeFamily.Boolean)
                return terms.Constant(TypeFamily.Text, value.Name);
        }
        // Every integer is a numeric of the same value.
        if (value.Type == TypeFamily.Integer && type == TypeFamily.Numeric)
            return term;
        // Equal values of these types may be written differently.
        if (value.Type is TypeFamily.Numeric or "float4" or "float8" or "citext" or "bpchar" or "character")
            throw new UndecidedException(UnknownReason.UnsupportedSyntax, "a cast of " + value.Type + " to " + type, node);
        if (type == TypeFamily.Uuid && value.Kind == ValueKind.Function && value.Name == "cast:uuid>text")
            return value.Arguments[0];
        return terms.Function("cast:" + value.Type + ">" + type, [term], type);
    }

    private List<ValueCase> ArrayValues(ArrayConstructor array, Scope scope)
    {
        var result = new List<ValueCase>();
        foreach (var value in Apply("array", array.Items, scope, "", isStrict: false, isKnown: true))
        {
            var node = terms[value.Term];
            var element = TypeFamily.Any;
            foreach (var argument in node.Arguments)
            {
                if (terms[argument].Type.Length > 0 && terms[argument].Type != TypeFamily.Unknown)
                    element = terms[argument].Type;
            }
            result.Add(value with { Term = terms.Function("array", node.Arguments, element + "[]") });
        }
        return result;
    }

    private List<ValueCase> Operator(OperatorExpression binary, Expression left, Scope scope)
    {
        var name = binary.Operator.Name.Text;
        var type = name switch
        {
            "->>" or "#>>" or "||" => TypeFamily.Text,
            "->" or "#>" => "jsonb",
            "&&" or "@>" or "<@" or "~" or "~*" or "!~" or "!~*" or "?" or "?|" or "?&" or "@@" or "@?" or "~~" or "~~*" or "!~~" or "!~~*" => TypeFamily.Boolean,
            _ => TypeFamily.Any,
        };
        return Apply("strict:" + name, [left, binary.Right], scope, type, isStrict: true);
    }

    /// <summary>A function of its arguments' values, every combination of their cases.</summary>
    private List<ValueCase> Apply(string name, IReadOnlyList<Expression> arguments, Scope scope, string type, bool isStrict, bool isKnown = false)
    {
        var combined = new List<(int[] Rows, Prop Guard, int[] Terms)> { ([], Prop.True, []) };
        foreach (var argument in arguments)
        {
            if (argument is RowConstructor)
                throw new UndecidedException(UnknownReason.UnsupportedSyntax, "a row as an argument", argument);
            var values = Values(argument is NamedArgument named ? named.Value : argument, scope);
            var next = new List<(int[], Prop, int[])>();
            foreach (var (rows, guard, sofar) in combined)
            {
                foreach (var value in values)
                    next.Add(([.. rows, .. value.Rows], Prop.And(guard, value.Guard), [.. sofar, value.Term]));
            }
            if (next.Count > 64)
                throw new UndecidedException(UnknownReason.Budget, "too many cases of one value", argument);
            combined = next;
        }
        if (!isKnown)
            _opaque.Add(name.Substring(name.IndexOf(':') + 1));
        var result = new List<ValueCase>();
        foreach (var (rows, guard, values) in combined)
        {
            var term = isStrict && Array.IndexOf(values, TermTable.Null) >= 0 ? TermTable.Null : terms.Function(name, values, type);
            result.Add(new(rows, guard, term));
        }
        return Living(result);
    }
}
