using System.Diagnostics;

namespace PolicyLint.Cli;

/// <summary>Words for faults of this program.</summary>
internal static class InternalErrors
{
    /// <summary>What to do about one.</summary>
    public const string HowToReport = "This is a fault of PolicyLint, not of your files. Please report it with the file, if you can, at https://github.com/policylint/policylint/issues";

    /// <summary>What failed, on what, and where in the program.</summary>
    public static string Describe(string where, Exception exception)
    {
        var frame = new StackTrace(exception).GetFrame(0)?.GetMethod();
        var place = frame is null ? "" : $" in {frame.DeclaringType?.Name}.{frame.Name}";
        return $"the analysis failed on {where}: {exception.GetType().Name}{place}: {exception.Message}";
    }
}
