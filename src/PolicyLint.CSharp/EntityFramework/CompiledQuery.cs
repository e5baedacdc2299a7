using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PolicyLint.Core.Logic;

namespace PolicyLint.CSharp.EntityFramework;

/// <summary>
/// EF.CompileQuery: its lambda is a function whose parameters the caller gives, and no part of a query around it. What the lambda captures, and what it asks
/// its context, is put into the query as a constant where that runs first (EF Core's CompiledQueryBase).
/// </summary>
internal static class CompiledQuery
{
    private const string TakenOnce = "a compiled query takes what is no parameter of it once for all calls";

    /// <summary>A call of EF.CompileQuery or EF.CompileAsyncQuery.</summary>
    public static bool IsMade(IInvocationOperation call) =>
        call.TargetMethod is { Name: "CompileQuery" or "CompileAsyncQuery", ContainingType: { Name: "EF", ContainingNamespace.Name: "EntityFrameworkCore" } };

    /// <summary>The lambda is given to such a call.</summary>
    public static bool Is(IAnonymousFunctionOperation lambda) => WholeOf(lambda) is IInvocationOperation call && IsMade(call);

    /// <summary>The field or property that holds the query which an operation is a part of; null where there is none.</summary>
    public static ISymbol? HolderOf(IOperation operation) => Around(operation) is { } lambda && WholeOf(lambda) is { } call
        ? WholeOf(call) switch
        {
            IFieldInitializerOperation { InitializedFields: [var field] } => field,
            IPropertyInitializerOperation { InitializedProperties: [var property] } => property,
            _ => null,
        }
        : null;

    /// <summary>The query that the lambda gives for its caller to run; null where the lambda takes the result itself.</summary>
    public static IOperation? SourceOf(IInvocationOperation call) =>
        IsMade(call) && LambdaOf(call) is { } lambda && RowShape.ValueOf(lambda)?.WithoutConversions() is { Type: { } type } value && EntityQueries.IsQueryable(type) ? value : null;

    /// <summary>The lambda that an operation stands in or, where it compiles the query, is given; null where there is none.</summary>
    public static IAnonymousFunctionOperation? Around(IOperation operation)
    {
        if (operation is IInvocationOperation call && IsMade(call))
            return LambdaOf(call);
        for (var parent = operation.Parent; parent is not null; parent = parent.Parent)
        {
            if (parent is IAnonymousFunctionOperation lambda && Is(lambda))
                return lambda;
        }
        return null;
    }

    /// <summary>A parameter of the lambda that each call gives anew.</summary>
    public static bool IsGiven(IAnonymousFunctionOperation lambda, IParameterSymbol parameter) =>
        SymbolEqualityComparer.Default.Equals(parameter.ContainingSymbol, lambda.Symbol) && !EntityModel.IsContext(parameter.Type);

    /// <summary>A read in the lambda: a condition with a value that was taken for the first user guards nobody else.</summary>
    public static EntityRead Judged(EntityRead read, IAnonymousFunctionOperation lambda)
    {
        if (read.Judgement is not { Verdict: Verdict.Proven } judgement || !judgement.Values.Any(value => IsTakenOnce(value, lambda)))
            return read;
        if (read.Equalities().Any(equality => read.Entity.IsKey(equality.Property) && !IsTakenOnce(equality.Value, lambda)))
            return read;
        return read with { Query = read.Query with { Undecided = TakenOnce }, Judgement = judgement with { Verdict = new Verdict.Unknown(UnknownReason.OpaqueFunction, TakenOnce) } };
    }

    // The DbSet stands for what a filter of the model compares, which is asked each time.
    private static bool IsTakenOnce(IOperation value, IAnonymousFunctionOperation lambda) => !(value.Type is { } type && EntityQueries.IsQueryable(type)) && value.DescendantsAndSelf().Any(part => part switch
    {
        ILocalReferenceOperation { Local.IsConst: false } or IInstanceReferenceOperation => true,
        IFieldReferenceOperation { Instance: null, Field.IsConst: false } or IPropertyReferenceOperation { Instance: null } => true,
        IInvocationOperation { Instance: null, TargetMethod.IsExtensionMethod: false, Arguments.Length: 0 } => true,
        IParameterReferenceOperation { Parameter: var parameter } => parameter.ContainingSymbol is not IMethodSymbol { MethodKind: MethodKind.AnonymousFunction } || EntityModel.IsContext(parameter.Type),
        _ => false,
    });

    private static IOperation? WholeOf(IOperation part)
    {
        var parent = part.Parent;
        while (parent is IConversionOperation or IDelegateCreationOperation or IArgumentOperation)
            parent = parent.Parent;
        return parent;
    }

    private static IAnonymousFunctionOperation? LambdaOf(IInvocationOperation call) => call.Arguments is [{ Value: var query }, ..] ? EntityQueries.LambdaOf(query) : null;
}
