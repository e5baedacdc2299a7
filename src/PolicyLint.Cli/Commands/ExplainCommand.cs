using System.CommandLine;
using PolicyLint.Core.Findings;

namespace PolicyLint.Cli.Commands;

/// <summary>`policylint explain RULE`: the rule's page.</summary>
internal static class ExplainCommand
{
    public static Command Create()
    {
        var rule = new Argument<string>("RULE") { Description = "A rule's id or name: PL1001, rls-not-enabled.", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("explain", "Say what a rule reports, why it matters and how to mend it; without RULE list the rules.") { rule };
        command.SetAction(parsed => Run(parsed.GetValue(rule), Terminal.ForProcess()));
        return command;
    }

    internal static int Run(string? idOrName, Terminal terminal)
    {
        if (idOrName is null)
        {
            foreach (var info in AllRules.Infos)
                terminal.Output.WriteLine($"{info.Id}  {info.Name,-36} {Output.SeverityNames.Of(info.Severity),-11} {info.Title}");
            return ExitCode.Clean;
        }
        if (AllRules.Find(idOrName) is { } found)
        {
            terminal.Output.Write(Core.Rules.RulePage.Render(found));
            return ExitCode.Clean;
        }
        var nearest = NearestName.Find(idOrName, AllRules.Infos.SelectMany(info => new[] { info.Id, info.Name }));
        terminal.Messages.WriteLine($"policylint: there is no rule {idOrName}{(nearest is null ? "" : $"; did you mean {nearest}?")}");
        return ExitCode.NotDone;
    }
}
