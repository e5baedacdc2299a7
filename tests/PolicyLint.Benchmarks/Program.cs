using PolicyLint.Benchmarks;

const string Usage = """
    usage: PolicyLint.Benchmarks COMMAND
      accept FILE.jsonl [SHOWN]       statements that PostgreSQL accepts or refuses, against ours, grouped
      files FOLDER                    {"id","sql"} lines of a folder's .sql files, for the oracle's `accepts`
      judge TEXTS.jsonl ANSWERS.jsonl the same as accept, with the oracle's answers to those lines
      roundtrip FILE.jsonl|FOLDER     {"id","sql","printed"} lines of every typed statement, for the oracle
      speed FILE.sql [RUNS]           MB/s and allocated bytes per input byte, on one thread after warm-up
      policies COUNT                  writes a script of generated policies
      linear FILE.sql                 time of 1, 2, 4, … times the text, up to 64 MB
      drift CORPUS SHARED [NAME]      the replay of every database of the corpus, against a scratch server and against what one was seen to hold
      prove FOLDER [REASONS]          questions of every repository in the folder: time, shares decided, reasons of the rest
      prove-z3 FOLDER                 the same questions, ground, by z3 -in: its own time beside ours
      fuzz SECONDS [SEED] [FILE.jsonl] mutated statements: no exception, no hang
    """;

return args switch
{
    ["accept", var file] => Acceptance.Run(file, 5),
    ["accept", var file, var shown] => Acceptance.Run(file, int.Parse(shown)),
    ["files", var folder] => RoundTrip.WriteFiles(folder),
    ["judge", var texts, var answers] => Acceptance.Judge(texts, answers, 5),
    ["roundtrip", var path] => RoundTrip.Run(path),
    ["speed", var file] => Speed.Run(file, 15),
    ["speed", var file, var runs] => Speed.Run(file, int.Parse(runs)),
    ["policies", var count] => Speed.WritePolicies(int.Parse(count)),
    ["linear", var file] => Speed.Linear(file),
    ["prove", var folder] => Proving.Run(folder, 5),
    ["prove", var folder, var reasons] => Proving.Run(folder, int.Parse(reasons)),
    ["prove-z3", var folder] => Proving.CompareWithZ3(folder),
    ["fuzz", var seconds] => Fuzzing.Run(int.Parse(seconds), 1, null),
    ["fuzz", var seconds, var seed] => Fuzzing.Run(int.Parse(seconds), int.Parse(seed), null),
    ["fuzz", var seconds, var seed, var file] => Fuzzing.Run(int.Parse(seconds), int.Parse(seed), file),
    ["drift", var corpus, var shared] => await Fidelity.RunAsync(corpus, shared),
    ["drift", var corpus, var shared, var name] => await Fidelity.RunAsync(corpus, shared, name),
    _ => ShowUsage(),
};

static int ShowUsage()
{
    Console.Error.WriteLine(Usage);
    return 2;
}
