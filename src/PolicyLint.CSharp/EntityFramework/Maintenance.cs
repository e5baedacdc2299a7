using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PolicyLint.CSharp.Binding;

namespace PolicyLint.CSharp.EntityFramework;

/// <summary>Work that is done for all tenants at once: no user is there whose rows could be meant.</summary>
internal static class Maintenance
{
    private const int MostCalls = 3;

    // What such work is called where it only looks at the time.
    private static readonly string[] Words = ["Expire", "Expiring", "Cleanup", "CleanUp", "Purge", "Prune", "Stale", "Overdue", "NextRun", "Retention", "Orphan"];

    /// <summary>The query stands in a job, a hosted service or a seeder, or in a method that only these call; or nothing but the time says which rows it takes, and the method is named for that.</summary>
    public static bool IsDoneBy(EntityRead read, CodeBase code, CancellationToken cancellation) => MethodOf(read.End, code, cancellation) is { } method
        && (IsRunByJobs(method, code, MostCalls, cancellation)
            || Words.Any(word => method.Name.IndexOf(word, StringComparison.Ordinal) >= 0) && DueRows.AreTaken(read) is not null && !IsAskedByUsers(read.End, method, code, cancellation));

    /// <summary>What speaks for it; null where nothing does.</summary>
    public static string? DoubtOf(EntityRead read, CodeBase code, CancellationToken cancellation) =>
        DueRows.AreTaken(read) == true && MethodOf(read.End, code, cancellation) is { } method && !IsAskedByUsers(read.End, method, code, cancellation) ? "unless a job takes what is due for all of them" : null;

    private static IMethodSymbol? MethodOf(IOperation operation, CodeBase code, CancellationToken cancellation)
    {
        var symbol = code.ModelOf(operation.Syntax.SyntaxTree).GetEnclosingSymbol(operation.Syntax.SpanStart, cancellation);
        while (symbol is IMethodSymbol { MethodKind: MethodKind.AnonymousFunction or MethodKind.LocalFunction })
            symbol = symbol.ContainingSymbol;
        return symbol as IMethodSymbol;
    }

    private static bool IsRunByJobs(IMethodSymbol method, CodeBase code, int calls, CancellationToken cancellation)
    {
        if (IsJob(method.ContainingType))
            return true;
        return calls > 0 && !Endpoints.IsAction(method) && code.CallersOf(method, cancellation) is { Count: > 0 } callers
            && callers.All(caller => IsScheduled(caller) || MethodOf(caller, code, cancellation) is { } calling && !SymbolEqualityComparer.Default.Equals(calling, method) && IsRunByJobs(calling, code, calls - 1, cancellation));
    }

    private static bool IsJob(INamedTypeSymbol type)
    {
        for (var outer = type; outer is not null; outer = outer.ContainingType)
        {
            if (outer.Name.EndsWith("Job", StringComparison.Ordinal) || outer.Name.EndsWith("Seeder", StringComparison.Ordinal) || outer.AllInterfaces.Any(implemented => implemented.Name is "IHostedService" or "IJob" or "IInvocable"))
                return true;
        }
        return false;
    }

    // RecurringJob.AddOrUpdate<Notes>("name", notes => notes.RemoveOld(), Cron.Daily)
    private static bool IsScheduled(IOperation caller)
    {
        for (var parent = caller.Parent; parent is not null; parent = parent.Parent)
        {
            if (parent is IInvocationOperation { TargetMethod.ContainingType.Name: var name } && name.IndexOf("RecurringJob", StringComparison.Ordinal) >= 0)
                return true;
        }
        return false;
    }

    private static bool IsAskedByUsers(IOperation operation, IMethodSymbol method, CodeBase code, CancellationToken cancellation)
    {
        for (var parent = operation.Parent; parent is not null; parent = parent.Parent)
        {
            if (parent is IAnonymousFunctionOperation { Parent: { } handler } && Endpoints.MappingOf(handler) is not null)
                return true;
        }
        return Endpoints.IsAction(method) || code.CallersOf(method, cancellation) is not { } callers
            || callers.Any(caller => MethodOf(caller, code, cancellation) is { } calling && Endpoints.IsAction(calling));
    }
}
