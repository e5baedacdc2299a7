using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace PolicyLint.CSharp.EntityFramework;

/// <summary>Writes lambdas over the elements of a query as conditions in SQL. What says nothing of whose a row is becomes a parameter.</summary>
internal sealed class PredicateSql(IReadOnlyList<EntityType> tables)
{
    private readonly List<IOperation> _values = [];
    private readonly HashSet<string> _compared = new(StringComparer.Ordinal);
    private string? _free;
    private readonly Dictionary<ISymbol, RowShape> _elements = new(SymbolEqualityComparer.Default);

    /// <summary>
    /// Starts again where a condition that says nothing compares a column that another speaks of, which may be joined to a key. What is written by then is of no use.
    /// </summary>
    public bool StartsAgain()
    {
        if (_free is not { Length: > 0 } || !_compared.Contains(_free))
            return false;
        _free = FreeColumn();
        _values.Clear();
        return true;
    }

    /// <summary>Why a refutation would prove nothing; null where all was read.</summary>
    public string? Undecided { get; private set; }

    /// <summary>What `@p0`, `@p1`, … stand for.</summary>
    public IReadOnlyList<IOperation> Values => _values;

    /// <summary>The alias of the rows of a table.</summary>
    public static string AliasOf(int table) => table == 0 ? "r" : "r" + table.ToString(CultureInfo.InvariantCulture);

    /// <summary>What the parameter of a lambda stands for.</summary>
    public void Bind(IAnonymousFunctionOperation lambda, RowShape element)
    {
        if (lambda.Symbol.Parameters is [var parameter, ..])
            _elements[parameter] = element;
    }

    /// <summary>A lambda as a condition.</summary>
    public string Translate(IAnonymousFunctionOperation lambda, RowShape element)
    {
        if (lambda.Symbol.Parameters.Length == 0)
            return Free(lambda);
        Bind(lambda, element);
        return RowShape.ValueOf(lambda) is { } value ? Condition(value) : Unread(lambda);
    }

    /// <summary>The equality of two expressions of bound lambdas.</summary>
    public string Equal(IOperation left, IOperation right) => Equality(left, right, isEqual: true) ?? Unread(left);

    private string Condition(IOperation operation)
    {
        switch (operation)
        {
            case IConversionOperation conversion:
                return Condition(conversion.Operand);
            case IParenthesizedOperation parenthesized:
                return Condition(parenthesized.Operand);
            case IUnaryOperation { OperatorKind: UnaryOperatorKind.Not } not:
                return "(NOT " + Condition(not.Operand) + ")";
            case IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalAnd or BinaryOperatorKind.And } and:
                return "(" + Condition(and.LeftOperand) + " AND " + Condition(and.RightOperand) + ")";
            case IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalOr or BinaryOperatorKind.Or } or:
                if (SwitchesOff(or.LeftOperand, or.RightOperand) || SwitchesOff(or.RightOperand, or.LeftOperand))
                    Undecided = "a condition may be switched off";
                return "(" + Condition(or.LeftOperand) + " OR " + Condition(or.RightOperand) + ")";
            case IBinaryOperation { OperatorKind: BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals } comparison:
                return Comparison(comparison);
            case IInvocationOperation { TargetMethod: { Name: "Equals", IsStatic: false }, Instance: { } left, Arguments: [var right] } when Column(left) is not null && !MentionsRow(right.Value):
                return Equality(left, right.Value, isEqual: true) ?? Harmless(operation);
            case IInvocationOperation { TargetMethod.Name: "Contains" } call when Contained(call) is { } item && RowShape.Of(item, _elements) is RowShape.Column of && !tables[of.Table].IsKey(of.Property):
                return ChosenRows.GivenBy(call) is not null ? Free(call) : Unread(call);
            case IInvocationOperation { TargetMethod.Name: "Contains" } call when Contained(call) is { } item && Column(item) is { } column:
                return IsOfRowAround(call) ? Unread(call) : $"({column} = ANY ({Parameter(call)}))";
            case ILiteralOperation { ConstantValue.Value: bool value }:
                return value ? "TRUE" : "FALSE";
            default:
                return Column(operation) is { } flag && operation.Type?.SpecialType == SpecialType.System_Boolean ? $"({flag} = TRUE)" : Harmless(operation);
        }
    }

    // `isRoot || row.TenantId == tenant`: who goes without the condition is decided elsewhere.
    private bool SwitchesOff(IOperation flag, IOperation condition) => flag.ConstantValue is not { HasValue: true } && !MentionsRow(flag)
        && condition.DescendantsAndSelf().Any(part => RowShape.Of(part, _elements) is RowShape.Column of && tables[of.Table].IsKey(of.Property));

    private string Comparison(IBinaryOperation comparison) =>
        Equality(comparison.LeftOperand, comparison.RightOperand, comparison.OperatorKind == BinaryOperatorKind.Equals) ?? Harmless(comparison);

    private string? Equality(IOperation left, IOperation right, bool isEqual)
    {
        if (Column(left) is null && Column(right) is not null)
            (left, right) = (right, left);
        if (Column(left) is not { } column)
            return null;
        if (IsNull(right))
            return $"({column} IS {(isEqual ? "" : "NOT ")}NULL)";
        if (Column(right) is { } other)
            return $"({column} {(isEqual ? "=" : "<>")} {other})";
        if (RowShape.Of(left, _elements) is RowShape.Column of && tables[of.Table].IsKey(of.Property) && IsOfRowAround(right))
            return Unread(right);
        return MentionsRow(right) ? null : $"({column} {(isEqual ? "=" : "<>")} {Parameter(right)})";
    }

    // Another row of the query that this one stands in says nothing of the user, unless that one is the user's.
    private bool IsOfRowAround(IOperation value)
    {
        foreach (var part in value.DescendantsAndSelf())
        {
            if (part is not IParameterReferenceOperation { Parameter: { ContainingSymbol: IMethodSymbol { MethodKind: MethodKind.AnonymousFunction } function } parameter } || _elements.ContainsKey(parameter))
                continue;
            for (var parent = value.Parent; parent is not null; parent = parent.Parent)
            {
                if (parent is IAnonymousFunctionOperation lambda && SymbolEqualityComparer.Default.Equals(lambda.Symbol, function) && EntityRead.IsExpression(lambda))
                    return true;
            }
        }
        return false;
    }

    // A condition on the row's other columns may be true for anyone's row; one that reaches further may not.
    private string Harmless(IOperation operation)
    {
        foreach (var part in operation.DescendantsAndSelf())
        {
            if (part is IParameterReferenceOperation element && _elements.ContainsKey(element.Parameter) && ReachesFurther(element))
                return Unread(operation);
        }
        return Free(operation);
    }

    private bool ReachesFurther(IOperation part)
    {
        while (true)
        {
            switch (RowShape.Of(part, _elements))
            {
                case RowShape.Column column:
                    return tables[column.Table].ColumnOf(column.Property) is null || tables[column.Table].IsKey(column.Property);
                case RowShape.Row when part.Parent?.WithoutConversions() is IBinaryOperation comparison && (IsNull(comparison.LeftOperand) || IsNull(comparison.RightOperand)):
                    return false;
                case RowShape.Row or RowShape.Members when part.Parent is IPropertyReferenceOperation or IConversionOperation:
                    part = part.Parent;
                    continue;
                default:
                    return true;
            }
        }
    }

    private string Unread(IOperation operation)
    {
        Undecided = "a condition can't be read";
        return Free(operation);
    }

    // A condition that may be true or false for any row, whoever owns it: it compares a column that says nothing of that.
    private string Free(IOperation operation)
    {
        _free ??= FreeColumn();
        return _free.Length == 0 ? "(" + Parameter(operation) + " = 1)" : $"({AliasOf(0)}.{EntityJudgement.Quote(_free)} = {Parameter(operation)})";
    }

    private string FreeColumn() =>
        tables[0].Table?.Columns.FirstOrDefault(column => !_compared.Contains(column.Name) && !tables.Any(table => table.Keys.Any(key => key.Column.Name == column.Name)))?.Name ?? "";

    private string? Column(IOperation operation)
    {
        if (RowShape.Of(operation, _elements) is not RowShape.Column of || tables[of.Table].ColumnOf(of.Property) is not { } column)
            return null;
        if (of.Table == 0)
            _compared.Add(column.Name);
        return AliasOf(of.Table) + "." + EntityJudgement.Quote(column.Name);
    }

    private bool MentionsRow(IOperation operation) => operation.DescendantsAndSelf().Any(part => part is IParameterReferenceOperation { Parameter: var parameter } && _elements.ContainsKey(parameter));

    // ids.Contains(row.TenantId): a method of a collection that is not the row's.
    private IOperation? Contained(IInvocationOperation call)
    {
        var (collection, item) = call.Instance is { } instance
            ? (instance, call.Arguments.Length > 0 ? call.Arguments[0].Value : null)
            : (call.Arguments.Length > 1 ? call.Arguments[0].Value : null, call.Arguments.Length > 1 ? call.Arguments[1].Value : null);
        return collection is not null && collection.Type?.SpecialType != SpecialType.System_String && !MentionsRow(collection) ? item : null;
    }

    private static bool IsNull(IOperation operation)
    {
        operation = operation.WithoutConversions();
        return operation.ConstantValue is { HasValue: true, Value: null };
    }

    /// <summary>A parameter that stands for a value.</summary>
    public string Parameter(IOperation value)
    {
        _values.Add(value);
        return "@p" + (_values.Count - 1).ToString(CultureInfo.InvariantCulture);
    }
}
