using PolicyLint.Core.Analysis;
using PolicyLint.Sql;
using PolicyLint.Sql.Text;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Catalog.Replay;

/// <summary>Runs scripts over the state, statement by statement, and shows each to the observer.</summary>
internal sealed class Replayer
{
    private readonly ReplayContext _context;
    private readonly StatementReplay _replay;
    private readonly IReplayObserver? _observer;
    private readonly UnreadEffects _unread;
    private readonly PlPgSql.CodeRunner _code;
    private Script? _script;
    private bool _isTakenBack;

    public Replayer(CatalogState state, AnalysisLimits limits, IReplayObserver? observer, CancellationToken cancellation)
    {
        _context = new(state, limits, cancellation);
        _replay = new(_context);
        _observer = observer;
        _unread = new(_context);
        _code = new(_context, this, _replay, _unread);
    }

    public ReplayContext Context => _context;

    /// <summary>Applies a migration or rollback.</summary>
    public void Run(Script script)
    {
        Enter(script);
        if (script.IsOneTransaction)
            _replay.Transactions.Begin();
        foreach (var statement in script.Tree.Statements)
        {
            _context.Cancellation.ThrowIfCancellationRequested();
            RunOne(statement);
        }
        Leave(script);
    }

    /// <summary>Shows the statements of a script that is applied to nothing.</summary>
    public void Show(Script script)
    {
        Enter(script);
        foreach (var statement in script.Tree.Statements)
        {
            _context.Cancellation.ThrowIfCancellationRequested();
            _context.Enter(statement);
            _replay.Transactions.BeforeStatement(statement);
            var step = Step(statement, isConditional: false);
            _observer?.BeforeStatement(step);
            _observer?.AfterStatement(step);
        }
    }

    /// <summary>Replays rollbacks on the end state and takes everything back.</summary>
    public DatabaseCatalog RunRollbacks(IReadOnlyList<Script> scripts, List<CatalogChange> changes)
    {
        var mark = _context.State.Log.Mark;
        _isTakenBack = true;
        var count = _context.Changes.Count;
        var isIncomplete = _context.State.IsIncomplete;
        foreach (var script in scripts)
            Run(script);
        var end = _context.State.Freeze();
        for (var i = count; i < _context.Changes.Count; i++)
            changes.Add(_context.Changes[i]);
        _replay.Transactions.Undo(mark, count);
        _isTakenBack = false;
        _context.State.IsIncomplete = isIncomplete;
        return end;
    }

    /// <summary>Applies a statement of a DO block or function; a conditional one only marks what it would touch.</summary>
    public void RunInner(Statement statement, bool isConditional)
    {
        var here = _context.Here;
        var isInBody = _context.IsInBody;
        _context.IsInBody = true;
        _context.Enter(statement);
        var step = _observer is null ? null : Step(statement, isConditional);
        if (step is not null)
            _observer!.BeforeStatement(step);
        if (isConditional)
            _unread.Conditional(statement);
        else if (statement is not QueryStatement || statement is SelectQuery { Into: not null })
            Execute(statement);
        if (step is not null)
            _observer!.AfterStatement(step);
        _context.IsInBody = isInBody;
        _context.Restore(here);
    }

    /// <summary>Applies the statements of a text that EXECUTE made.</summary>
    public void RunText(string text, Origin origin, bool isConditional)
    {
        var source = _context.Source;
        var fixedOrigin = _context.FixedOrigin;
        _context.Source = new SourceText(text, source.Path);
        _context.FixedOrigin = origin;
        foreach (var statement in SqlParser.Parse(_context.Source, SqlParseOptions.Bounded).Statements)
        {
            RunInner(statement, isConditional);
            if (statement is QueryStatement)
                _code.RunCallsIn(statement, new PlPgSql.Variables(), isConditional);
        }
        _context.Source = source;
        _context.FixedOrigin = fixedOrigin;
    }

    private void Enter(Script script)
    {
        _script = script;
        _context.Source = script.Tree.Source;
        _context.FixedOrigin = null;
        _replay.Session.Restart();
        ForgetCommitted();
    }

    private void Leave(Script script)
    {
        if (_replay.Transactions.IsOpen)
        {
            if (script.IsOneTransaction)
                _replay.Transactions.Commit();
            else
            {
                _context.Report("the file ends inside a transaction that it opened: what was done since BEGIN is rolled back");
                _replay.Transactions.RollBack();
            }
        }

        DropTemporary();
        ForgetCommitted();
    }

    // What is temporary ends with the session.
    private void DropTemporary()
    {
        if (_context.State.HasTemporaryRelations)
        {
            foreach (var relation in new List<Relation>(_context.State.Relations.Values))
            {
                if (relation.Id.Schema == CatalogState.TemporarySchema)
                    _context.State.Replace(relation, null);
            }
        }
        if (!_context.State.HasTemporaryFunctions)
            return;
        foreach (var id in new List<QualifiedId>(_context.State.Functions.Keys))
        {
            if (id.Schema == CatalogState.TemporarySchema)
                _context.State.SetFunctions(id, []);
        }
        _context.State.HasTemporaryFunctions = false;
    }

    // What committed can't be rolled back any more; but rollback scripts are taken back as a whole.
    private void ForgetCommitted()
    {
        if (!_isTakenBack && !_replay.Transactions.IsOpen)
            _context.State.Log.Forget();
    }

    private void RunOne(Statement statement)
    {
        _context.Enter(statement);
        _replay.Transactions.BeforeStatement(statement);
        if (statement is TransactionStatement)
            _replay.Apply(statement);
        var step = _observer is null ? null : Step(statement, isConditional: false);
        if (step is not null)
            _observer!.BeforeStatement(step);
        if (statement is not TransactionStatement)
            Execute(statement);
        if (step is not null)
            _observer!.AfterStatement(step);
        ForgetCommitted();
    }

    private void Execute(Statement statement)
    {
        switch (statement)
        {
            case DoStatement block:
                _code.RunBlock(block);
                break;
            case CallStatement call:
                _code.RunCall(call.Call);
                break;
            case SelectQuery { Into: null } query:
                _code.RunCalls(query);
                break;
            case BrokenStatement broken:
                _unread.Broken(broken);
                break;
            default:
                _replay.Apply(statement);
                break;
        }
    }

    private ReplayStep Step(Statement statement, bool isConditional) =>
        new(_script!, statement, _context.State, _context.TransactionId, _context.Here, isConditional) 
        {
            IsInTransaction = _replay.Transactions.IsOpen,
            Session = _replay.Session.Current,
        };
}
