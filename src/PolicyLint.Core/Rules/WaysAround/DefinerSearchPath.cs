using PolicyLint.Core.Catalog;
using PolicyLint.Core.Findings;

namespace PolicyLint.Core.Rules.WaysAround;

internal sealed class DefinerSearchPath : CatalogRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "PL4001",
        Name = "definer-search-path",
        Severity = Severity.Error,
        Title = "SECURITY DEFINER function without a fixed search_path",
        What = "Reports a SECURITY DEFINER function that sets no search_path.",
        Why = "The function runs with its owner's rights and finds its tables and functions by the caller's search_path. A caller who may create objects somewhere on it puts their own in place of those that are meant.",
        Fix = "`SET search_path = ''` on the function, with every name in it qualified.",
        Bad = """
            create table public.admins (id uuid primary key);
            create function public.is_admin() returns boolean language sql stable security definer
            -- ^^^ PL4001: The SECURITY DEFINER function public.is_admin has no fixed search_path
              as $$ select exists (select 1 from admins) $$;
            """,
        Good = """
            create table public.admins (id uuid primary key);
            create function public.is_admin() returns boolean language sql stable security definer set search_path = ''
              as $$ select exists (select 1 from public.admins) $$;
            """,
        Sources = ["PostgreSQL manual, CREATE FUNCTION, Writing SECURITY DEFINER Functions Safely", "splinter 0011", "pgrls SEC015", "pgspot PS003"],
        IsLive = true,
    };

    public override void Check(CatalogRuleContext context)
    {
        foreach (var function in context.Catalog.FunctionsInOrder())
        {
            if (!function.IsSecurityDefiner || function.IsForeignOwned || function.IsAssumed || function.Settings.ContainsKey("search_path"))
                continue;
            context.Report(
                this, Location.Of(function.DefinedAt), $"{function.Id}({string.Join(",", function.InputTypes)})",
                $"The SECURITY DEFINER function {function.Id} has no fixed search_path: its caller chooses what its names mean");
        }
    }
}
