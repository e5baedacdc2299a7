using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Table = PolicyLint.Core.Catalog.Table;

namespace PolicyLint.CSharp.Binding;

/// <summary>Which tenant table a method of the project reads or writes, through the methods that it calls. It serves all threads.</summary>
internal sealed class TenantReach(ProjectAnalysis project)
{
    private const int MaximumDepth = 4;

    private readonly ConcurrentDictionary<IMethodSymbol, Table?> _known = new(SymbolEqualityComparer.Default);

    /// <summary>A table behind a call; null where it reaches none, where what it runs is not known, and where the code behind it asks who the user is.</summary>
    public Table? Of(IInvocationOperation call, CancellationToken cancellation) => MethodOf(call) is { } method ? _known.GetOrAdd(method, called => Search(called, cancellation)) : null;

    /// <summary>The operation asks who the user is: of the request, or of what knows the user by its name.</summary>
    public static bool AsksForUser(IOperation operation) =>
        operation.Type is { Name: "HttpContext" or "IHttpContextAccessor" or "ClaimsPrincipal" or "IPrincipal" }
        || operation is IMemberReferenceOperation or IParameterReferenceOperation && IsUserType(operation.Type);

    private static bool IsUserType(ITypeSymbol? type) => type is { TypeKind: TypeKind.Interface or TypeKind.Class, Name: var name }
        && (name.IndexOf("User", StringComparison.Ordinal) >= 0 || name.IndexOf("Tenant", StringComparison.Ordinal) >= 0 || name.IndexOf("Session", StringComparison.Ordinal) >= 0);

    private Table? Search(IMethodSymbol first, CancellationToken cancellation)
    {
        var seen = new HashSet<IMethodSymbol>(SymbolEqualityComparer.Default) { first };
        IReadOnlyList<IMethodSymbol> level = [first];
        Table? found = null;
        for (var depth = 0; depth < MaximumDepth && level.Count > 0; depth++)
        {
            var next = new List<IMethodSymbol>();
            foreach (var method in level)
            {
                foreach (var operation in project.Code.BodyOf(method, cancellation)?.Descendants() ?? [])
                {
                    if (AsksForUser(operation))
                        return null;
                    found ??= project.TableAt(operation, cancellation);
                    if (operation is IInvocationOperation call && MethodOf(call) is { } called && seen.Add(called))
                        next.Add(called);
                }
            }
            level = next;
        }
        return found;
    }

    private IMethodSymbol? MethodOf(IInvocationOperation call) =>
        call.TargetMethod.ContainingType is { DeclaringSyntaxReferences.Length: > 0 } ? project.Implementations.Of(call.TargetMethod) : null;
}
