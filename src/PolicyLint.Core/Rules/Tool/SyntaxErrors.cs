using PolicyLint.Core.Findings;

namespace PolicyLint.Core.Rules.Tool;

internal sealed class SyntaxErrors : ToolRule
{
    /// <summary>The one instance, for the engine.</summary>
    public static SyntaxErrors Rule { get; } = new();

    public override RuleInfo Info { get; } = new()
    {
        Id = "PL9001",
        Name = "syntax-error",
        Severity = Severity.Error,
        Title = "Statement that PostgreSQL would refuse",
        What = "Reports a statement that is not PostgreSQL 18's SQL, at the token at which the server's parser would stop and in its words.",
        Why = "A statement that cannot be read cannot be checked: what it names is treated as not known from there on.",
        Fix = "Correct the statement. Text that is no SQL does not belong into a `.sql` file or an `sql` block.",
        Bad = """
            create table public.notes (id uuid primary key);
            alter table public.notes enable row security;
            --                                  ^^^^^^^^ PL9001: syntax error at or near "security"
            """,
        Good = """
            create table public.notes (id uuid primary key);
            alter table public.notes enable row level security;
            """,
        Sources = ["PostgreSQL manual, part VI, SQL commands"],
    };
}
