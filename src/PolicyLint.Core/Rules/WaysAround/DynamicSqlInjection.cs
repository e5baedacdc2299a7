using PolicyLint.Core.Access;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Findings;

namespace PolicyLint.Core.Rules.WaysAround;

internal sealed class DynamicSqlInjection : CatalogRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "PL4011",
        Name = "dynamic-sql-injection",
        Severity = Severity.Error,
        Title = "Function that executes text which its caller passes",
        What = "Reports EXECUTE in a PL/pgSQL function that a role of the application may call, of text that holds a text argument unquoted: joined with `||` or concat, or put in by `%s` of format. Arguments that go through quote_ident, quote_literal, `%I`, `%L` or USING are left alone, and so are those of types that cannot hold SQL (numbers, uuid, regclass) and those that the function checks first.",
        Why = "The caller writes SQL that runs with the function's rights: of the owner in a SECURITY DEFINER function, and in any other of a role that may set whose user it is.",
        Fix = "`EXECUTE format('… %I … $1', name) USING value`: `%I` for names, USING for values.",
        Bad = """
            create table public.places (id int primary key, name text);
            create function public.find_places(filter text) returns setof public.places language plpgsql stable as $$
            begin
              return query execute 'select * from public.places where name like ''' || filter || '%''';
            --                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PL4011: public.find_places executes text that holds its argument filter
            end
            $$;
            """,
        Good = """
            create table public.places (id int primary key, name text);
            create function public.find_places(filter text) returns setof public.places language plpgsql stable as $$
            begin
              return query execute 'select * from public.places where name like $1' using filter || '%';
            end
            $$;
            """,
        Sources = ["PostgreSQL manual 43.5.4, Executing Dynamic Commands", "plpgsql_check security_warnings"],
        IsLive = true,
    };

    public override void Check(CatalogRuleContext context)
    {
        var reach = new FunctionReach(context.Catalog, context.Tenancy);
        foreach (var function in context.Catalog.FunctionsInOrder())
        {
            if (function.Language != "plpgsql" || !reach.MayBeCalled(function) || FunctionBodies.Of(function) is not { } roots)
                continue;
            var search = ExecutedText.In(roots, function);
            if (search.Found is not { } found)
                continue;
            var what = search.IsWhole ? $"executes its argument {search.Argument}" : $"executes text that holds its argument {search.Argument} unquoted";
            context.Report(
                this, Location.Within(function.DefinedAt, function.Body!.Source, found.Span), $"{function.Id}({string.Join(",", function.InputTypes)})",
                $"{function.Id} {what}: its caller writes SQL that runs as {(function.IsSecurityDefiner ? "the function's owner" : "the role that calls it")}");
        }
    }
}
