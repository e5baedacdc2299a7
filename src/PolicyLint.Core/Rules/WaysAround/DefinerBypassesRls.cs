using PolicyLint.Core.Access;
using PolicyLint.Core.Analysis;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Findings;
using PolicyLint.Core.Logic;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Rules.WaysAround;

internal sealed class DefinerBypassesRls : CatalogRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "PL4002",
        Name = "definer-bypasses-rls",
        Severity = Severity.Error,
        Title = "SECURITY DEFINER function that gives or takes other tenants' rows",
        What = "Reports a SECURITY DEFINER function that a role of the application may call and that reads nothing of the session, where it returns the rows of a tenant table with row-level security unfiltered; and, where an API lets users call functions themselves, one that returns, updates or deletes the rows of whichever tenant its caller names in an argument. Functions that return a single value, count, or filter by something else are left alone.",
        Why = "The function runs with its owner's rights, past the policies. Whoever may call it gets everybody's rows, or names another user and gets theirs.",
        Fix = "Compare with the session inside the function: `where user_id = (select auth.uid())`; or make it SECURITY INVOKER; or `REVOKE EXECUTE … FROM PUBLIC` and grant it to the role of a service.",
        Bad = """
            create table public.notes (id uuid primary key, user_id uuid not null, body text);
            create index on public.notes (user_id);
            alter table public.notes enable row level security;
            create policy own on public.notes for all to authenticated using (user_id = (select auth.uid()));
            create function public.notes_of(p_user uuid) returns setof public.notes language sql stable security definer set search_path = ''
              as $$ select * from public.notes n where n.user_id = p_user $$;
            --                    ^^^^^^^^^^^^ PL4002: public.notes_of returns the rows of public.notes whose user_id its caller names
            """,
        Good = """
            create table public.notes (id uuid primary key, user_id uuid not null, body text);
            create index on public.notes (user_id);
            alter table public.notes enable row level security;
            create policy own on public.notes for all to authenticated using (user_id = (select auth.uid()));
            create function public.my_notes() returns setof public.notes language sql stable security definer set search_path = ''
              as $$ select * from public.notes n where n.user_id = (select auth.uid()) $$;
            """,
        Sources = ["PostgreSQL manual, CREATE FUNCTION, SECURITY DEFINER", "splinter 0028, 0029", "pgrls SEC014, SEC042"],
        IsLive = true,
        UsesProver = true,
    };

    public override void Check(CatalogRuleContext context)
    {
        var reach = new FunctionReach(context.Catalog, context.Tenancy);
        var judge = new QueryJudge(context.Catalog, context.Tenancy, AnalysisLimits.Cli);
        foreach (var function in context.Catalog.FunctionsInOrder())
        {
            if (!function.IsSecurityDefiner || !reach.MayBeCalled(function) || FunctionBodies.Of(function) is not { } roots || reach.MayAskForCaller(function))
                continue;
            var statements = new Statements(roots, function.Language == "sql");
            CheckFunction(context, judge, function, statements);
        }
    }

    private void CheckFunction(CatalogRuleContext context, QueryJudge judge, Function function, Statements statements)
    {
        foreach (var (statement, isReturned) in statements.All)
        {
            foreach (var occurrence in judge.Judge(statement, context.Cancellation))
            {
                var table = occurrence.Table;
                if (table.Taints.Count > 0 || !table.RowSecurityEnabled.Value || !table.RowSecurityEnabled.IsKnown)
                    continue;
                if (occurrence.Kind == OccurrenceKind.Insert || (occurrence.Kind == OccurrenceKind.Read && !(isReturned && ReturnsRows(context.Catalog, function))))
                    continue;
                if (What(context, function, statement, occurrence) is not { } what)
                    continue;
                context.Report(
                    this, Location.Within(function.DefinedAt, function.Body!.Source, occurrence.Span), $"{function.Id}({string.Join(",", function.InputTypes)})",
                    $"{function.Id} {what}, past its policies: it runs as its owner, for anyone who may call it",
                    [new(Location.Of(table.CreatedAt), "the tenant table")]);
                return;
            }
        }
    }

    private static string? What(CatalogRuleContext context, Function function, Statement statement, TenantOccurrence occurrence)
    {
        var verb = occurrence.Kind switch { OccurrenceKind.Read => "returns", OccurrenceKind.Delete => "deletes", _ => "changes" };
        // An application behind a server of its own passes the user that it has authenticated.
        if (context.Catalog.Platform == "supabase" && context.Tenancy.KeysOf(occurrence.Table) is var keys)
        {
            foreach (var key in keys)
            {
                if (ComparedWithArgument.Find(statement, key.Column.Name, function))
                    return $"{verb} the rows of {occurrence.Table.Id} whose {key.Column.Name} its caller names";
            }
        }
        return occurrence is { Kind: OccurrenceKind.Read, Verdict: Verdict.Refuted } && statement is SelectQuery { Where: null, Limit: null, From: [NamedTable] } select && !Summarizes(select)
            ? $"{verb} every row of {occurrence.Table.Id}"
            : null;
    }

    private static bool ReturnsRows(ICatalog catalog, Function function)
    {
        var type = function.Returns.StartsWith("setof ", StringComparison.Ordinal) ? function.Returns.Substring("setof ".Length) : function.Returns;
        if (type is "table" or "record" or "json" or "jsonb")
            return true;
        foreach (var relation in catalog.Relations.Values)
        {
            if (type == relation.Id.ToString() || type == relation.Id.Name)
                return true;
        }
        return false;
    }

    private static bool Summarizes(SelectQuery select)
    {
        if (select.GroupBy is not null)
            return true;
        foreach (var target in select.Targets)
        {
            if (target.Value is FunctionCall { Name.Name.Text: "count" or "sum" or "avg" or "min" or "max" or "bool_or" or "bool_and" })
                return true;
        }
        return false;
    }

    // The statements that change rows, and those whose rows the function returns.
    private sealed class Statements : SqlVisitor
    {
        public Statements(IReadOnlyList<SqlNode> roots, bool isSql)
        {
            for (var i = 0; i < roots.Count; i++)
            {
                if (isSql && roots[i] is Statement statement)
                    All.Add((statement, i == roots.Count - 1));
                else
                    Visit(roots[i]);
            }
        }

        public List<(Statement Statement, bool IsReturned)> All { get; } = [];

        public override void VisitPlReturn(PlReturn node)
        {
            if (node.Query is not null)
                All.Add((node.Query, true));
        }

        public override void VisitPlSql(PlSql node) => All.Add((node.Statement, false));
    }

    private sealed class ComparedWithArgument(string column, Function function) : SqlVisitor
    {
        private bool _found;

        public static bool Find(Statement statement, string column, Function function)
        {
            var search = new ComparedWithArgument(column, function);
            search.Visit(statement);
            return search._found;
        }

        public override void VisitOperatorExpression(OperatorExpression node)
        {
            if (node.Operator.Name == "=")
                _found |= (IsColumn(node.Left) && IsArgument(node.Right)) || (IsColumn(node.Right) && IsArgument(node.Left));
            base.VisitOperatorExpression(node);
        }

        private bool IsColumn(Expression? expression) => expression is ColumnReference reference && reference.Name.Name == column;

        private bool IsArgument(Expression? expression)
        {
            switch (expression)
            {
                case CastExpression cast:
                    return IsArgument(cast.Operand);
                case ParameterReference:
                    return true;
                case ColumnReference reference when reference.Name.Qualifier.IsEmpty || reference.Name.Qualifier == function.Id.Name:
                    foreach (var parameter in function.Parameters)
                    {
                        // A column of the parameter's name hides it.
                        if (parameter.Mode != ParameterMode.Out && reference.Name.Name == parameter.Name && (parameter.Name != column || !reference.Name.Qualifier.IsEmpty))
                            return true;
                    }
                    return false;
                default:
                    return false;
            }
        }
    }
}
