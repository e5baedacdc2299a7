using PolicyLint.Core.Findings;

namespace PolicyLint.Core.Rules.Tool;

internal sealed class BudgetExceeded : ToolRule
{
    /// <summary>The one instance, for the engine.</summary>
    public static BudgetExceeded Rule { get; } = new();

    public override RuleInfo Info { get; } = new()
    {
        Id = "PL9006",
        Name = "budget-exceeded",
        Severity = Severity.Warning,
        Title = "A bound was reached and the result is partial",
        What = "Says where the analysis stopped short: a loop or blocks in a DO block that go on longer or deeper than is followed, or more findings of one rule than are shown. Bounds are counted in steps and not in time, so the same input stops at the same place on every machine. A policy that could not be decided within its steps is reported by PL2090.",
        Why = "Silence must not be taken for safety.",
        Fix = "Split the work, or write out what the loop makes. Many findings of one rule are best taken into a baseline.",
        Bad = """
            do $$
            begin
              for i in 1 .. 1000000 loop
            -- ^^^ PL9006: a loop runs longer than is followed
                perform i;
              end loop;
            end $$;
            """,
        Good = """
            do $$
            begin
              for i in 1 .. 12 loop
                execute format('create table public.notes_%s (id uuid primary key)', i);
              end loop;
            end $$;
            """,
    };
}
