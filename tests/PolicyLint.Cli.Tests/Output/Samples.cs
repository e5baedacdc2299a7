using PolicyLint.Core.Findings;
using PolicyLint.Core.Rules;
using PolicyLint.Sql.Text;

namespace PolicyLint.Cli.Tests.Output;

/// <summary>A report with every shape that a writer must render.</summary>
internal static class Samples
{
    public static RuleInfo Rule { get; } = new()
    {
        Id = "PL1001",
        Name = "rls-not-enabled",
        Severity = Severity.Error,
        Title = "Tenant table without row-level security",
        What = "What.",
        Why = "Why.",
        Fix = "Fix.",
        Bad = "",
        Good = "",
    };

    public static Report Report()
    {
        var source = new SourceText("create table a (x int);\n\tcreate table \"ä b\" (user_id uuid);\n", "db/ä b.sql");
        var place = new Location(source, TextSpan.FromBounds(source.Text.IndexOf("\"ä", StringComparison.Ordinal), source.Text.IndexOf(" (user", StringComparison.Ordinal)));
        return new()
        {
            Findings =
            [
                new()
                {
                    Rule = Rule,
                    Severity = Severity.Error,
                    Message = "Table public.ä b has user_id: 100% of its rows, readable",
                    Location = place,
                    Related = [new(new(source, new(0, 6)), "made here")],
                    Witness = "a session with auth.uid() = 'a' reaches the row t(user_id = 'b')",
                    Subject = "public.ä b",
                    Fingerprint = "0011223344556677",
                },
                new()
                {
                    Rule = Rule,
                    Severity = Severity.Warning,
                    Message = "Table public.t has no row-level security",
                    Location = new(null, default, "table public.t"),
                    Subject = "public.t",
                    Fingerprint = "8899aabbccddeeff",
                },
            ],
            Problems = [new("db/x.sql", "not read: this is not a text file (it contains NUL bytes)")],
            Notes = ["tenancy: user_id = auth.uid(), inferred"],
            Files = 2,
            Statements = 3,
            Suppressed = 1,
        };
    }

    public static string Render(string format, Report? report = null)
    {
        using var output = new StringWriter { NewLine = "\n" };
        Cli.Output.ReportFormats.Create(format, useColor: false).Write(report ?? Report(), output);
        return output.ToString();
    }
}
