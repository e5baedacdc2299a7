using Microsoft.CodeAnalysis;

namespace PolicyLint.CSharp.EntityFramework;

/// <summary>Where a project may look at what SaveChanges writes.</summary>
internal static class WriteChecks
{
    /// <summary>A context overrides SaveChanges, or a type is an interceptor of it.</summary>
    public static bool Exist(CodeBase code)
    {
        var asked = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (tree, outline) in code.OutlinesOf(DeclarationOutline.Read, default))
        {
            foreach (var save in outline.Saves)
            {
                if (code.SymbolAt(tree, save, default) is IMethodSymbol { ContainingType: var type } && EntityModel.IsContext(type))
                    return true;
            }
            foreach (var type in outline.Types)
            {
                // What a type derives from is asked once, whichever type does.
                var isNew = false;
                foreach (var parent in type.Bases)
                    isNew |= asked.Add(parent);
                if (isNew && code.SymbolAt(tree, type.Span, default) is INamedTypeSymbol symbol && symbol.AllInterfaces.Any(implemented => implemented.Name == "ISaveChangesInterceptor"))
                    return true;
            }
        }
        return false;
    }
}
