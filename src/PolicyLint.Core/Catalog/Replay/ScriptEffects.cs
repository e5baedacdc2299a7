using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Catalog.Replay;

/// <summary>Runs migrations and keeps the catalogs around those that may change who reaches what.</summary>
internal sealed class ScriptEffects(Replayer replayer)
{
    private readonly List<ScriptEffect> _all = [];
    private DatabaseCatalog? _last;

    public IReadOnlyList<ScriptEffect> All => _all;

    public void Run(Script script)
    {
        if (!MayChangeAccess(script))
        {
            replayer.Run(script);
            _last = null;
            return;
        }
        var before = _last ?? replayer.Context.State.Snapshot();
        replayer.Run(script);
        _last = replayer.Context.State.Snapshot();
        var count = _all.Count;
        if (count > 0 && ReferenceEquals(_all[count - 1].Script.Tree.Source, script.Tree.Source))
            _all[count - 1] = _all[count - 1] with { After = _last };
        else
            _all.Add(new(script, before, _last));
    }

    // Statements that make tables and fill them change nothing about tables that were there.
    private static bool MayChangeAccess(Script script)
    {
        foreach (var statement in script.Tree.Statements)
        {
            if (statement is not (CreateTableStatement or CreateIndexStatement or InsertStatement or UpdateStatement or DeleteStatement or CommentStatement or TransactionStatement))
                return true;
        }
        return false;
    }
}
