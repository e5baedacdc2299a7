using PolicyLint.Core.Findings;

namespace PolicyLint.Core.Rules.Tool;

internal sealed class UnknownEffect : ToolRule
{
    /// <summary>The one instance, for the engine.</summary>
    public static UnknownEffect Rule { get; } = new();

    public override RuleInfo Info { get; } = new()
    {
        Id = "PL9005",
        Name = "unknown-effect",
        Severity = Severity.Information,
        Title = "Statement whose effect on the catalog is not known",
        What = "Reports a statement that may change the catalog in a way that cannot be told from the files: dynamic SQL of values that are only known when it runs.",
        Why = "What it may have touched is treated as not known: rules stay silent about it, and this finding says so.",
        Fix = "Write the statements out, or loop over a literal list so that their text is known.",
        Bad = """
            create table public.notes (id uuid primary key);
            do $$
            -- ^^^ PL9005: What this statement does to the catalog is not known
            begin
              execute (select string_agg(command, ';') from public.notes_commands);
            end $$;
            """,
        Good = """
            create table public.notes (id uuid primary key);
            do $$
            begin
              execute 'alter table public.notes enable row level security';
            end $$;
            """,
    };
}
