using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PolicyLint.Core.Access;
using PolicyLint.Core.Logic;

namespace PolicyLint.CSharp.EntityFramework;

/// <summary>Decides by the prover whether lambdas over an entity imply its tenancy condition.</summary>
/// <param name="Verdict">The answer; Unknown where a lambda narrows in a way that can't be read.</param>
/// <param name="Key">The key that it is about.</param>
/// <param name="Values">What the parameters of the condition stand for, by index.</param>
/// <param name="Occurrence">The table as the condition's statement reads it.</param>
/// <param name="Source">That statement.</param>
internal sealed record EntityJudgement(Verdict Verdict, TenantKey Key, IReadOnlyList<IOperation> Values, TenantOccurrence Occurrence, Sql.Tree.Statement Source)
{
    /// <summary>The answer; null where the entity has no table to judge.</summary>
    public static EntityJudgement? Of(EntityType entity, IReadOnlyList<IAnonymousFunctionOperation> predicates, JudgedDatabase database, CancellationToken cancellation)
    {
        if (entity.Table is not { } table)
            return null;
        var condition = new PredicateSql(entity);
        var sql = $"SELECT 1 FROM {Quote(table.Id.Schema)}.{Quote(table.Id.Name)} AS {PredicateSql.Row}";
        for (var i = 0; i < predicates.Count; i++)
            sql += (i == 0 ? " WHERE " : " AND ") + condition.Translate(predicates[i]);
        var judged = database.Read(sql, cancellation);
        if (judged.Tree.Statements is not [var statement] || judged.Occurrences[0] is not [var occurrence])
            return null;
        var verdict = occurrence.Verdict is Verdict.Refuted && condition.Undecided is { } reason
            ? new Verdict.Unknown(UnknownReason.OpaqueFunction, reason)
            : occurrence.Verdict;
        return new(verdict, occurrence.Key, condition.Values, occurrence, statement);
    }

    internal static string Quote(string name) => "\"" + name.Replace("\"", "\"\"") + "\"";
}

/// <summary>Writes a lambda over an entity as a condition in SQL. What says nothing of whose the row is becomes a parameter.</summary>
internal sealed class PredicateSql(EntityType entity)
{
    /// <summary>The alias of the entity's row.</summary>
    public const string Row = "r";

    private readonly List<IOperation> _values = [];
    private readonly HashSet<ISymbol> _rows = new(SymbolEqualityComparer.Default);

    /// <summary>Why a refutation would prove nothing; null where all was read.</summary>
    public string? Undecided { get; private set; }

    /// <summary>What `@p0`, `@p1`, … stand for.</summary>
    public IReadOnlyList<IOperation> Values => _values;

    public string Translate(IAnonymousFunctionOperation lambda)
    {
        if (lambda.Symbol.Parameters.Length == 0)
            return Free(lambda);
        _rows.Add(lambda.Symbol.Parameters[0]);
        return lambda.Body.Operations is [IReturnOperation { ReturnedValue: { } value }] ? Condition(value) : Unread(lambda);
    }

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
                return "(" + Condition(or.LeftOperand) + " OR " + Condition(or.RightOperand) + ")";
            case IBinaryOperation { OperatorKind: BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals } comparison:
                return Comparison(comparison);
            case IInvocationOperation { TargetMethod: { Name: "Equals", IsStatic: false }, Instance: { } left, Arguments: [var right] } when Column(left) is { } column && !MentionsRow(right.Value):
                return $"({column} = {Parameter(right.Value)})";
            case IInvocationOperation { TargetMethod.Name: "Contains" } call when Contained(call) is { } item && Column(item) is { } column:
                return $"({column} = ANY ({Parameter(call)}))";
            case ILiteralOperation { ConstantValue.Value: bool value }:
                return value ? "TRUE" : "FALSE";
            default:
                return Column(operation) is { } flag && operation.Type?.SpecialType == SpecialType.System_Boolean ? $"({flag} = TRUE)" : Harmless(operation);
        }
    }

    private string Comparison(IBinaryOperation comparison)
    {
        var isEqual = comparison.OperatorKind == BinaryOperatorKind.Equals;
        var (left, right) = (comparison.LeftOperand, comparison.RightOperand);
        if (Column(left) is null && Column(right) is not null)
            (left, right) = (right, left);
        if (Column(left) is not { } column)
            return Harmless(comparison);
        if (IsNull(right))
            return $"({column} IS {(isEqual ? "" : "NOT ")}NULL)";
        if (Column(right) is { } other)
            return $"({column} {(isEqual ? "=" : "<>")} {other})";
        return MentionsRow(right) ? Harmless(comparison) : $"({column} {(isEqual ? "=" : "<>")} {Parameter(right)})";
    }

    // A condition on the row's other columns may be true for anyone's row; one that reaches further may not.
    private string Harmless(IOperation operation)
    {
        foreach (var part in operation.DescendantsAndSelf())
        {
            var reachesFurther = part switch
            {
                IParameterReferenceOperation row when _rows.Contains(row.Parameter) => row.Parent is not IPropertyReferenceOperation property || entity.ColumnOf(property.Property.Name) is null || entity.IsKey(property.Property.Name),
                _ => false,
            };
            if (reachesFurther)
                return Unread(operation);
        }
        return Free(operation);
    }

    private string Unread(IOperation operation)
    {
        Undecided = "a condition can't be read";
        return Free(operation);
    }

    // A condition that may be true or false for any row, whoever owns it: it compares a column that says nothing of that.
    private string Free(IOperation operation)
    {
        foreach (var column in entity.Table!.Columns)
        {
            if (!entity.Keys.Any(key => key.Column.Name == column.Name))
                return $"({Row}.{EntityJudgement.Quote(column.Name)} IS NOT DISTINCT FROM {Parameter(operation)})";
        }
        return "(" + Parameter(operation) + " = 1)";
    }

    private string? Column(IOperation operation)
    {
        operation = operation.WithoutConversions();
        var name = operation switch
        {
            IPropertyReferenceOperation { Property.Name: "Value", Instance: IPropertyReferenceOperation inner } when IsRow(inner.Instance) => inner.Property.Name,
            IPropertyReferenceOperation property when IsRow(property.Instance) => property.Property.Name,
            // EF.Property<Guid>(row, "TenantId")
            IInvocationOperation { TargetMethod: { Name: "Property", ContainingType.Name: "EF" }, Arguments: [var row, { Value.ConstantValue: { HasValue: true, Value: string text } }] } when IsRow(row.Value) => text,
            _ => null,
        };
        return name is not null && entity.ColumnOf(name) is { } column ? Row + "." + EntityJudgement.Quote(column.Name) : null;
    }

    private bool IsRow(IOperation? operation)
    {
        operation = operation?.WithoutConversions();
        return operation is IParameterReferenceOperation row && _rows.Contains(row.Parameter);
    }

    private bool MentionsRow(IOperation operation) => operation.DescendantsAndSelf().Any(IsRow);

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

    private string Parameter(IOperation value)
    {
        _values.Add(value);
        return "@p" + (_values.Count - 1).ToString(CultureInfo.InvariantCulture);
    }
}
