using PolicyLint.Core.Access;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Findings;
using PolicyLint.Core.Logic;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Rules.Migrations;

internal sealed class BackfillUnderRls : StatementRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "PL3017",
        Name = "backfill-under-rls",
        Severity = Severity.Error,
        Title = "Backfill that row-level security silently empties",
        What = "Reports `UPDATE`, `DELETE`, `MERGE`, and the queries that a block loops over or reads into a variable, on a table whose row-level security binds the migration and whose policies provably let no row through while nothing has said who the user is: in files, DO blocks, functions that the migration calls, and `EXECUTE` of known text. Row-level security binds the table's owner where it is forced, and a role that the migration takes by `SET ROLE`. A setting that was given a value before, by whatever statement, is taken to name a user. Silent on Supabase, whose migrations run with BYPASSRLS, and where the migrations themselves make a superuser or a BYPASSRLS role, which only such a role can.",
        Why = "The statement succeeds and touches nothing. The SET NOT NULL behind it then fails, or the check that no row is left sees none and passes. In CI, where migrations run as a superuser, all is well.",
        Fix = "Set the tenant for each part of the work, from a list that the migration can read; or `NO FORCE ROW LEVEL SECURITY` before and `FORCE ROW LEVEL SECURITY` after the backfill, in one transaction. If the migrations run as a superuser or with BYPASSRLS, switch the rule off.",
        Bad = """
            create table public.notes (id uuid primary key, tenant_id uuid not null, title text);
            create index on public.notes (tenant_id);
            alter table public.notes enable row level security;
            alter table public.notes force row level security;
            create policy own on public.notes using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
            update public.notes set title = '' where title is null;
            --     ^^^^^^^^^^^^ PL3017: This UPDATE touches no row of public.notes
            alter table public.notes alter column title set not null;
            """,
        Good = """
            create table public.notes (id uuid primary key, tenant_id uuid not null, title text);
            create index on public.notes (tenant_id);
            alter table public.notes enable row level security;
            alter table public.notes force row level security;
            create policy own on public.notes using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
            begin;
            alter table public.notes no force row level security;
            update public.notes set title = '' where title is null;
            alter table public.notes alter column title set not null;
            alter table public.notes force row level security;
            commit;
            """,
        Sources = ["PostgreSQL manual, Row Security Policies", "PostgreSQL manual, ALTER TABLE, FORCE ROW LEVEL SECURITY"],
        UsesProver = true,
    };

    public override bool Concerns(Statement statement) => statement is UpdateStatement or DeleteStatement or MergeStatement or InsertStatement or QueryStatement;

    public override void Check(StatementRuleContext context)
    {
        if (context.Step.Session.MayHoldAny)
            return;
        var finder = new TableFinder { ReadsCount = !context.IsTopLevel };
        finder.Visit(context.Statement);
        foreach (var use in finder.Uses)
        {
            if (context.Catalog.FindTable(use.Name) is not { } table || finder.CommonNames.Contains(use.Name.ToString()) || !BoundTables.IsBound(context, table))
                continue;
            if (!IsClosed(context, table, use.Command) && !(use.ReadsRows && IsClosed(context, table, PolicyCommand.Select)))
                continue;
            var what = use.Command == PolicyCommand.Select ? $"This query reads no row of {table.Id}" : $"This {use.Verb} touches no row of {table.Id}";
            context.Report(
                this, PlaceOf(context, use.Name), $"{table.Id}/{use.Verb.ToLowerInvariant()}",
                $"{what}: row-level security is forced and no user is set, so the policies hide all of them", Related(context, table));
        }
    }

    private static bool IsClosed(StatementRuleContext context, Table table, PolicyCommand command) =>
        context.Access.IsClosedWithoutUser(table, command, PolicyClause.Using, context.Step.Session.ChosenRole, context.Step.Session.Settings) is Verdict.Proven;

    // Text that EXECUTE made or a function holds has no place of its own in the file.
    private static Location PlaceOf(StatementRuleContext context, ObjectName name)
    {
        var origin = context.Step.Origin;
        return origin.Span == context.Statement.Span ? new(origin.Source, name.Span) : Location.Of(origin);
    }

    private static List<RelatedLocation> Related(StatementRuleContext context, Table table)
    {
        var related = new List<RelatedLocation>();
        if (table.RowSecurityForced is { Value: true, Origin.Source: not null } forced)
            related.Add(new(Location.Of(forced.Origin), "it is forced here"));
        foreach (var statement in context.Step.Script.Tree.Statements)
        {
            if (statement.Start < context.Step.Origin.Span.End || statement is not AlterTableStatement alter || context.Catalog.FindTable(alter.Table)?.Id != table.Id)
                continue;
            foreach (var action in alter.Actions)
            {
                if (action is SetColumnNotNull { IsNotNull: true })
                    related.Add(new(context.At(action.Span), "refused where the backfill was empty"));
            }
        }
        return related;
    }

    private readonly record struct TableUse(ObjectName Name, PolicyCommand Command, string Verb, bool ReadsRows);

    /// <summary>Tables whose rows a statement changes, or needs: without a row of them it does nothing.</summary>
    private sealed class TableFinder : SqlVisitor
    {
        private bool _isWriting;

        public List<TableUse> Uses { get; } = [];

        /// <summary>Names of WITH, which hide tables of the same name.</summary>
        public HashSet<string> CommonNames { get; } = new(StringComparer.Ordinal);

        /// <summary>A query that writes nothing counts: what a block reads decides what it does.</summary>
        public bool ReadsCount { get; init; }

        public override void VisitUpdateStatement(UpdateStatement node)
        {
            Uses.Add(new(node.Table.Name, PolicyCommand.Update, "UPDATE", node.Where is not null || node.Returning is not null));
            AddSources(node.From);
            VisitWriting(() => base.VisitUpdateStatement(node));
        }

        public override void VisitDeleteStatement(DeleteStatement node)
        {
            Uses.Add(new(node.Table.Name, PolicyCommand.Delete, "DELETE", node.Where is not null || node.Returning is not null));
            AddSources(node.Using);
            VisitWriting(() => base.VisitDeleteStatement(node));
        }

        public override void VisitMergeStatement(MergeStatement node)
        {
            AddSources([node.Source]);
            VisitWriting(() => base.VisitMergeStatement(node));
        }

        public override void VisitInsertStatement(InsertStatement node)
        {
            // What it may write is checked loudly; rows that it reads and does not see are missed in silence.
            if (node.Source is SelectQuery { GroupBy: null, Having: null } select && !HasAggregate(select))
                AddSources(select.From);
            VisitWriting(() => base.VisitInsertStatement(node));
        }

        public override void VisitSelectQuery(SelectQuery node)
        {
            if (ReadsCount && !_isWriting)
                AddSources(node.From);
            VisitWriting(() => base.VisitSelectQuery(node));
        }

        public override void VisitCommonTableExpression(CommonTableExpression node)
        {
            CommonNames.Add(node.Name.Text);
            base.VisitCommonTableExpression(node);
        }

        // Subqueries may be empty without the statement being so.
        private void VisitWriting(Action visit)
        {
            var outer = _isWriting;
            _isWriting = true;
            visit();
            _isWriting = outer;
        }

        private void AddSources(TableReference[] references)
        {
            foreach (var reference in references)
                AddSource(reference);
        }

        private void AddSource(TableReference reference)
        {
            switch (reference)
            {
                case NamedTable table:
                    Uses.Add(new(table.Name, PolicyCommand.Select, "SELECT", ReadsRows: false));
                    break;
                case JoinedTable { Kind: JoinKind.Inner or JoinKind.Cross } join:
                    AddSource(join.Left);
                    AddSource(join.Right);
                    break;
                case JoinedTable { Kind: JoinKind.Left } join:
                    AddSource(join.Left);
                    break;
                case JoinedTable { Kind: JoinKind.Right } join:
                    AddSource(join.Right);
                    break;
            }
        }

        private static bool HasAggregate(SelectQuery select)
        {
            foreach (var target in select.Targets)
            {
                if (target.Value is FunctionCall)
                    return true;
            }
            return false;
        }
    }
}
