using PolicyLint.Core.Catalog;
using PolicyLint.Core.Findings;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Rules.Migrations;

internal sealed class ConflictWithoutUnique : StatementRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "PL3012",
        Name = "conflict-without-unique",
        Severity = Severity.Warning,
        Title = "ON CONFLICT DO NOTHING where nothing can conflict",
        What = "Reports `INSERT … ON CONFLICT DO NOTHING` without a target into a table none of whose unique constraints could ever be violated by it: each has a column that the INSERT leaves to a generated default.",
        Why = "The clause reads as if the statement could run twice. It can, and makes the rows a second time.",
        Fix = "Add the unique constraint that is meant, and name its columns: `ON CONFLICT (owner_id) DO NOTHING`.",
        Bad = """
            create table public.tenants (id uuid primary key default gen_random_uuid(), owner uuid not null);
            insert into public.tenants (owner) select id from public.people on conflict do nothing;
            --                                                              ^^^^^^^^^^^^^^^^^^^^^^ PL3012: Nothing in public.tenants can conflict
            """,
        Good = """
            create table public.tenants (id uuid primary key default gen_random_uuid(), owner uuid not null unique);
            insert into public.tenants (owner) select id from public.people on conflict (owner) do nothing;
            """,
        Sources = ["PostgreSQL manual, INSERT, ON CONFLICT"],
    };

    public override bool Concerns(Statement statement) => statement is InsertStatement;

    public override void Check(StatementRuleContext context)
    {
        if (context.Statement is not InsertStatement { OnConflict: { IsDoUpdate: false, Target.Length: 0 } conflict } insert || !conflict.Constraint.IsEmpty)
            return;
        if (insert.Columns.Length == 0 || context.Catalog.FindTable(insert.Table) is not { IsAssumed: false, AreColumnsKnown: true, IsForeignOwned: false } table || table.Taints.Count > 0)
            return;
        foreach (var constraint in table.Constraints)
        {
            if (constraint.Kind == ConstraintKind.Exclusion)
                return;
        }
        foreach (var index in table.Indexes)
        {
            if (index.IsUnique && CouldConflict(index, table, insert))
                return;
        }
        context.Report(
            this, context.At(conflict.Span), $"{table.Id}/on conflict",
            $"Nothing in {table.Id} can conflict: no unique constraint covers the columns that are inserted, so a second run makes the rows again");
    }

    private static bool CouldConflict(TableIndex index, Table table, InsertStatement insert)
    {
        foreach (var key in index.Keys)
        {
            if (key.Column is null || IsInserted(insert, key.Column))
                continue;
            var column = table.FindColumn(key.Column);
            // A column left out gets its default: a generated one is new in every row, a missing one is NULL, which conflicts with nothing.
            if (column is null)
                return true;
            if (column.IsIdentity || IsGenerator(column.Default?.Tree) || (column.Default is null && !column.IsGenerated && !index.NullsNotDistinct))
                return false;
        }
        return true;
    }

    private static bool IsGenerator(Expression? value) => value switch
    {
        CastExpression cast => IsGenerator(cast.Operand),
        FunctionCall call => call.Name.Name.Text is "gen_random_uuid" or "uuid_generate_v4" or "uuid_generate_v1" or "nextval" or "uuidv7" or "uuidv4" or "random",
        _ => false,
    };

    private static bool IsInserted(InsertStatement insert, string column)
    {
        foreach (var target in insert.Columns)
        {
            if (target.Column == column)
                return true;
        }
        return false;
    }
}
