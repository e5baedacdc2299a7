using PolicyLint.Core.Findings;

namespace PolicyLint.Core.Rules;

/// <summary>
/// All that is said about a rule, in one place: its page, `explain`, the SARIF metadata, the compiler's descriptor
/// and the example tests are made of this.
/// </summary>
public sealed record RuleInfo
{
    /// <summary>`PL1001`: never reused, never renumbered.</summary>
    public required string Id { get; init; }

    /// <summary>Kebab case; names the bad pattern.</summary>
    public required string Name { get; init; }

    public required Severity Severity { get; init; }

    /// <summary>One line: becomes a table cell and the descriptor's title. No final dot.</summary>
    public required string Title { get; init; }

    /// <summary>What is reported, and what not. Markdown.</summary>
    public required string What { get; init; }

    /// <summary>Why it matters. Markdown.</summary>
    public required string Why { get; init; }

    /// <summary>What to do. Markdown.</summary>
    public required string Fix { get; init; }

    /// <summary>What the code fix in C# does, and when it is offered. Markdown; empty where there is none.</summary>
    public string CodeFix { get; init; } = "";

    /// <summary>
    /// SQL (or C# for PL5 and PL6) with this rule's findings marked by carets in the comment line below: `--   ^^^ PL1001`.
    /// Unmarked findings of this rule fail the example's test.
    /// </summary>
    public required string Bad { get; init; }

    /// <summary>The same done right: no finding of any rule of error or warning severity.</summary>
    public required string Good { get; init; }

    /// <summary>Configuration for the examples, as in policylint.yml; empty for none.</summary>
    public string ExampleConfiguration { get; init; } = "";

    /// <summary>Where the facts come from: PostgreSQL manual section, splinter, pgrls or squawk number.</summary>
    public IReadOnlyList<string> Sources { get; init; } = [];

    /// <summary>Also runs on a live catalog.</summary>
    public bool IsLive { get; init; }

    /// <summary>Rests on the prover: reports only what is refuted, or says what it did not decide.</summary>
    public bool UsesProver { get; init; }

    /// <summary>First version that has the rule.</summary>
    public string Since { get; init; } = "0.1.0";

    /// <summary>Reports a change that may be meant: accepted by `policylint:intended` on the statement.</summary>
    public bool MayBeIntended => IsChange(Id);

    /// <summary>The page of the rule.</summary>
    public string HelpLink => "https://github.com/policylint/policylint/blob/main/rules/" + Id + ".md";

    /// <summary>row-level-security-state, policies, migrations, ways-around, data-access, conventions, live, tool: by the id's thousands.</summary>
    public string Category => Id[2] switch
    {
        '1' => "Row-level security state",
        '2' => "Policies",
        '3' => "Migrations",
        '4' => "Ways around RLS",
        '5' => "C# data access",
        '6' => "C# conventions",
        '7' => "Live data and behaviour",
        _ => "The tool itself",
    };

    /// <summary>The rule with that id reports a change of access.</summary>
    internal static bool IsChange(string id) => id is "PL3001" or "PL3002" or "PL3019" or "PL3020" or "PL3021";
}
