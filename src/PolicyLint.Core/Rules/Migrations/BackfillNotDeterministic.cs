using PolicyLint.Core.Access;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Catalog.Replay;
using PolicyLint.Core.Findings;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Rules.Migrations;

internal sealed class BackfillNotDeterministic : StatementRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "PL3013",
        Name = "backfill-not-deterministic",
        Severity = Severity.Warning,
        Title = "Backfill whose values depend on chance",
        What = "Reports `UPDATE … FROM` that sets columns from a table of which several rows may match one row, as no unique key of it is compared; and a value or inserted row that is picked by `LIMIT 1` without `ORDER BY` where no unique key is compared.",
        Why = "PostgreSQL takes whichever row it comes upon first. A tenant that is chosen so differs from one server to the next, and a row that lands with the wrong tenant is a leak.",
        Fix = "Compare a unique key, choose by `DISTINCT ON … ORDER BY` in a subquery, or add an `ORDER BY` that leaves no choice.",
        Bad = """
            create table public.desks (team uuid not null, person uuid not null, primary key (team, person));
            create table public.notes (id uuid primary key, author uuid not null, team uuid);
            update public.notes n set team = d.team from public.desks d where d.person = n.author and n.team is null;
            --                                           ^^^^^^^^^^^^^^ PL3013: Several rows of public.desks may match one row of public.notes
            """,
        Good = """
            create table public.desks (team uuid not null, person uuid not null, primary key (team, person));
            create table public.notes (id uuid primary key, author uuid not null, team uuid);
            update public.notes n set team = d.team
            from (select distinct on (person) person, team from public.desks order by person, team) d
            where d.person = n.author and n.team is null;
            """,
        Sources = ["PostgreSQL manual, UPDATE, Notes", "PostgreSQL manual, SELECT, LIMIT"],
    };

    public override bool Concerns(Statement statement) => statement is UpdateStatement or InsertStatement;

    public override void Check(StatementRuleContext context)
    {
        if (context.Step.Script.Role == ScriptRole.Query || context.Step.IsConditional && !context.IsTopLevel && context.Statement is QueryStatement)
            return;
        switch (context.Statement)
        {
            case UpdateStatement update:
                CheckSource(context, update);
                foreach (var assignment in update.Assignments)
                    CheckPicks(context, update.Table.Name, assignment.Value);
                break;
            case InsertStatement { Source: { } source } insert:
                CheckPicks(context, insert.Table, source);
                break;
        }
    }

    private void CheckSource(StatementRuleContext context, UpdateStatement update)
    {
        // With joins a row may be fixed through another one.
        if (update.From is not [NamedTable { Sample: null } source] || update.With is not null || context.Catalog.FindTable(source.Name) is not { } table || !IsKnown(table))
            return;
        var alias = AliasOf(source);
        if (context.Catalog.FindTable(update.Table.Name) is not { } target || !SetsFrom(update, alias, table, target) || IsOneRow(table, alias, AliasOf(update.Table), target, update.Where))
            return;
        context.Report(
            this, context.At(source.Span), $"{target.Id}/from {table.Id}", $"Several rows of {table.Id} may match one row of {target.Id}, and which one wins is not said: no unique key of {table.Id} is compared");
    }

    private void CheckPicks(StatementRuleContext context, ObjectName target, SqlNode value)
    {
        var finder = new PickFinder();
        finder.Visit(value);
        foreach (var query in finder.Picks)
        {
            if (query.From is not [NamedTable { Sample: null } source] || context.Catalog.FindTable(source.Name) is not { } table || !IsKnown(table) || IsOneRow(table, AliasOf(source), "", null, query.Where))
                continue;
            var name = context.Catalog.FindTable(target)?.Id.ToString() ?? target.ToString();
            context.Report(this, context.At(query.Span), $"{name}/limit {table.Id}", $"LIMIT 1 without ORDER BY picks any row of {table.Id}");
        }
    }

    private static bool IsKnown(Table table) => table is { IsAssumed: false, AreColumnsKnown: true, Taints.Count: 0, IsForeignOwned: false };

    private static string AliasOf(NamedTable table) => table.Alias is { } alias ? alias.Name.Text : table.Name.Name.Text;

    // A value that reads the other table, and not only whether there is a row of it.
    private static bool SetsFrom(UpdateStatement update, string alias, Table table, Table target)
    {
        foreach (var assignment in update.Assignments)
        {
            var finder = new ColumnFinder(name => name.PartCount == 2 ? name.Qualifier == alias : table.FindColumn(name.Name.Text) is not null && target.FindColumn(name.Name.Text) is null);
            finder.Visit(assignment.Value);
            if (finder.Found)
                return true;
        }
        return false;
    }

    // A unique index all of whose columns are compared with something that is not of the table itself.
    private static bool IsOneRow(Table table, string alias, string otherAlias, Table? other, Expression? where)
    {
        var fixedColumns = new HashSet<string>(StringComparer.Ordinal);
        foreach (var condition in where is null ? [] : Connectives.Conjuncts(where))
        {
            if (condition is not OperatorExpression { Left: { } left, Operator.Name.Text: "=" } equality)
            {
                // Anything that is not an equality may single a row out too: a subquery, a membership, a CASE.
                if (condition is InSubquery or ExistsSubquery or QuantifiedComparison)
                    return true;
                continue;
            }
            Add(left, equality.Right);
            Add(equality.Right, left);
        }
        foreach (var index in table.Indexes)
        {
            if (index.IsUnique && IsFixed(index))
                return true;
        }
        return false;

        void Add(Expression side, Expression value)
        {
            if (ColumnOf(side) is { } column && !IsOwn(value))
                fixedColumns.Add(column);
        }

        string? ColumnOf(Expression side) => side switch
        {
            CastExpression cast => ColumnOf(cast.Operand),
            ConditionalExpression { Function: ConditionalFunction.Coalesce, Arguments: [var first, ..] } => ColumnOf(first),
            ColumnReference { IsStar: false } reference when IsOwnName(reference.Name) => reference.Name.Name.Text,
            _ => null,
        };

        bool IsOwn(Expression value)
        {
            var finder = new ColumnFinder(IsOwnName);
            finder.Visit(value);
            return finder.Found;
        }

        bool IsOwnName(ObjectName name) => name.PartCount == 1
            ? table.FindColumn(name.Name.Text) is not null && other?.FindColumn(name.Name.Text) is null
            : name.Qualifier == alias && alias != otherAlias;

        bool IsFixed(TableIndex index)
        {
            // A partial unique index counts: whether its condition holds is not asked here.
            foreach (var key in index.Keys)
            {
                if (key.Column is not null && !fixedColumns.Contains(key.Column))
                    return false;
            }
            return true;
        }
    }

    private sealed class ColumnFinder(Func<ObjectName, bool> isMeant) : SqlVisitor
    {
        public bool Found { get; private set; }

        public override void VisitColumnReference(ColumnReference node) => Found |= !node.IsStar && isMeant(node.Name);
    }

    private sealed class PickFinder : SqlVisitor
    {
        public List<SelectQuery> Picks { get; } = [];

        public override void VisitSelectQuery(SelectQuery node)
        {
            if (node is { OrderBy.Length: 0, Limit.Count: Literal { Kind: LiteralKind.Integer } count, GroupBy: null, Locking.Length: 0 } && count.GetText() == "1")
                Picks.Add(node);
            base.VisitSelectQuery(node);
        }

        // Whether there is a row does not depend on which one is looked at.
        public override void VisitExistsSubquery(ExistsSubquery node)
        {
        }
    }
}
