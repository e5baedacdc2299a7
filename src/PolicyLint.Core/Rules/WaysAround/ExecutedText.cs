using PolicyLint.Core.Catalog;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Rules.WaysAround;

/// <summary>
/// Follows the text arguments of a PL/pgSQL function into what it executes, through assignments in any order. What it does not know
/// how to follow carries no argument on.
/// </summary>
internal sealed class ExecutedText : SqlVisitor
{
    private readonly Dictionary<string, string> _argumentByVariable = new(StringComparer.Ordinal);
    private readonly List<string> _arguments = [];
    private readonly string _function;
    private bool _isGathering = true;
    private bool _hasChanged;

    private ExecutedText(Function function)
    {
        _function = function.Id.Name;
        foreach (var parameter in function.Parameters)
        {
            if (parameter.Mode == ParameterMode.Out)
                continue;
            var isText = IsTextType(parameter.Type);
            _arguments.Add(isText ? parameter.Name.Length > 0 ? parameter.Name : "$" + (_arguments.Count + 1).ToString(System.Globalization.CultureInfo.InvariantCulture) : "");
            if (isText && parameter.Name.Length > 0)
                _argumentByVariable[parameter.Name] = parameter.Name;
        }
    }

    /// <summary>The first executed expression that holds an argument.</summary>
    public Expression? Found { get; private set; }

    /// <summary>The argument that it holds.</summary>
    public string Argument { get; private set; } = "";

    /// <summary>The argument is all of the text.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>Searches the body of a function.</summary>
    public static ExecutedText In(IReadOnlyList<SqlNode> roots, Function function)
    {
        var search = new ExecutedText(function);
        var checks = new CheckedNames();
        foreach (var root in roots)
            checks.Visit(root);
        foreach (var name in checks.Names)
            search._argumentByVariable.Remove(name);
        do
        {
            search._hasChanged = false;
            foreach (var root in roots)
                search.Visit(root);
        }
        while (search._hasChanged);
        search._isGathering = false;
        foreach (var root in roots)
            search.Visit(root);
        return search;
    }

    public override void VisitPlDeclaration(PlDeclaration node)
    {
        Assign(node.Name.Text, node.Default);
        base.VisitPlDeclaration(node);
    }

    public override void VisitPlAssignment(PlAssignment node)
    {
        if (node.Target is ColumnReference { IsStar: false, Name.PartCount: 1 } target)
            Assign(target.Name.Name.Text, node.Value);
        base.VisitPlAssignment(node);
    }

    public override void VisitPlExecute(PlExecute node)
    {
        Execute(node.Query);
        base.VisitPlExecute(node);
    }

    public override void VisitPlForExecute(PlForExecute node)
    {
        Execute(node.Query);
        base.VisitPlForExecute(node);
    }

    public override void VisitPlReturn(PlReturn node)
    {
        Execute(node.Dynamic);
        base.VisitPlReturn(node);
    }

    public override void VisitPlOpen(PlOpen node)
    {
        Execute(node.Dynamic);
        base.VisitPlOpen(node);
    }

    private void Assign(string variable, Expression? value)
    {
        if (!_isGathering || value is null || _argumentByVariable.ContainsKey(variable) || ArgumentIn(value) is not { } argument)
            return;
        _argumentByVariable.Add(variable, argument);
        _hasChanged = true;
    }

    private void Execute(Expression? text)
    {
        if (_isGathering || Found is not null || text is null || ArgumentIn(text) is not { } argument)
            return;
        (Found, Argument) = (text, argument);
        IsWhole = text is ColumnReference column && column.Name.Name == argument;
    }

    private string? ArgumentIn(Expression? expression)
    {
        switch (expression)
        {
            case ColumnReference { IsStar: false } column when column.Name.Qualifier.IsEmpty || column.Name.Qualifier == _function:
                return _argumentByVariable.TryGetValue(column.Name.Name.Text, out var argument) ? argument : null;
            case ParameterReference { Number: > 0 } parameter when parameter.Number <= _arguments.Count:
                return _arguments[parameter.Number - 1] is { Length: > 0 } name && (name[0] == '$' || _argumentByVariable.ContainsKey(name)) ? name : null;
            case OperatorExpression { Operator.Name.Text: "||" } joined:
                return ArgumentIn(joined.Left) ?? ArgumentIn(joined.Right);
            case OperatorExpression { Operator.Name.Text: "->>" or "#>>" } field:
                return ArgumentIn(field.Left);
            case CastExpression cast:
                return IsTextType(cast.Type.Name.Name.Text) ? ArgumentIn(cast.Operand) : null;
            case ConditionalExpression conditional:
                return FirstIn(conditional.Arguments);
            case CaseExpression choice:
                foreach (var branch in choice.Branches)
                {
                    if (ArgumentIn(branch.Result) is { } chosen)
                        return chosen;
                }
                return ArgumentIn(choice.Otherwise);
            case FunctionCall call:
                return ArgumentIn(call);
            default:
                return null;
        }
    }

    private string? ArgumentIn(FunctionCall call) => call.Name.Name.Text switch
    {
        "concat" or "concat_ws" or "lower" or "upper" or "btrim" or "ltrim" or "rtrim" or "left" or "right" or "array_to_string" => FirstIn(call.Arguments),
        "format" when call.Arguments.Length > 0 => ArgumentIn(call.Arguments[0]) ?? InFormat(call),
        _ => null,
    };

    private string? FirstIn(Expression[] expressions)
    {
        foreach (var expression in expressions)
        {
            if (ArgumentIn(expression) is { } argument)
                return argument;
        }
        return null;
    }

    // %s puts the value in as it is; %I and %L quote it (manual 9.4.1).
    private string? InFormat(FunctionCall call)
    {
        if (call.IsVariadic || call.Arguments[0] is not Literal { Kind: LiteralKind.String } literal)
            return null;
        var format = literal.GetText();
        var next = 1;
        for (var i = 0; i < format.Length - 1; i++)
        {
            if (format[i] != '%')
                continue;
            i++;
            if (format[i] == '%')
                continue;
            var digits = 0;
            while (i + digits < format.Length && char.IsDigit(format[i + digits]))
                digits++;
            var position = next;
            if (digits > 0 && i + digits < format.Length && format[i + digits] == '$')
            {
                position = int.TryParse(format.Substring(i, digits), out var given) ? given : int.MaxValue - 1;
                i += digits + 1;
            }
            while (i < format.Length && (format[i] == '-' || char.IsDigit(format[i])))
                i++;
            next = position + 1;
            if (i < format.Length && format[i] == 's' && position < call.Arguments.Length && ArgumentIn(call.Arguments[position]) is { } argument)
                return argument;
        }
        return null;
    }

    private static bool IsTextType(string type) =>
        type is "text" or "json" or "jsonb" or "name" or "varchar" or "bpchar" or "text[]" or "citext" || type.StartsWith("character", StringComparison.Ordinal);

    // Names that a condition asks about: IN a list, equal to a word, like a pattern, looked up, given to a function.
    private sealed class CheckedNames : SqlVisitor
    {
        private bool _isCondition;

        public HashSet<string> Names { get; } = new(StringComparer.Ordinal);

        public override void VisitPlCondition(PlCondition node)
        {
            _isCondition = true;
            VisitAll(node.Conditions);
            _isCondition = false;
            VisitAll(node.Statements);
        }

        public override void VisitPlCase(PlCase node)
        {
            Add(node.Operand);
            base.VisitPlCase(node);
        }

        public override void VisitPlAssert(PlAssert node)
        {
            _isCondition = true;
            base.VisitPlAssert(node);
            _isCondition = false;
        }

        public override void VisitCaseExpression(CaseExpression node)
        {
            Add(node.Operand);
            base.VisitCaseExpression(node);
        }

        public override void VisitInList(InList node)
        {
            Add(node.Operand);
            base.VisitInList(node);
        }

        public override void VisitInSubquery(InSubquery node)
        {
            Add(node.Operand);
            base.VisitInSubquery(node);
        }

        public override void VisitQuantifiedComparison(QuantifiedComparison node)
        {
            Add(node.Operand);
            base.VisitQuantifiedComparison(node);
        }

        // `p <> ''` asks whether there is a text, not which.
        public override void VisitOperatorExpression(OperatorExpression node)
        {
            if (node.Left is not null && node.Operator.Name.Text is "=" or "<>" or "~" or "~*" or "!~" or "!~*" && !IsEmptyText(node.Left) && !IsEmptyText(node.Right))
            {
                Add(node.Left);
                Add(node.Right);
            }
            base.VisitOperatorExpression(node);
        }

        public override void VisitPatternMatch(PatternMatch node)
        {
            Add(node.Operand);
            base.VisitPatternMatch(node);
        }

        public override void VisitFunctionCall(FunctionCall node)
        {
            if (_isCondition || node.Name.Name.Text is "to_regclass" or "to_regtype" or "to_regproc")
            {
                foreach (var argument in node.Arguments)
                    Add(argument);
            }
            base.VisitFunctionCall(node);
        }

        private void Add(Expression? expression)
        {
            switch (expression)
            {
                case ColumnReference { IsStar: false } column:
                    Names.Add(column.Name.Name.Text);
                    break;
                case CastExpression cast:
                    Add(cast.Operand);
                    break;
                case FunctionCall { Name.Name.Text: "lower" or "upper" or "btrim", Arguments.Length: > 0 } call:
                    Add(call.Arguments[0]);
                    break;
            }
        }

        private static bool IsEmptyText(Expression? expression) => expression is Literal { Kind: LiteralKind.String } literal && literal.GetText().Length == 0;
    }
}
