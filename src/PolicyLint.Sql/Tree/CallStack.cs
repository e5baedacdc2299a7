using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace PolicyLint.Sql.Tree;

/// <summary>
/// Room for walks down a tree. Chains (a || b || …, UNION, JOIN) nest to the left as far as the text is long, so a walk
/// that runs out of stack goes on with a fresh one.
/// </summary>
internal static class CallStack
{
    private const int FreshBytes = 16 * 1024 * 1024;

    public static bool HasRoom
    {
        get
        {
            // netstandard2.0 has no form that answers without throwing.
            try
            {
                RuntimeHelpers.EnsureSufficientExecutionStack();
                return true;
            }
            catch (InsufficientExecutionStackException)
            {
                return false;
            }
        }
    }

    /// <summary>Runs the rest of a walk on a stack of its own and waits for it.</summary>
    public static T Continue<T>(Func<T> walk)
    {
        T result = default!;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(Run, FreshBytes);
        thread.Start();
        thread.Join();
        failure?.Throw();
        return result;

        void Run()
        {
            try
            {
                result = walk();
            }
#pragma warning disable CA1031 // whatever it is belongs to the thread that waits
            catch (Exception exception)
#pragma warning restore CA1031
            {
                failure = ExceptionDispatchInfo.Capture(exception);
            }
        }
    }
}
