using PolicyLint.Core.Catalog;
using PolicyLint.Core.Catalog.Replay.Binding;
using PolicyLint.Core.Findings;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Rules.Policies;

internal sealed class TenantColumnShadowed : CatalogRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "PL2019",
        Name = "tenant-column-shadowed",
        Severity = Severity.Error,
        Title = "Name in a subquery that means the inner table and not the row",
        What = "Reports a comparison in a policy's subquery whose two sides are the same column of the inner table, and one that compares the inner table's foreign key to the policy's table with the inner table's own column of the name that the key points to. Also SQL functions that compare a column with a parameter of its name: there the column wins.",
        Why = "PostgreSQL looks a bare name up in the innermost FROM first. `where tenant_id = tenant_id` is true for every row with a tenant, so any membership opens every row; `where project_id = id` asks nothing of the row at all.",
        Fix = "Qualify both sides: `where m.tenant_id = notes.tenant_id`. In a SQL function name the parameter apart from the columns, or qualify it with the function's name.",
        Bad = """
            create table public.members (tenant_id uuid not null, user_id uuid not null, primary key (user_id, tenant_id));
            create index on public.members (tenant_id);
            alter table public.members enable row level security;
            create policy own on public.members for select to authenticated using (user_id = (select auth.uid()));
            create table public.notes (id uuid primary key, tenant_id uuid not null);
            create index on public.notes (tenant_id);
            alter table public.notes enable row level security;
            create policy members_only on public.notes for select to authenticated
              using (exists (select 1 from public.members m where m.tenant_id = tenant_id and m.user_id = (select auth.uid())));
            --                                                    ^^^^^^^^^^^^^^^^^^^^^^^ PL2019: tenant_id means m.tenant_id
            """,
        Good = """
            create table public.members (tenant_id uuid not null, user_id uuid not null, primary key (user_id, tenant_id));
            create index on public.members (tenant_id);
            alter table public.members enable row level security;
            create policy own on public.members for select to authenticated using (user_id = (select auth.uid()));
            create table public.notes (id uuid primary key, tenant_id uuid not null);
            create index on public.notes (tenant_id);
            alter table public.notes enable row level security;
            create policy members_only on public.notes for select to authenticated
              using (exists (select 1 from public.members m where m.tenant_id = notes.tenant_id and m.user_id = (select auth.uid())));
            """,
        Sources = ["PostgreSQL manual 36.5.1, Arguments for SQL Functions", "PostgreSQL source, parse_relation.c, colNameToVar"],
        IsLive = true,
    };

    public override void Check(CatalogRuleContext context)
    {
        context.CheckEach(context.KnownTables, table =>
        {
            // The policies of a table often say the same for each command.
            var clear = new HashSet<string>(StringComparer.Ordinal);
            foreach (var policy in table.Policies)
            {
                if (!policy.IsTainted && !CheckPredicate(context, table, policy, policy.Using, clear))
                    CheckPredicate(context, table, policy, policy.WithCheck, clear);
            }
        });
        foreach (var function in context.Catalog.FunctionsInOrder())
            CheckFunction(context, function);
    }

    private bool CheckPredicate(CatalogRuleContext context, Table table, Policy policy, SqlFragment<Expression>? predicate, HashSet<string> clear)
    {
        if (predicate is null || clear.Contains(predicate.ToString()))
            return false;
        var search = new Comparisons(context.Catalog, table);
        search.BindOver(table, predicate.Tree);
        if (search.Found is not { } found)
        {
            clear.Add(predicate.ToString());
            return false;
        }
        context.Report(
            this, Location.Within(policy.ChangedAt, predicate.Source, found.Span), $"{table.Id}/{policy.Name}",
            $"{search.Meaning}: the policy {policy.Name} does not compare the row of {table.Id} here");
        return true;
    }

    private void CheckFunction(CatalogRuleContext context, Function function)
    {
        if (function.IsForeignOwned || function.IsTainted || function.Language != "sql" || function.Parameters.Count == 0)
            return;
        var search = new Comparisons(context.Catalog, null);
        foreach (var root in FunctionBodies.Of(function) ?? [])
            search.Visit(root);
        if (search.Found is not { Right: ColumnReference column } found)
            return;
        foreach (var parameter in function.Parameters)
        {
            if (parameter.Name != column.Name.Name.Text || parameter.Mode is ParameterMode.Out)
                continue;
            context.Report(
                this, Location.Within(function.DefinedAt, function.Body!.Source, found.Span), $"{function.Id}({string.Join(",", function.InputTypes)})",
                $"{search.Meaning} and not the parameter: {function.Id} does not compare what it is given");
            return;
        }
    }

    private sealed class Comparisons(ICatalog catalog, Table? guarded) : QueryBinder(catalog)
    {
        private RangeEntry? _entry;
        private OutputColumn? _column;

        public OperatorExpression? Found { get; private set; }

        public string Meaning { get; private set; } = "";

        protected override void OnColumn(ColumnReference node, RangeEntry entry, OutputColumn column) => (_entry, _column) = (entry, column);

        public override void VisitOperatorExpression(OperatorExpression node)
        {
            if (node is not { Operator.Name.Text: "=", Left: ColumnReference { IsStar: false } left, Right: ColumnReference { IsStar: false } right })
            {
                base.VisitOperatorExpression(node);
                return;
            }
            (_entry, _column) = (null, null);
            Visit(left);
            var (entry, column) = (_entry, _column);
            (_entry, _column) = (null, null);
            Visit(right);
            if (Found is not null || entry is null || column is null || _column is null || !ReferenceEquals(entry, _entry) || entry.Find(column.Name) is null || entry.Find(_column.Name) is null)
                return;
            Judge(node, left, right, entry, column.Name, _column.Name);
        }

        private void Judge(OperatorExpression node, ColumnReference left, ColumnReference right, RangeEntry entry, string first, string second)
        {
            var bare = right.Name.PartCount == 1 ? right : left;
            var isBare = bare.Name.PartCount == 1;
            if (first == second)
            {
                // A function's own comparison is a mistake only where a parameter of the name is meant.
                if (guarded is null ? !isBare : guarded.FindColumn(first) is null)
                    return;
                Note(node, bare, entry, first);
            }
            else if (guarded is not null && entry.Relation is { } inner && inner != guarded.Id && isBare)
            {
                var name = bare.Name.Name.Text;
                var other = name == first ? second : first;
                if (guarded.FindColumn(name) is not null && PointsTo(inner, other, name))
                    Note(node, bare, entry, name);
            }
        }

        private bool PointsTo(QualifiedId inner, string column, string key)
        {
            if (!Catalog.Relations.TryGetValue(inner, out var relation) || relation is not Table table)
                return false;
            foreach (var constraint in table.Constraints)
            {
                if (constraint.Kind == ConstraintKind.ForeignKey && constraint.ReferencedTable == guarded!.Id && constraint.Columns is [var from] && from == column && constraint.ReferencedColumns is [var to] && to == key)
                    return true;
            }
            return false;
        }

        private void Note(OperatorExpression node, ColumnReference bare, RangeEntry entry, string column)
        {
            Found = node;
            Meaning = $"{bare.Name.Name.Text} means {entry.Alias}.{column}";
        }
    }
}
