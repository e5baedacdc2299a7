using PolicyLint.Core.Access;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Findings;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Rules.Policies;

internal sealed class SettingMayBeMissing : CatalogRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "PL2015",
        Name = "setting-may-be-missing",
        Severity = Severity.Warning,
        Title = "Policy that fails where the session has not set its setting",
        What = "Reports `current_setting('app.user_id')` without `missing_ok` in a policy, or in a function that policies call. Also a cast of the setting to another type without `nullif(…, '')` where the project guards the same setting with nullif elsewhere. One finding a table or function.",
        Why = "Without `missing_ok` a session that never set the parameter gets an error for every query on the table: background jobs, migrations, a health check. With it, a pooled connection on which SET LOCAL was used once returns the empty string instead of NULL, and `''::uuid` is an error too.",
        Fix = "Write `nullif(current_setting('app.user_id', true), '')::uuid`: without a user it is NULL, and no row matches.",
        Bad = """
            create table public.notes (id uuid primary key, user_id uuid not null);
            create index on public.notes (user_id);
            alter table public.notes enable row level security;
            alter table public.notes force row level security;
            create policy own on public.notes using (user_id = (select current_setting('app.user_id')::uuid));
            --                                                         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PL2015: app.user_id may not be set
            """,
        Good = """
            create table public.notes (id uuid primary key, user_id uuid not null);
            create index on public.notes (user_id);
            alter table public.notes enable row level security;
            alter table public.notes force row level security;
            create policy own on public.notes using (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid));
            """,
        Sources = ["PostgreSQL manual 9.28.1, Configuration Settings Functions", "pgrls SEC019"],
        IsLive = true,
    };

    public override void Check(CatalogRuleContext context)
    {
        var called = new CalledFunctions(context.Catalog);
        var guarded = new GuardedSettings();
        foreach (var function in context.Catalog.FunctionsInOrder())
        {
            if (!function.IsForeignOwned)
                VisitBody(guarded, function);
        }
        foreach (var table in context.FirstOfEachKind(context.KnownTables))
        {
            foreach (var policy in table.Policies)
            {
                called.Visit(policy.Using?.Tree);
                called.Visit(policy.WithCheck?.Tree);
                guarded.Visit(policy.Using?.Tree);
                guarded.Visit(policy.WithCheck?.Tree);
            }
        }
        context.CheckEach(context.KnownTables, table => CheckTable(context, table, guarded.Names));
        foreach (var function in called.Functions)
        {
            var reads = new SettingReads(guarded.Names);
            VisitBody(reads, function);
            if (reads.Found is { } found)
            {
                context.Report(
                    this, Location.Within(function.DefinedAt, function.Body!.Source, found.Span), function.Id.ToString(),
                    $"{reads.Setting} {reads.Trouble}: {function.Id}, which policies call, fails then");
            }
        }
    }

    private void CheckTable(CatalogRuleContext context, Table table, HashSet<string> guarded)
    {
        foreach (var policy in table.Policies)
        {
            foreach (var predicate in new[] { policy.Using, policy.WithCheck })
            {
                var reads = new SettingReads(guarded);
                reads.Visit(predicate?.Tree);
                if (reads.Found is not { } found || policy.IsTainted)
                    continue;
                context.Report(
                    this, Location.Within(policy.ChangedAt, predicate!.Source, found.Span), $"{table.Id}/{policy.Name}",
                    $"{reads.Setting} {reads.Trouble}: the policy {policy.Name} on {table.Id} raises an error then");
                return;
            }
        }
    }

    private static void VisitBody(SqlVisitor visitor, Function function)
    {
        foreach (var root in FunctionBodies.Of(function) ?? [])
            visitor.Visit(root);
    }

    // Settings of PostgreSQL itself have no dot and always exist.
    private static string? SettingOf(FunctionCall call) =>
        SessionTerms.SettingReadBy(call) is { } name && name.IndexOf('.') > 0 ? name.ToLowerInvariant() : null;

    private sealed class CalledFunctions(ICatalog catalog) : SqlVisitor
    {
        public List<Function> Functions { get; } = [];

        public override void VisitFunctionCall(FunctionCall node)
        {
            foreach (var function in catalog.FindFunctions(node.Name))
            {
                if (function.IsForeignOwned || function.IsTainted || function.IsAssumed || Functions.Contains(function))
                    continue;
                Functions.Add(function);
                VisitBody(this, function);
            }
            base.VisitFunctionCall(node);
        }
    }

    private sealed class GuardedSettings : SqlVisitor
    {
        public HashSet<string> Names { get; } = new(StringComparer.Ordinal);

        public override void VisitConditionalExpression(ConditionalExpression node)
        {
            if (node is { Function: ConditionalFunction.NullIf, Arguments: [FunctionCall call, var other] } && SessionTerms.ConstantText(other) is not null && SettingOf(call) is { } setting)
                Names.Add(setting);
            base.VisitConditionalExpression(node);
        }
    }

    private sealed class SettingReads(HashSet<string> guarded) : SqlVisitor
    {
        public FunctionCall? Found { get; private set; }

        public string Setting { get; private set; } = "";

        public string Trouble { get; private set; } = "";

        public override void VisitFunctionCall(FunctionCall node)
        {
            if (node.Arguments.Length == 1)
                Note(node, "may not be set");
            base.VisitFunctionCall(node);
        }

        public override void VisitCastExpression(CastExpression node)
        {
            if (node.Operand is FunctionCall { Arguments.Length: 2 } call && !IsText(node.Type) && SettingOf(call) is { } setting && guarded.Contains(setting))
                Note(call, "may be the empty string, which other places guard against with nullif");
            base.VisitCastExpression(node);
        }

        // A handler of the error is a guard too.
        public override void VisitPlBlock(PlBlock node)
        {
            if (node.Handlers.Length == 0)
                base.VisitPlBlock(node);
        }

        private void Note(FunctionCall call, string trouble)
        {
            if (Found is null && SettingOf(call) is { } setting)
                (Found, Setting, Trouble) = (call, setting, trouble);
        }

        private static bool IsText(TypeName type) => type.Name.Name.Text is "text" or "varchar" or "bpchar" or "name";
    }
}
