using System.CommandLine;
using PolicyLint.Cli;
using PolicyLint.Cli.Commands;

NamedCommand[] commands =
[
    new("check", CheckCommand.Create),
    new("baseline", BaselineCommand.Create),
    new("init", InitCommand.Create),
    new("verify", VerifyCommand.Create),
    new("plan", PlanCommand.Create),
    new("drift", DriftCommand.Create),
    new("access", AccessCommand.Create),
    new("catalog", CatalogCommand.Create),
    new("explain", ExplainCommand.Create),
];

var parsed = Asked()?.Create().Parse(args[1..]) ?? All().Parse(args);
if (parsed.Errors.Count > 0)
{
    foreach (var error in parsed.Errors)
        Terminal.Complaints.WriteLine("policylint: " + error.Message);
    Terminal.Complaints.WriteLine("policylint: see 'policylint --help'");
    return ExitCode.NotDone;
}

try
{
    return parsed.Invoke(new() { EnableDefaultExceptionHandler = false });
}
catch (OperationCanceledException)
{
    Terminal.Complaints.WriteLine("policylint: stopped");
    return ExitCode.NotDone;
}
#pragma warning disable CA1031 // The last net: whatever is not foreseen is a fault of this program, and says so with its own exit code.
catch (Exception e)
{
    Terminal.Complaints.WriteLine("policylint: internal error: " + e);
    Terminal.Complaints.WriteLine("policylint: " + InternalErrors.HowToReport);
    return ExitCode.InternalError;
}
#pragma warning restore CA1031
finally
{
    Terminal.Flush();
}

// A command that is named first needs neither the others nor what explains them: making those takes as long as checking a small file.
NamedCommand? Asked()
{
    foreach (var arg in args)
    {
        if (arg is "--help" or "-h" or "-?" or "/h" or "/?" || arg.StartsWith('@'))
            return null;
    }
    foreach (var command in commands)
    {
        if (args.Length > 0 && args[0] == command.Name)
            return command;
    }
    return null;
}

RootCommand All()
{
    var root = new RootCommand("PolicyLint checks that one user of a PostgreSQL database cannot reach another user's rows.");
    foreach (var command in commands)
        root.Add(command.Create());
    return root;
}

file sealed record NamedCommand(string Name, Func<Command> Create);
