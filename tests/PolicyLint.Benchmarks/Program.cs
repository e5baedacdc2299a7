using PolicyLint.Benchmarks;

const string Usage = """
    usage: PolicyLint.Benchmarks COMMAND
    ORACLE is a folder with oracle.mjs, where `npm install` was run; INPUT is a .jsonl file of judged statements or a folder of .sql files.
      accept FILE.jsonl [SHOWN]       statements that PostgreSQL accepts or refuses, against ours, grouped
      accept FOLDER ORACLE            the same for whole files, judged now
      roundtrip INPUT ORACLE          print every typed statement: PostgreSQL makes the same tree of it
      plpgsql INPUT ORACLE            statement kinds of every PL/pgSQL body, against PostgreSQL's
      kept INPUT                      what the tree keeps as text, by leading words; none of it may be of the catalog
      compare FOLDER [RUNS]           the folder's migrations and 20,000 policies: MB/s of libpg_query and ours, bytes allocated per byte
      speed FILE.sql [RUNS]           ours alone on one file
      linear FILE.sql|FOLDER          time of 1, 2, 4, … 64 M characters
      hostile                         deep nests, long chains and lines, text that does not end
      drift CORPUS SHARED [NAME]      the replay of every database of the corpus, against a scratch server and against what one was seen to hold
      probes CORPUS SHARED [NAME]     every tenant table of the corpus's databases that apply, probed as two users and as nobody
      witnesses CORPUS SHARED [NAME]  the witness of every finding on the corpus's databases that apply, replayed on a scratch server
      splinter FILE [TABLES [TOOL]]   the rules on a generated live database beside splinter's queries: time, that of a published policylint too, and what both find
      prove FOLDER [REASONS]          questions of every repository in the folder: time, shares decided, reasons of the rest
      decide FOLDER [REASONS [NAME]]  the same questions once each: shares decided of all and of those of which the files say all
      prove-edit                      600 policies for every command and role, from nothing and after one edit
      prove-scale [TABLES]            the rules on a generated catalog of four policies a table, all of few shapes
      prove-z3 FOLDER                 the same questions, ground, by z3 -in: its own time beside ours
      compare-squawk POLICYLINT SQUAWK CORPUS RUNS   both programs on the same files; scripts/compare-squawk.sh prepares them
      brute COUNT SEED                random questions: every answer compared with evaluation over small databases and sessions
      brute-server COUNT SEED         the evaluator of small databases, and the interpreter of refutations, compared with a scratch server
      drift-regress FILE.jsonl [NAME] the replay of PostgreSQL's regression suite, file by file, against a scratch server
      fuzz SECONDS [SEED] [FILE.jsonl] mutated statements: no exception, no hang
      csharp-cost ANALYZERS [PROJECTS FILES MIGRATIONS RUNS EDITS]   dotnet build of a generated solution with the analyzers of that folder and without at once, a processor each (taskset), exchanged between runs; Meziantou.Analyzer likewise
      csharp-corpus FOLDER [NAME [FINDINGS.tsv]]   C# repositories: places that run SQL, share of texts known, findings by rule
      csharp-fixes FOLDER [NAME [DIFFS]]   every code fix that is offered in C# repositories, made alone: it compiles as before and its finding is gone
      csharp-edits [FILES MIGRATIONS EDITS]   the analyzer's own time in an editor: first analysis, then after one-line edits
      csharp-solution FOLDER PROJECTS FILES MIGRATIONS   the generated solution alone
    """;

return args switch
{
    ["accept", var file] => Acceptance.Run(file, 5),
    ["accept", var folder, var oracle] when Directory.Exists(folder) => Acceptance.Run(folder, new Oracle(oracle)),
    ["accept", var file, var shown] => Acceptance.Run(file, int.Parse(shown)),
    ["roundtrip", var path, var oracle] => RoundTrip.Run(path, new Oracle(oracle)),
    ["plpgsql", var path, var oracle] => PlPgSqlKinds.Run(path, new Oracle(oracle)),
    ["kept", var path] => KeptStatements.Run(path),
    ["compare", var folder] => Speed.Compare(folder, 15),
    ["compare", var folder, var runs] => Speed.Compare(folder, int.Parse(runs)),
    ["speed", var file] => Speed.Run(file, 15),
    ["speed", var file, var runs] => Speed.Run(file, int.Parse(runs)),
    ["linear", var path] => Speed.Linear(path),
    ["hostile"] => Fuzzing.Hostile(),
    ["prove", var folder] => Proving.Run(folder, 5),
    ["prove", var folder, var reasons] => Proving.Run(folder, int.Parse(reasons)),
    ["decide", var folder] => Proving.Decide(folder, 5, ""),
    ["decide", var folder, var reasons] => Proving.Decide(folder, int.Parse(reasons), ""),
    ["decide", var folder, var reasons, var name] => Proving.Decide(folder, int.Parse(reasons), name),
    ["prove-edit"] => ProvingAgain.Edit(600),
    ["prove-scale"] => ProvingAgain.Scale(5000),
    ["prove-scale", var tables] => ProvingAgain.Scale(int.Parse(tables)),
    ["prove-z3", var folder] => Proving.CompareWithZ3(folder),
    ["brute", var count, var seed] => BruteForce.Search(int.Parse(count), int.Parse(seed)),
    ["brute-server", var count, var seed] => await BruteForceServer.RunAsync(int.Parse(count), int.Parse(seed)),
    ["drift-regress", var file] => await RegressionFidelity.RunAsync(file),
    ["drift-regress", var file, var name] => await RegressionFidelity.RunAsync(file, name),
    ["fuzz", var seconds] => Fuzzing.Run(int.Parse(seconds), 1, null),
    ["fuzz", var seconds, var seed] => Fuzzing.Run(int.Parse(seconds), int.Parse(seed), null),
    ["fuzz", var seconds, var seed, var file] => Fuzzing.Run(int.Parse(seconds), int.Parse(seed), file),
    ["compare-squawk", var policylint, var squawk, var corpus, var runs] => SquawkComparison.Run(policylint, squawk, corpus, int.Parse(runs)),
    ["drift", var corpus, var shared] => await Fidelity.RunAsync(corpus, shared),
    ["drift", var corpus, var shared, var name] => await Fidelity.RunAsync(corpus, shared, name),
    ["splinter", var file] => await Splinter.RunAsync(file, 5000, tool: null),
    ["splinter", var file, var tables] => await Splinter.RunAsync(file, int.Parse(tables), tool: null),
    ["splinter", var file, var tables, var tool] => await Splinter.RunAsync(file, int.Parse(tables), tool),
    ["probes", var corpus, var shared] => await Probes.RunAsync(corpus, shared),
    ["probes", var corpus, var shared, var name] => await Probes.RunAsync(corpus, shared, name),
    ["witnesses", var corpus, var shared] => await Witnesses.RunAsync(corpus, shared),
    ["witnesses", var corpus, var shared, var name] => await Witnesses.RunAsync(corpus, shared, name),
    ["csharp-cost", var analyzers] => CSharpCost.Run(analyzers, 1, 1000, 300, 2, 8),
    ["csharp-cost", var analyzers, var projects, var files, var migrations, var runs, var edits] => CSharpCost.Run(analyzers, int.Parse(projects), int.Parse(files), int.Parse(migrations), int.Parse(runs), int.Parse(edits)),
    ["csharp-corpus", var folder] => CSharpCorpus.Run(folder, null, null),
    ["csharp-corpus", var folder, var name] => CSharpCorpus.Run(folder, name, null),
    ["csharp-corpus", var folder, var name, var findings] => CSharpCorpus.Run(folder, name.Length > 0 ? name : null, findings),
    ["csharp-fixes", var folder] => CSharpFixes.Run(folder, "", null),
    ["csharp-fixes", var folder, var name] => CSharpFixes.Run(folder, name, null),
    ["csharp-fixes", var folder, var name, var diffs] => CSharpFixes.Run(folder, name, diffs),
    ["csharp-edits"] => CSharpEdits.Run(1000, 300, 5),
    ["csharp-edits", var files, var migrations, var edits] => CSharpEdits.Run(int.Parse(files), int.Parse(migrations), int.Parse(edits)),
    ["csharp-solution", var target, var projects, var files, var migrations] => CSharpCost.Write(target, int.Parse(projects), int.Parse(files), int.Parse(migrations)),
    _ => ShowUsage(),
};

static int ShowUsage()
{
    Console.Error.WriteLine(Usage);
    return 2;
}
