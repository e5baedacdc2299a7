using System.CommandLine;
using PolicyLint.Cli.Output;
using PolicyLint.Cli.Verification;
using PolicyLint.Live;
using PolicyLint.Live.Probing;
using PolicyLint.Live.Verification;

namespace PolicyLint.Cli.Commands;

/// <summary>`policylint verify`: the rules, and a plan where one is given, over what a server holds.</summary>
internal static class VerifyCommand
{
    public static Command Create()
    {
        var path = new Argument<string?>("PATH") { Description = "The folder of the migrations that the database is compared with; their policylint.yml counts for it.", Arity = ArgumentArity.ZeroOrOne };
        var noDrift = CommonOptions.Flag("--no-drift", "Do not compare the database with the migrations below PATH.");
        var scratch = new Option<string?>("--scratch") { Description = "Apply the migrations below PATH to a throwaway server and check what it holds then.", HelpName = "PATH" };
        var database = new Option<string?>("--database") { Description = "Check this database, read-only: a postgres:// URL or Npgsql keywords; without a value DATABASE_URL or the PG* variables.", HelpName = "URL", Arity = ArgumentArity.ZeroOrOne };
        var targets = new Option<string?>("--targets") { Description = "Check many databases: a file with a line `URL`, or `NAME URL`, for each.", HelpName = "FILE" };
        var plan = new Option<string?>("--plan") { Description = "A verification plan: what must hold of the database.", HelpName = "FILE" };
        var phase = new Option<string>("--phase") { Description = "Which part of the plan to check.", DefaultValueFactory = _ => "after" };
        phase.AcceptOnlyFromAmong([.. PhaseNames.All]);
        var until = new Option<string?>("--until") { Description = "With --scratch: apply the migrations before this one only, for the plan's phase `before`; by default the file that the plan names in `from`.", HelpName = "FILE" };
        var probe = new Option<string?>("--probe") { Description = "Try to get at a user's rows as another and as nobody. `read` looks for rows that are there, in a read-only transaction; `write` makes them in one that is rolled back, for which a database must be named by the guard of the plan.", HelpName = "read|write" };
        probe.AcceptOnlyFromAmong("read", "write");
        var connections = new Option<int>("--connections") { Description = "How many connections look at data at once.", DefaultValueFactory = _ => 4 };
        var sample = new Option<decimal?>("--sample") { Description = "Count in this share of each table only, in percent of its pages.", HelpName = "PERCENT" };
        var statementTimeout = new Option<int>("--statement-timeout") { Description = "The longest that a statement may run, in seconds; 0 for no limit.", DefaultValueFactory = _ => 60 };
        var lockTimeout = new Option<int>("--lock-timeout") { Description = "The longest that a statement may wait for a lock, in seconds; 0 for no limit.", DefaultValueFactory = _ => 2 };
        var configuration = new Option<string?>("--config") { Description = "The folder of the policylint.yml for databases; by default the current folder and those above it.", HelpName = "FOLDER" };
        var binaries = new Option<string?>("--postgres-bin") { Description = "Folder with initdb and postgres for --scratch; by default PATH and the usual places are searched.", HelpName = "FOLDER" };
        var format = CommonOptions.Format();
        var failOn = CommonOptions.FailOn();
        var command = new Command("verify", "Check what a database really holds with the same rules, and with a plan.")
        {
            path, noDrift, scratch, database, targets, plan, phase, until, probe, connections, sample, statementTimeout, lockTimeout, configuration, binaries, format, failOn,
        };
        command.Validators.Add(result =>
        {
            if (new Option[] { scratch, database, targets }.Count(option => result.GetResult(option) is not null) != 1)
                result.AddError("give one of --scratch PATH, --database URL and --targets FILE");
            if (result.GetValue(path) is not null && result.GetResult(scratch) is not null)
                result.AddError("--scratch names the folder of the migrations itself: leave PATH out");
            if (result.GetResult(noDrift) is not null && result.GetValue(path) is null)
                result.AddError("--no-drift goes with the PATH of the migrations");
            if (result.GetResult(phase) is { Implicit: false } && result.GetResult(plan) is null)
                result.AddError("--phase chooses a part of a plan: give --plan FILE");
            if (result.GetResult(until) is not null && result.GetResult(scratch) is null)
                result.AddError("--until is about the migrations that --scratch applies");
            if (result.GetValue(sample) is <= 0 or > 100)
                result.AddError("--sample is a percentage above 0 and up to 100");
            if (result.GetResult(connections) is { Implicit: false } && result.GetValue(connections) is < 1 or > 64)
                result.AddError("--connections is a number from 1 to 64");
        });
        command.SetAction(async (parsed, cancellation) =>
        {
            var terminal = Terminal.ForProcess();
            var problems = new List<Problem>();
            var folder = parsed.GetValue(path);
            var request = new VerifyRequest
            {
                Files = folder is null || CommonOptions.IsGiven(parsed, noDrift) ? null : FileDrift.ReadOne(folder, terminal, problems, cancellation),
                Plan = parsed.GetValue(plan) is { } file ? VerifyRequest.ReadPlan(file, terminal.WorkingFolder, problems) : null,
                Until = parsed.GetValue(until),
                Phase = PhaseNames.Parse(parsed.GetValue(phase)!),
                Probe = parsed.GetValue(probe) switch { null => null, "read" => ProbeMode.Read, _ => ProbeMode.Write },
                PostgresBin = parsed.GetValue(binaries),
                Run = new PlanRunOptions
                {
                    Connections = parsed.GetValue(connections),
                    SamplePercent = parsed.GetValue(sample),
                    Session = new SafeSessionOptions
                    {
                        StatementTimeout = TimeSpan.FromSeconds(parsed.GetValue(statementTimeout)),
                        LockTimeout = TimeSpan.FromSeconds(parsed.GetValue(lockTimeout)),
                    },
                },
            };
            // A plan that can't be read must not turn into a run without one.
            var report = problems.Count > 0 ? new Report { Findings = [], Problems = problems }
                : parsed.GetValue(scratch) is { } migrations ? await ScratchVerification.RunAsync(migrations, request, terminal, cancellation).ConfigureAwait(false)
                : parsed.GetValue(targets) is { } list ? await TargetList.RunAsync(list, parsed.GetValue(configuration) ?? folder ?? ".", request, terminal, cancellation).ConfigureAwait(false)
                : await DatabaseVerification.RunAsync(parsed.GetValue(database), parsed.GetValue(configuration) ?? folder ?? ".", request, terminal, cancellation).ConfigureAwait(false);
            ReportFormats.Create(parsed.GetValue(format)!, terminal.UseColor).Write(report, terminal.Output);
            await terminal.Output.FlushAsync(cancellation).ConfigureAwait(false);
            return report.ExitCodeFor(CommonOptions.ParseSeverity(parsed.GetValue(failOn)!));
        });
        return command;
    }
}
