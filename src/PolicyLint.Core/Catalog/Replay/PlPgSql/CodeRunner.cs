using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Catalog.Replay.PlPgSql;

/// <summary>Runs DO blocks, and functions that queries call, as far as their values are known.</summary>
internal sealed class CodeRunner(ReplayContext context, Replayer replayer, StatementReplay replay, UnreadEffects unread)
{
    public void RunBlock(DoStatement block)
    {
        _ = replayer;
        unread.TaintText(block.Body.GetText(), "the effect of this DO block is not known");
    }

    public void RunCall(FunctionCall call)
    {
        _ = (call, context);
    }

    public void RunCalls(SelectQuery query)
    {
        foreach (var target in query.Targets)
        {
            if (target.Value is FunctionCall { Name.Name.Text: "set_config", Arguments: [Literal setting, Literal value, Literal isLocal] })
                replay.Session.SetConfig(setting.GetText(), value.GetText(), isLocal.Kind == LiteralKind.True);
        }
        _ = context;
    }
}
