using PolicyLint.Core.Catalog.Replay;
using PolicyLint.Core.Findings;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Rules.Migrations;

internal sealed class NotIdempotent : MigrationRule
{
    private const int FewestGuarded = 4;

    public override RuleInfo Info { get; } = new()
    {
        Id = "PL3007",
        Name = "not-idempotent",
        Severity = Severity.Information,
        Title = "Statement that can't run twice, in migrations that can",
        What = "Reports statements that fail when they run again (`CREATE TABLE` without `IF NOT EXISTS`, `DROP` without `IF EXISTS`, `CREATE FUNCTION` without `OR REPLACE`, a policy or trigger that is not dropped first) in a project most of whose statements can: at least four in five. Where they are written to run once, as migration tools assume, nothing is reported.",
        Why = "Whoever runs a file again relies on what the others promise, and stops in the middle of it.",
        Fix = "Guard the statement like the others: `IF NOT EXISTS`, `IF EXISTS`, `OR REPLACE`, or `DROP … IF EXISTS` in front of it.",
        Bad = """
            create schema if not exists app;
            create table if not exists app.notes (id uuid primary key, title text);
            alter table app.notes add column if not exists author uuid;
            create or replace function app.now() returns timestamptz language sql stable as 'select now()';
            drop index if exists app.notes_by_title;
            create index notes_title on app.notes (title);
            -- ^^^ PL3007: CREATE INDEX fails when it runs again
            """,
        Good = """
            create schema if not exists app;
            create table if not exists app.notes (id uuid primary key, title text);
            alter table app.notes add column if not exists author uuid;
            create or replace function app.now() returns timestamptz language sql stable as 'select now()';
            drop index if exists app.notes_by_title;
            create index if not exists notes_title on app.notes (title);
            """,
        Sources = ["PostgreSQL manual, SQL Commands", "squawk prefer-robust-stmts"],
    };

    public override void Check(MigrationRuleContext context)
    {
        var guarded = 0;
        var unguarded = new List<(Script Script, Statement Statement, string What, string Subject)>();
        foreach (var script in context.Scripts)
        {
            if (script.Role != ScriptRole.Migration)
                continue;
            var dropped = new HashSet<string>(StringComparer.Ordinal);
            foreach (var statement in script.Tree.Statements)
            {
                if (statement is DropStatement { IfExists: true } drop)
                    Remember(drop, dropped);
                if (GuardOf(statement, dropped) is not { } guard)
                    continue;
                if (guard.IsGuarded)
                    guarded++;
                else
                    unguarded.Add((script, statement, guard.What, guard.Subject));
            }
        }
        if (guarded < FewestGuarded || guarded < 4 * unguarded.Count)
            return;
        foreach (var (script, statement, what, subject) in unguarded)
            context.Report(this, new(script.Tree.Source, statement.Span), subject + "/" + what, $"{what} fails when it runs again, and the other statements of these migrations do not");
    }

    private static void Remember(DropStatement drop, HashSet<string> dropped)
    {
        foreach (var target in drop.Targets)
            dropped.Add(KeyOf(drop.Kind, target.Name, target.On));
    }

    private static string KeyOf(ObjectKind kind, ObjectName name, ObjectName on) =>
        kind + " " + name.Name.Text + (on.IsEmpty ? "" : " " + on.Name.Text);

    private static (bool IsGuarded, string What, string Subject)? GuardOf(Statement statement, HashSet<string> dropped)
    {
        bool Dropped(ObjectKind kind, ObjectName name, ObjectName on = default) => dropped.Contains(KeyOf(kind, name, on));
        switch (statement)
        {
            case CreateTableStatement { Persistence: not Persistence.Temporary } create:
                return (create.IfNotExists || Dropped(ObjectKind.Table, create.Table), "CREATE TABLE", create.Table.ToString());
            case CreateIndexStatement { Name.IsEmpty: false } create:
                return (create.IfNotExists || Dropped(ObjectKind.Index, new ObjectName(create.Name)), "CREATE INDEX", create.Table.ToString());
            case CreateSchemaStatement { Name.IsEmpty: false } create:
                return (create.IfNotExists || Dropped(ObjectKind.Schema, new ObjectName(create.Name)), "CREATE SCHEMA", create.Name.Text);
            case CreateSequenceStatement { Persistence: not Persistence.Temporary } create:
                return (create.IfNotExists || Dropped(ObjectKind.Sequence, create.Sequence), "CREATE SEQUENCE", create.Sequence.ToString());
            case CreateExtensionStatement create:
                return (create.IfNotExists, "CREATE EXTENSION", create.Name.Text);
            case CreateFunctionStatement create:
                return (create.OrReplace || Dropped(create.IsProcedure ? ObjectKind.Procedure : ObjectKind.Function, create.Function), "CREATE FUNCTION", create.Function.ToString());
            case CreateViewStatement { Persistence: not Persistence.Temporary } create:
                return (create.OrReplace || Dropped(ObjectKind.View, create.View), "CREATE VIEW", create.View.ToString());
            case CreateTriggerStatement create:
                return (create.OrReplace || Dropped(ObjectKind.Trigger, new ObjectName(create.Name), create.Table), "CREATE TRIGGER", create.Table.ToString());
            case CreatePolicyStatement create:
                return (Dropped(ObjectKind.Policy, new ObjectName(create.Name), create.Table), "CREATE POLICY", create.Table.ToString());
            case DropStatement drop when drop.Targets.Length > 0:
                return (drop.IfExists, "DROP", drop.Targets[0].Name.ToString());
            case AlterTableStatement { Kind: RelationKind.Table } alter:
                return GuardOf(alter);
            default:
                return null;
        }
    }

    private static (bool IsGuarded, string What, string Subject)? GuardOf(AlterTableStatement alter)
    {
        bool? isGuarded = null;
        foreach (var action in alter.Actions)
        {
            if (action is AddColumn add)
                isGuarded = add.IfNotExists && isGuarded != false;
            else if (action is DropColumn drop)
                isGuarded = drop.IfExists && isGuarded != false;
        }
        return isGuarded is { } guarded ? (guarded, "ALTER TABLE", alter.Table.ToString()) : null;
    }
}
