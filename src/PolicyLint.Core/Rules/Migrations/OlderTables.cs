using PolicyLint.Core.Catalog;
using PolicyLint.Core.Catalog.Replay;
using PolicyLint.Core.Findings;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Rules.Migrations;

/// <summary>Tables that were there before the migration that works on them: they may hold rows, and others use them meanwhile.</summary>
internal static class OlderTables
{
    /// <summary>The table that a migration's statement names, where an earlier file made it; null otherwise, and where that is not known.</summary>
    public static Table? Find(StatementRuleContext context, ObjectName name)
    {
        if (context.Step.Script.Role != ScriptRole.Migration || context.Catalog.FindTable(name) is not { } table || IsOutOfSight(table))
            return null;
        return IsMadeIn(context, table) ? null : table;
    }

    /// <summary>Where the table was made; empty where no file says.</summary>
    public static IReadOnlyList<RelatedLocation> Proof(Table table) => table.IsAssumed ? [] : [new(Location.Of(table.CreatedAt), "the table is older than this migration")];

    private static bool IsOutOfSight(Table table) =>
        table.IsForeignOwned || table.Taints.Count > 0 || table.Persistence == Persistence.Temporary || table.Kind == TableKind.Foreign;

    // Also where the file says CREATE TABLE IF NOT EXISTS: which of the two files comes first on a server is not known.
    private static bool IsMadeIn(StatementRuleContext context, Table table)
    {
        if (!table.IsAssumed && ReferenceEquals(table.CreatedAt.Source, context.Step.Script.Tree.Source))
            return true;
        foreach (var statement in context.Step.Script.Tree.Statements)
        {
            if (ReferenceEquals(statement, context.Statement))
                return false;
            if (statement is CreateTableStatement create && context.Catalog.FindTable(create.Table)?.Id == table.Id)
                return true;
        }
        return false;
    }
}
