using Microsoft.CodeAnalysis;

namespace PolicyLint.Analyzers;

/// <summary>A fault of ours is said as such, with what failed, and costs that one check: the compiler's own AD0001 would blame the build.</summary>
internal static class HostFault
{
    private const string NotAnalysed = "PL9007";

    /// <summary>Runs a check and reports what it throws.</summary>
    public static void Guard(Action<Diagnostic> report, Location location, Action check)
    {
        try
        {
            check();
        }
#pragma warning disable CA1031 // Whatever fails here must not fail the compilation.
        catch (Exception e) when (e is not OperationCanceledException)
#pragma warning restore CA1031
        {
            report(Of(location, e));
        }
    }

    /// <summary>The diagnostic that says that something failed.</summary>
    public static Diagnostic Of(Location location, Exception fault) => Create(location, $"PolicyLint failed here: {fault.GetType().Name}: {fault.Message}");

    /// <summary>The diagnostic that says that something was not analysed.</summary>
    public static Diagnostic Create(Location location, string message) => Diagnostic.Create(DescriptorMap.Of(NotAnalysed), location, message);
}
