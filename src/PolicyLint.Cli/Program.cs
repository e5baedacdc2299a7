using System.CommandLine;
using PolicyLint.Cli;
using PolicyLint.Cli.Commands;

var root = new RootCommand("PolicyLint checks that one user of a PostgreSQL database cannot reach another user's rows.")
{
    CheckCommand.Create(),
    BaselineCommand.Create(),
    InitCommand.Create(),
    VerifyCommand.Create(),
    PlanCommand.Create(),
    DriftCommand.Create(),
    AccessCommand.Create(),
    CatalogCommand.Create(),
    ExplainCommand.Create(),
};

var parsed = root.Parse(args);
if (parsed.Errors.Count > 0)
{
    foreach (var error in parsed.Errors)
        Console.Error.WriteLine("policylint: " + error.Message);
    Console.Error.WriteLine("policylint: see 'policylint --help'");
    return ExitCode.NotDone;
}

try
{
    return await parsed.InvokeAsync(new() { EnableDefaultExceptionHandler = false });
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine("policylint: stopped");
    return ExitCode.NotDone;
}
#pragma warning disable CA1031 // The last net: whatever is not foreseen is a fault of this program, and says so with its own exit code.
catch (Exception e)
{
    Console.Error.WriteLine("policylint: internal error: " + e);
    Console.Error.WriteLine("policylint: " + InternalErrors.HowToReport);
    return ExitCode.InternalError;
}
#pragma warning restore CA1031
finally
{
    Terminal.Flush();
}
