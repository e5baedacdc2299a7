using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PolicyLint.Core.Catalog;
using PolicyLint.CSharp.Binding;

namespace PolicyLint.CSharp.EntityFramework;

/// <summary>
/// Conditions joined by OR, each of which says whose a row is: `row.UserId == userId || row.OrganizationId == organizationId`, or
/// `row.UserId == userId || row.Email == email`, where the user's own row was asked for the address.
/// </summary>
internal sealed class OwnedAlternatives(EntityRead read, ProjectAnalysis project, CancellationToken cancellation)
{
    private readonly EntityModel? _entities = project.Entities;

    /// <summary>Such a condition holds for the rows that are read, or for those of a table of the query that leads to them.</summary>
    public bool NameTheOwner()
    {
        var tables = new HashSet<int>();
        for (var table = 0; table <= read.Whole.Joins.Count; table++)
        {
            if (read.Whole.Table(table).Predicates.Exists(lambda => Says(lambda, new RowShape.Row(table), table)) || read.Whole.Conditions.Exists(condition => Says(condition.Lambda, condition.Element, table)))
                tables.Add(table);
        }
        return tables.Contains(read.Table)
            || tables.Count > 0 && new QueryLinks(read.Whole, project.Database).IsReachedFrom(tables, read.Table, EntityJudgement.Of(read.Whole, project.Database, cancellation));
    }

    private bool Says(IAnonymousFunctionOperation lambda, RowShape element, int table)
    {
        if (lambda.Symbol.Parameters is not [var parameter, ..] || RowShape.ValueOf(lambda) is not { } condition || !read.Whole.Table(table).Entity.IsTenant)
            return false;
        var row = new Dictionary<ISymbol, RowShape>(SymbolEqualityComparer.Default) { [parameter] = element };
        return Says(condition, row, table);
    }

    private bool Says(IOperation condition, IReadOnlyDictionary<ISymbol, RowShape> row, int table)
    {
        var parts = new List<IOperation>();
        Flatten(condition, parts);
        return parts.Exists(part => part switch
        {
            IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalOr or BinaryOperatorKind.Or } either => Says(either.LeftOperand, row, table) && Says(either.RightOperand, row, table),
            IBinaryOperation { OperatorKind: BinaryOperatorKind.Equals } equality => IsOwner(equality.LeftOperand, equality.RightOperand) || IsOwner(equality.RightOperand, equality.LeftOperand),
            IInvocationOperation { TargetMethod: { Name: "Equals", IsStatic: false }, Instance: { } instance, Arguments: [var other] } => IsOwner(instance, other.Value) || IsOwner(other.Value, instance),
            _ => false,
        });

        bool IsOwner(IOperation column, IOperation value) =>
            RowShape.Of(column, row) is RowShape.Column of && of.Table == table && read.Whole.Table(table).Entity is var entity && IsGiven(value)
            && (entity.IsKey(of.Property) || entity.Keys[0].IsInferred && entity.ColumnOf(of.Property) is not null && IsOfOwnRow(value, entity, parts));
    }

    private static void Flatten(IOperation condition, List<IOperation> parts)
    {
        condition = condition.WithoutConversions();
        while (condition is IParenthesizedOperation parenthesized)
            condition = parenthesized.Operand.WithoutConversions();
        if (condition is not IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalAnd or BinaryOperatorKind.And } both)
        {
            parts.Add(condition);
            return;
        }
        Flatten(both.LeftOperand, parts);
        Flatten(both.RightOperand, parts);
    }

    // Neither a constant nothing nor what another row says.
    private static bool IsGiven(IOperation value) => !value.WithoutConversions().ConstantValue.HasValue
        && !value.DescendantsAndSelf().Any(part => part is IParameterReferenceOperation { Parameter.ContainingSymbol: IMethodSymbol { MethodKind: MethodKind.AnonymousFunction } });

    // `await users.Where(user => user.Id == userId).Select(user => user.Email).FirstAsync()`, which no two users have. Nothing would be everybody's that has nothing there.
    private bool IsOfOwnRow(IOperation value, EntityType entity, List<IOperation> parts)
    {
        if (value.WithoutConversions() is not ILocalReferenceOperation local || ParameterBindings.SingleValueOf(local) is not { } given)
            return false;
        while (given is IAwaitOperation or IConversionOperation or IInvocationOperation { TargetMethod.Name: "ConfigureAwait", Instance: not null })
            given = given is IAwaitOperation awaited ? awaited.Operation : given is IConversionOperation conversion ? conversion.Operand : ((IInvocationOperation)given).Instance!;
        if (given is not IInvocationOperation { TargetMethod.Name: var end, Arguments.Length: > 0 } call || !LoadedRow.IsSingle(call))
            return false;
        var isTested = parts.Exists(part => part is IBinaryOperation { OperatorKind: BinaryOperatorKind.NotEquals } test && (IsLocal(test.LeftOperand) && IsNull(test.RightOperand) || IsNull(test.LeftOperand) && IsLocal(test.RightOperand)));
        var (isByKey, isOneUsers) = (false, false);
        IOperation source = call;
        for (; source is IInvocationOperation { Arguments: [{ Value: var before }, ..] arguments } operation && EntityQueries.Root(source, _entities) is null; source = before.WithoutConversions())
        {
            if (arguments.Length < 2 || EntityQueries.LambdaOf(arguments[1].Value) is not { } lambda)
                continue;
            if (operation.TargetMethod.Name == "Where")
                isByKey |= IsByKey(lambda, entity);
            else if (operation.TargetMethod.Name == "Select" && !isOneUsers && RowShape.ValueOf(lambda) is IPropertyReferenceOperation { Instance.Type: INamedTypeSymbol type, Property.Name: var property } && _entities?.Find(type) is { } owner && owner.IsUniqueOfAll(property))
                isOneUsers = isTested || owner.ColumnOf(property) is { IsNotNull.Value: true } && end.IndexOf("OrDefault", StringComparison.Ordinal) < 0;
            else
                return false;
        }
        return isByKey && isOneUsers && EntityQueries.Root(source, _entities) is not null;

        bool IsLocal(IOperation operand) => operand.WithoutConversions() is ILocalReferenceOperation other && SymbolEqualityComparer.Default.Equals(other.Local, local.Local);
    }

    // By the key of the table of users or tenants that a tenancy key refers to.
    private bool IsByKey(IAnonymousFunctionOperation lambda, EntityType entity) => lambda.Symbol.Parameters is [{ Type: INamedTypeSymbol type }] && _entities?.Find(type) is { Table: { } owners }
        && entity.Table!.Constraints.Any(constraint => constraint is { Kind: ConstraintKind.ForeignKey, Columns: [var column], ReferencedTable: { } id } && id.Equals(owners.Id) && entity.Keys.Any(key => key.Column.Name == column))
        && Equality.AllOf(lambda).Any(equality => IsKeyOf(equality.Left) && IsGiven(equality.Right) || IsKeyOf(equality.Right) && IsGiven(equality.Left));

    private bool IsKeyOf(IOperation operand) => operand is IPropertyReferenceOperation { Instance: IParameterReferenceOperation { Type: INamedTypeSymbol type }, Property.Name: var name } && _entities?.Find(type) is { } owner && owner.IsWholePrimaryKey(name);

    private static bool IsNull(IOperation operation) => operation.WithoutConversions().ConstantValue is { HasValue: true, Value: null };
}
