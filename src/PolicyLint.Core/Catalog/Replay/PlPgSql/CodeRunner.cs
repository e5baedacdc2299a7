using PolicyLint.Sql;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Catalog.Replay.PlPgSql;

/// <summary>Runs DO blocks, and functions that statements call, as far as their values are known.</summary>
internal sealed class CodeRunner(ReplayContext context, Replayer replayer, StatementReplay replay, UnreadEffects unread)
{
    private const int CallDepthLimit = 10;

    private readonly Dictionary<FunctionBody, EffectFinder> _effects = [];
    private int _callDepth;

    public void RunBlock(DoStatement block)
    {
        var language = block.Language.IsEmpty ? "plpgsql" : block.Language.Text;
        var tree = language == "plpgsql" ? PlPgSqlParser.Parse(block.Body, SqlParseOptions.Bounded) : null;
        if (tree?.Block is { } body)
            Run(body, new Variables());
        else
            unread.BrokenBlock(block.Body, tree?.Errors[0]);
    }

    /// <summary>CALL of a procedure.</summary>
    public void RunCall(FunctionCall call) => Invoke(call, new Variables(), isConditional: false);

    /// <summary>Functions that a query calls.</summary>
    public void RunCalls(SelectQuery query) => RunCallsIn(query, new Variables(), isConditional: false);

    /// <summary>Calls in an expression or query of functions that change the catalog or the session.</summary>
    public void RunCallsIn(SqlNode node, Variables variables, bool isConditional)
    {
        var finder = new CallFinder();
        finder.Visit(node);
        foreach (var call in finder.Calls)
            Invoke(call, variables, isConditional);
    }

    /// <summary>A statement of a block.</summary>
    public void RunStatement(Statement statement, Variables variables, bool isConditional)
    {
        replayer.RunInner(statement, isConditional);

        // Queries were passed over there: their arguments may be variables.
        if (statement is QueryStatement)
            RunCallsIn(statement, variables, isConditional);
    }

    public void RunText(string text, Origin origin, bool isConditional) => replayer.RunText(text, origin, isConditional);

    /// <summary>EXECUTE of a text that is not known, or only in parts.</summary>
    public void DynamicUnknown(string? known, Origin origin)
    {
        var text = known?.Trim() ?? "";
        if (text.Length > 0)
        {
            unread.TaintText(text, "the text of this EXECUTE is not known");
            return;
        }
        context.State.AddUnknownEffect(context.Here);
        context.Report("the text of this EXECUTE is not known", at: origin);
    }

    public void Undo(int mark, int changes, int issues)
    {
        replay.Transactions.Undo(mark, changes);
        if (context.Issues.Count > issues)
            context.Issues.RemoveRange(issues, context.Issues.Count - issues);
    }

    private void Run(PlBlock body, Variables variables)
    {
        variables.Declare("found", false);
        var flow = new Interpreter(context, this).Run(body, variables);
        if (flow.Kind == FlowKind.Raised && _callDepth == 0)
            context.Report("this block ends with an exception");
    }

    private void Invoke(FunctionCall call, Variables variables, bool isConditional)
    {
        var name = call.Name.Name.Text;
        if (name == "set_config" && call.Arguments.Length == 3)
        {
            var evaluator = new Evaluator(context, variables);
            var setting = evaluator.Evaluate(call.Arguments[0]) as string;
            if (!isConditional && setting is not null && evaluator.Evaluate(call.Arguments[1]) is string value)
                replay.Session.SetConfig(setting, value, evaluator.Evaluate(call.Arguments[2]) is true);
            else
                replay.Session.Hold(setting);
            return;
        }
        var overloads = context.State.FindFunctions(call.Name);
        if (overloads.Count == 0 || Pick(overloads, call) is not { Body: { } body } function)
        {
            // What a function of the project does that no file makes is not known; the session's user is what one is likely to set.
            if (call.Name.Schema is not (null or "pg_catalog") || name.StartsWith("set_", StringComparison.Ordinal))
                replay.Session.Hold(null);
            return;
        }
        var effects = EffectsOf(function, body);
        foreach (var setting in effects.Settings)
            replay.Session.Hold(setting);
        if (_callDepth >= CallDepthLimit || !(effects.Found || (effects.WritesRows && !isConditional)))
            return;
        if (isConditional)
        {
            unread.TaintText(body.Tree is StringBody text ? text.Text.GetText() : "", $"function {name} may have been called and may have changed the catalog");
            return;
        }
        InvokeKnown(function, body, call, variables);
    }

    private void InvokeKnown(Function function, SqlFragment<FunctionBody> body, FunctionCall call, Variables variables)
    {
        var evaluator = new Evaluator(context, variables);
        var arguments = Array.ConvertAll(call.Arguments, argument => evaluator.Evaluate(argument is NamedArgument named ? named.Value : argument));
        var inner = new Variables { Positional = arguments };
        var position = 0;
        foreach (var parameter in function.Parameters)
        {
            var value = parameter.Mode != ParameterMode.Out && position < arguments.Length ? arguments[position++] : Unknown.Value;
            if (parameter.Name.Length > 0)
                inner.Declare(parameter.Name, value);
        }
        var source = context.Source;
        var fixedOrigin = context.FixedOrigin;
        context.FixedOrigin = context.Here;
        context.Source = body.Source;
        _callDepth++;
        if (body.Tree is StringBody { Text: var text })
        {
            if (function.Language == "plpgsql")
            {
                if (PlPgSqlParser.Parse(text, SqlParseOptions.Bounded).Block is { } block)
                    Run(block, inner);
            }
            else
            {
                foreach (var statement in SqlBodyParser.Parse(text, SqlParseOptions.Bounded).Statements)
                    replayer.RunInner(statement, isConditional: false);
            }
        }
        _callDepth--;
        context.Source = source;
        context.FixedOrigin = fixedOrigin;
    }

    private static Function? Pick(IReadOnlyList<Function> overloads, FunctionCall call)
    {
        foreach (var function in overloads)
        {
            var inputs = 0;
            var required = 0;
            foreach (var parameter in function.Parameters)
            {
                if (parameter.Mode == ParameterMode.Out)
                    continue;
                inputs++;
                required += parameter.HasDefault ? 0 : 1;
            }
            if (call.Arguments.Length >= required && call.Arguments.Length <= inputs)
                return function;
        }
        return null;
    }

    private EffectFinder EffectsOf(Function function, SqlFragment<FunctionBody> body)
    {
        if (_effects.TryGetValue(body.Tree, out var known))
            return known;
        var finder = new EffectFinder();
        if (body.Tree is StringBody { Text: var text })
        {
            if (function.Language == "plpgsql")
                finder.Visit(PlPgSqlParser.Parse(text).Block);
            else if (function.Language == "sql")
            {
                foreach (var statement in SqlBodyParser.Parse(text).Statements)
                {
                    finder.Look(statement);
                    finder.Visit(statement);
                }
            }
        }
        _effects[body.Tree] = finder;
        return finder;
    }

    private sealed class CallFinder : SqlVisitor
    {
        public List<FunctionCall> Calls { get; } = [];

        public override void VisitFunctionCall(FunctionCall node)
        {
            base.VisitFunctionCall(node);
            Calls.Add(node);
        }
    }

    private sealed class EffectFinder : SqlVisitor
    {
        /// <summary>DDL, or dynamic SQL that may be DDL.</summary>
        public bool Found { get; private set; }

        /// <summary>Rows of tables are written.</summary>
        public bool WritesRows { get; private set; }

        /// <summary>Settings that are given a value; null: one whose name is not known.</summary>
        public HashSet<string?> Settings { get; } = [];

        public void Look(Statement statement)
        {
            Found |= statement is not (QueryStatement or InsertStatement or UpdateStatement or DeleteStatement or MergeStatement
                or TruncateStatement or LockStatement or CallStatement or ExplainStatement);
            WritesRows |= statement is InsertStatement or UpdateStatement or DeleteStatement or MergeStatement;
        }

        public override void VisitPlExecute(PlExecute node)
        {
            Found |= node.Into.Length == 0;
            base.VisitPlExecute(node);
        }

        public override void VisitPlSql(PlSql node)
        {
            Look(node.Statement);
            base.VisitPlSql(node);
        }

        public override void VisitSetStatement(SetStatement node) => Settings.Add(node.Setting.ToString());

        public override void VisitFunctionCall(FunctionCall node)
        {
            base.VisitFunctionCall(node);
            if (node.Name.Name == "set_config" && node.Arguments.Length == 3)
                Settings.Add((node.Arguments[0] as Literal)?.GetText());
        }
    }
}
