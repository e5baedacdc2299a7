using PolicyLint.Core.Access;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Findings;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Rules.WaysAround;

internal sealed class DefinerPublicExecute : CatalogRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "PL4007",
        Name = "definer-public-execute",
        Severity = Severity.Warning,
        Title = "SECURITY DEFINER function that everyone may run",
        What = "Reports a SECURITY DEFINER function that writes to a table, does not look at who calls it, and whose EXECUTE is left to PUBLIC. Trigger functions cannot be called and are left alone, and so are functions that policies call, those in schemas that no API serves, those that ask for a token or another secret, and those that take no argument and touch no more than some rows, as a clean-up does.",
        Why = "EXECUTE on a new function belongs to PUBLIC unless it is revoked. On Supabase that is everyone with the public key: they run the function as its owner.",
        Fix = "`REVOKE EXECUTE ON FUNCTION … FROM PUBLIC`, on Supabase from `anon` and `authenticated` too, then grant it to the role that calls it; or ask for the caller inside of it.",
        Bad = """
            create table public.plans (id int primary key, price numeric not null);
            alter table public.plans enable row level security;
            create function public.set_price(plan int, new_price numeric) returns void language sql security definer set search_path = ''
            -- ^^^ PL4007: PUBLIC may execute public.set_price
              as $$ update public.plans set price = new_price where id = plan $$;
            """,
        Good = """
            create table public.plans (id int primary key, price numeric not null);
            alter table public.plans enable row level security;
            create function public.set_price(plan int, new_price numeric) returns void language sql security definer set search_path = ''
              as $$ update public.plans set price = new_price where id = plan $$;
            revoke execute on function public.set_price(int, numeric) from public;
            """,
        Sources = ["PostgreSQL manual, CREATE FUNCTION, Writing SECURITY DEFINER Functions Safely", "splinter 0028, 0029", "pgrls SEC042"],
        IsLive = true,
    };

    public override void Check(CatalogRuleContext context)
    {
        var reach = new FunctionReach(context.Catalog, context.Tenancy);
        var called = new FunctionNames();
        foreach (var table in context.FirstOfEachKind(context.Tables))
        {
            foreach (var policy in table.Policies)
            {
                called.Visit(policy.Using?.Tree);
                called.Visit(policy.WithCheck?.Tree);
            }
        }
        foreach (var function in context.Catalog.FunctionsInOrder())
        {
            if (!function.IsSecurityDefiner || !reach.MayBeCalledByPublic(function) || called.Names.Contains(function.Id.Name) || AsksForSecret(function) || !Writes(function) || reach.MayAskForCaller(function))
                continue;
            context.Report(
                this, Location.Of(function.DefinedAt), $"{function.Id}({string.Join(",", function.InputTypes)})",
                $"PUBLIC may execute {function.Id}, which writes as its owner and does not ask who calls it");
        }
    }

    // Who knows the token of an invitation is who it was sent to.
    private static bool AsksForSecret(Function function)
    {
        foreach (var parameter in function.Parameters)
        {
            foreach (var word in parameter.Name.ToLowerInvariant().Split('_'))
            {
                if (word is "token" or "secret" or "code" or "otp" or "hash" or "password" or "signature" or "apikey")
                    return true;
            }
        }
        return false;
    }

    private static bool Writes(Function function)
    {
        var search = new WriteSearch(function.Parameters.Count > 0);
        foreach (var root in FunctionBodies.Of(function) ?? [])
            search.Visit(root);
        return search.Found;
    }

    private sealed class FunctionNames : SqlVisitor
    {
        public HashSet<string> Names { get; } = new(StringComparer.Ordinal);

        public override void VisitFunctionCall(FunctionCall node)
        {
            Names.Add(node.Name.Name.Text);
            base.VisitFunctionCall(node);
        }
    }

    // Without an argument the caller chooses nothing: only a write to all rows is worth a word.
    private sealed class WriteSearch(bool takesArguments) : SqlVisitor
    {
        public bool Found { get; private set; }

        public override void VisitInsertStatement(InsertStatement node) => Found |= takesArguments;

        public override void VisitUpdateStatement(UpdateStatement node) => Found |= takesArguments || node.Where is null;

        public override void VisitDeleteStatement(DeleteStatement node) => Found |= takesArguments || node.Where is null;

        public override void VisitMergeStatement(MergeStatement node) => Found |= takesArguments;

        public override void VisitTruncateStatement(TruncateStatement node) => Found = true;
    }
}
