using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Catalog.Replay;

/// <summary>Transactions and savepoints over the undo log.</summary>
internal sealed class TransactionControl(ReplayContext context, SessionStatements session)
{
    private readonly List<(string Name, int Mark, int Changes)> _savepoints = [];
    private int _mark;
    private int _changes;
    private int _lastId;

    public bool IsOpen { get; private set; }

    /// <summary>The tool's transaction around a file.</summary>
    public void Begin()
    {
        if (IsOpen)
            return;
        IsOpen = true;
        _mark = context.State.Log.Mark;
        _changes = context.Changes.Count;
        context.TransactionId = ++_lastId;
    }

    /// <summary>Before each statement: outside a transaction each has its own.</summary>
    public void BeforeStatement(Statement statement)
    {
        if (IsOpen || statement is TransactionStatement { Operation: TransactionOperation.Begin or TransactionOperation.Start })
            return;
        context.TransactionId = ++_lastId;
    }

    public void Apply(TransactionStatement statement)
    {
        switch (statement.Operation)
        {
            case TransactionOperation.Begin or TransactionOperation.Start:
                Begin();
                break;
            case TransactionOperation.Commit:
                Commit();
                Chain(statement);
                break;
            case TransactionOperation.Rollback:
                RollBack();
                Chain(statement);
                break;
            case TransactionOperation.Savepoint:
                if (IsOpen)
                    _savepoints.Add((statement.Savepoint.Text, context.State.Log.Mark, context.Changes.Count));
                break;
            case TransactionOperation.Release:
                var released = Find(statement.Savepoint.Text);
                if (released >= 0)
                    _savepoints.RemoveRange(released, _savepoints.Count - released);
                break;
            case TransactionOperation.RollbackTo:
                RollBackTo(statement.Savepoint.Text);
                break;
            case TransactionOperation.PrepareTransaction:
                Commit();
                break;
        }
    }

    public void Commit()
    {
        if (!IsOpen)
            return;
        IsOpen = false;
        _savepoints.Clear();
        session.EndTransaction();
    }

    public void RollBack()
    {
        if (!IsOpen)
            return;
        IsOpen = false;
        _savepoints.Clear();
        Undo(_mark, _changes);
        session.EndTransaction();
    }

    /// <summary>Takes back what was done since a mark.</summary>
    public void Undo(int mark, int changes)
    {
        context.State.RollBackTo(mark);
        if (context.Changes.Count > changes)
            context.Changes.RemoveRange(changes, context.Changes.Count - changes);
        context.Dependents.Forget();
    }

    private void Chain(TransactionStatement statement)
    {
        if (statement.IsChain)
            Begin();
    }

    private void RollBackTo(string name)
    {
        var index = Find(name);
        if (index < 0)
            return;
        Undo(_savepoints[index].Mark, _savepoints[index].Changes);
        _savepoints.RemoveRange(index + 1, _savepoints.Count - index - 1);
    }

    private int Find(string name) => _savepoints.FindLastIndex(s => s.Name == name);
}
