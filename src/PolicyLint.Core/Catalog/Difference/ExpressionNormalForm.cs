using System.Globalization;
using PolicyLint.Core.Catalog.Replay;
using PolicyLint.Core.Catalog.Replay.Binding;
using PolicyLint.Sql;
using PolicyLint.Sql.Text;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Catalog.Difference;

/// <summary>
/// An expression in one spelling, so that what a person wrote and what pg_get_expr prints of it compare equal: names are resolved and qualified,
/// the server's casts and aliases are left out, IN, LIKE and BETWEEN stand as the operators that they mean (ruleutils.c, parse_expr.c).
/// </summary>
internal static class ExpressionNormalForm
{
    public static string Print(ICatalog catalog, Relation? over, Expression expression)
    {
        var finder = new Finder(catalog);
        if (over is null)
            finder.Visit(expression);
        else
            finder.Over(over, expression);
        return SqlPrinter.Print(new Rewriter(finder).Rewrite(expression));
    }

    private sealed class Finder(ICatalog catalog) : QueryBinder(catalog)
    {
        private readonly Dictionary<QualifiedId, int> _seen = [];
        private readonly Dictionary<int, string> _labels = [];

        public Dictionary<SqlNode, ObjectName> Names { get; } = [];

        /// <summary>Names for relations that are read more than once, so that columns of one are not taken for those of another.</summary>
        public Dictionary<SqlNode, string> Aliases { get; } = [];

        public void Over(Relation relation, Expression expression)
        {
            _seen[relation.Id] = 1;
            BindOver(relation, expression);
        }

        /// <summary>The names that items of FROM that are functions have, and their columns, written or not.</summary>
        public Dictionary<SqlNode, TableAlias> FunctionAliases { get; } = [];

        protected override void OnFunctions(FunctionTable node, string alias, QueryShape shape)
        {
            if (!shape.IsKnown || node.Alias is { Definitions.Length: > 0 })
                return;
            var columns = new Name[shape.Columns.Count];
            for (var i = 0; i < columns.Length; i++)
                columns[i] = new(shape.Columns[i].Name);
            FunctionAliases[node] = new() { Name = new(alias), Columns = columns };
        }

        protected override void OnEntry(NamedTable node, RangeEntry entry)
        {
            var id = entry.Relation!;
            var count = _seen.TryGetValue(id, out var before) ? before + 1 : 1;
            _seen[id] = count;
            if (count == 1)
                return;
            _labels[entry.Number] = Aliases[node] = FormattableString.Invariant($"{id.Name}_{count}");
        }

        protected override void OnColumn(ColumnReference node, RangeEntry entry, OutputColumn column) =>
            Names[node] = column.Relation is { } relation && column.Column is { } name
                ? Qualified(entry.Relation is not null && _labels.TryGetValue(entry.Number, out var label) ? label : relation.Name, name)
                : new ObjectName(new Name(column.Name));

        protected override void OnRelation(NamedTable node, Relation? relation)
        {
            if (relation is not null)
                Names[node] = Qualified(relation.Id.Schema, relation.Id.Name);
        }

        protected override void OnFunction(FunctionCall node)
        {
            // Functions of extensions are known to a server and not to files.
            var schema = Catalog.FindFunctions(node.Name) is { Count: > 0 } overloads ? overloads[0].Id.Schema : node.Name.Schema;
            Names[node] = schema is null or "pg_catalog" or "public" or "extensions" ? new ObjectName(node.Name.Name) : Qualified(schema, node.Name.Name.Text);
        }

        public QualifiedId? FindRelation(ObjectName name) => Catalog.FindRelation(name)?.Id;

        private static ObjectName Qualified(string schema, string name) => new(new Name(name), new Name(schema));
    }

    private sealed class Rewriter(Finder finder) : SqlRewriter
    {
        public override T Rewrite<T>(T node)
        {
            SqlNode result = base.Rewrite(node);
            switch (result)
            {
                case CastExpression { Operand: Literal { Kind: LiteralKind.String } text, Type.Name.Name.Text: "regclass" }:
                    result = RelationNamed(text);
                    break;
                case CastExpression { Operand: Literal { Kind: LiteralKind.Float or LiteralKind.String } amount, Type.IntervalFields: var fields and not IntervalFields.None }
                    when IntervalText.Normalize(amount.GetText() + " " + fields) is { } interval:
                    result = Word("'" + interval + "'");
                    break;
                case CastExpression { Operand: Literal { Kind: LiteralKind.String } truth, Type.Name.Name.Text: "bool" or "boolean" } when Truth(truth.GetText(), isCast: true) is { } value:
                    result = value;
                    break;
                case CastExpression cast:
                    result = cast.Operand;
                    break;
                case FunctionCall { Name.Name.Text: "nextval" or "currval" or "setval", Arguments: [Literal { Kind: LiteralKind.String } text, ..] } call:
                    result = new FunctionCall { Name = call.Name, Arguments = [RelationNamed(text), .. call.Arguments.Skip(1)] };
                    break;
                case IsDistinctFrom { IsNegated: true } same:
                    result = new NotExpression { Operand = new IsDistinctFrom { Left = same.Left, Right = same.Right } };
                    break;
                case QuantifiedComparison { Quantifier: Quantifier.Any, Query: { } query, Operator: { Name.Text: "=", PartCount: 1 } } member:
                    result = new InSubquery { Operand = member.Operand, Query = query };
                    break;
                case InSubquery { IsNegated: true } absent:
                    result = new NotExpression { Operand = new InSubquery { Operand = absent.Operand, Query = absent.Query } };
                    break;
                case InList list:
                    result = Membership(list, ((InList)(SqlNode)node).Items);
                    break;
                case PatternMatch match:
                    result = Match(match);
                    break;
                case BetweenExpression between:
                    result = Range(between);
                    break;
                case CaseExpression { Otherwise: null } branches:
                    result = new CaseExpression { Operand = branches.Operand, Branches = branches.Branches, Otherwise = Keyword(LiteralKind.Null, "NULL") };
                    break;
                case RowConstructor { IsExplicit: false } row:
                    result = new RowConstructor { Items = row.Items, IsExplicit = true };
                    break;
                case OperatorExpression { Left: RowConstructor left, Operator: { PartCount: 1, Name.Text: "=" or "<>" } comparison, Right: RowConstructor right } when left.Items.Length == right.Items.Length:
                    result = OfRows(left, comparison.Name.Text, right);
                    break;
                case LogicalExpression logical:
                    result = Flat(logical);
                    break;
                case SelectItem { Alias.IsEmpty: false } item:
                    result = new SelectItem { Value = item.Value };
                    break;
                case NamedTable table when table.Alias is not null || finder.Aliases.ContainsKey(node):
                    result = new NamedTable
                    {
                        Name = table.Name,
                        IsOnly = table.IsOnly,
                        Sample = table.Sample,
                        Alias = finder.Aliases.TryGetValue(node, out var alias) ? new TableAlias { Name = new(alias) } : null,
                    };
                    break;
                case FunctionTable function when finder.FunctionAliases.TryGetValue(node, out var outputs):
                    result = new FunctionTable
                    {
                        IsLateral = function.IsLateral,
                        IsRowsFrom = function.IsRowsFrom,
                        WithOrdinality = function.WithOrdinality,
                        Functions = function.Functions,
                        Alias = outputs,
                    };
                    break;
                case Literal { Kind: LiteralKind.String } literal when IsJson(literal.GetText()):
                    result = Word("'" + JsonText.Normalize(literal.GetText()) + "'");
                    break;
                case ExistsSubquery { Query: SelectQuery { With: null, GroupBy: null } select }:
                    result = new ExistsSubquery { Query = WithoutTargets(select) };
                    break;
                case OperatorExpression { Left: null, Operator.Name.Text: "-", Right: Literal operand }:
                    result = Word("-" + operand.Source.GetText(operand.Span));
                    break;
                case Literal { Kind: LiteralKind.String } span when IntervalText.Normalize(span.GetText()) is { } interval:
                    result = Word("'" + interval + "'");
                    break;
                case Literal { Kind: LiteralKind.String } moment when TimeText.Normalize(moment.GetText()) is { } time:
                    result = Word("'" + time + "'");
                    break;
                case Literal { Kind: LiteralKind.String } truth when Truth(truth.GetText(), isCast: false) is { } value:
                    result = value;
                    break;
                case Literal { Kind: LiteralKind.String or LiteralKind.Integer or LiteralKind.Float } number when Number(number.GetText()) is { } text:
                    result = Word(text);
                    break;
            }
            return result is T fitting ? fitting : base.Rewrite(node);
        }

        public override ObjectName RewriteObjectName(SqlNode owner, ObjectName name) => finder.Names.TryGetValue(owner, out var known) ? known : name;

        // Numbers are printed as they stand.
        private static Literal Word(string text) => new() { Kind = LiteralKind.Float, Source = new SourceText(text, ""), Start = 0, End = text.Length };

        private static bool IsJson(string text) => text.TrimStart() is { Length: > 0 } trimmed && (trimmed[0] is '{' or '[');

        private static string? Number(string text) =>
            text.Length is > 0 and < 25 && decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var number)
                ? number.ToString(CultureInfo.InvariantCulture)
                : null;

        // The words that boolin takes; without a cast only those that are hardly ever a text.
        private static Literal? Truth(string text, bool isCast) => text.ToLowerInvariant() switch
        {
            "true" => Keyword(LiteralKind.True, "TRUE"),
            "false" => Keyword(LiteralKind.False, "FALSE"),
            "t" or "yes" or "on" or "y" when isCast => Keyword(LiteralKind.True, "TRUE"),
            "f" or "no" or "off" or "n" when isCast => Keyword(LiteralKind.False, "FALSE"),
            _ => null,
        };

        private static Literal Keyword(LiteralKind kind, string text) => new() { Kind = kind, Source = new SourceText(text, ""), Start = 0, End = text.Length };

        private static Expression Match(PatternMatch match)
        {
            if (match.Kind is MatchKind.Like or MatchKind.ILike)
            {
                var pattern = match.Escape is null ? match.Pattern : Call("like_escape", match.Pattern, match.Escape);
                return Operator(match.Operand, (match.IsNegated ? "!~~" : "~~") + (match.Kind == MatchKind.ILike ? "*" : ""), pattern);
            }
            var regex = match.Escape is null ? Call("similar_to_escape", match.Pattern) : Call("similar_to_escape", match.Pattern, match.Escape);
            return Operator(match.Operand, match.IsNegated ? "!~" : "~", regex);
        }

        private static Expression Range(BetweenExpression between)
        {
            var range = Inside(between.Operand, between.IsNegated, between.Lower, between.Upper);
            if (!between.IsSymmetric)
                return range;
            var other = Inside(between.Operand, between.IsNegated, between.Upper, between.Lower);
            return between.IsNegated ? Flat(And(range, other)) : Flat(new() { Operator = LogicalOperator.Or, Operands = [range, other] });
        }

        private static LogicalExpression Inside(Expression operand, bool isNegated, Expression lower, Expression upper) => isNegated
            ? new() { Operator = LogicalOperator.Or, Operands = [Operator(operand, "<", lower), Operator(operand, ">", upper)] }
            : And(Operator(operand, ">=", lower), Operator(operand, "<=", upper));

        // Rows are equal where all their fields are (parse_expr.c, make_row_comparison_op).
        private static Expression OfRows(RowConstructor left, string symbol, RowConstructor right)
        {
            var parts = new Expression[left.Items.Length];
            for (var i = 0; i < parts.Length; i++)
                parts[i] = Operator(left.Items[i], symbol, right.Items[i]);
            return parts.Length == 1 ? parts[0] : new LogicalExpression { Operator = symbol == "=" ? LogicalOperator.And : LogicalOperator.Or, Operands = parts };
        }

        private static FunctionCall Call(string function, params Expression[] arguments) => new() { Name = new(new Name(function)), Arguments = arguments };

        private static SelectQuery WithoutTargets(SelectQuery select) => new() { From = select.From, Where = select.Where };

        // A text that is read as the name of a relation, whose schema the server prints where it has to.
        private Literal RelationNamed(Literal text) =>
            SqlParser.ParseExpression(new SourceText(text.GetText(), ""), out _) is ColumnReference { IsStar: false } name && finder.FindRelation(name.Name) is { } id
                ? Word("'" + id + "'")
                : Word("'" + text.GetText() + "'");

        // Constants become one array, what has columns in it stays a comparison of its own (parse_expr.c, transformAExprIn).
        private static Expression Membership(InList list, Expression[] written)
        {
            var constants = new List<Expression>();
            var others = new List<Expression>();
            for (var i = 0; i < list.Items.Length; i++)
                (ColumnSearch.HasColumn(written[i]) ? others : constants).Add(list.Items[i]);
            var isArray = constants.Count > 1 && Array.TrueForAll(written, static item => item is not RowConstructor);
            List<Expression> parts = isArray ? [Quantified(list.Operand, list.IsNegated, new ArrayConstructor { Items = [.. constants] })] : [];
            var symbol = list.IsNegated ? "<>" : "=";
            foreach (var item in isArray ? others : [.. list.Items])
            {
                parts.Add(list.Operand is RowConstructor left && item is RowConstructor right && left.Items.Length == right.Items.Length
                    ? OfRows(left, symbol, right)
                    : Operator(list.Operand, symbol, item));
            }
            return parts.Count == 1 ? parts[0] : Flat(new() { Operator = list.IsNegated ? LogicalOperator.And : LogicalOperator.Or, Operands = [.. parts] });
        }

        private sealed class ColumnSearch : SqlVisitor
        {
            private bool _found;

            public static bool HasColumn(Expression expression)
            {
                var search = new ColumnSearch();
                search.Visit(expression);
                return search._found;
            }

            public override void VisitColumnReference(ColumnReference node) => _found = true;
        }

        private static QuantifiedComparison Quantified(Expression operand, bool isNegated, Expression array) => new()
        {
            Operand = operand,
            Operator = new(new Name(isNegated ? "<>" : "=")),
            Quantifier = isNegated ? Quantifier.All : Quantifier.Any,
            Array = array,
        };

        private static OperatorExpression Operator(Expression left, string symbol, Expression right) => new() { Left = left, Operator = new(new Name(symbol)), Right = right };

        private static LogicalExpression And(Expression left, Expression right) => new() { Operator = LogicalOperator.And, Operands = [left, right] };

        private static LogicalExpression Flat(LogicalExpression logical)
        {
            var operands = new List<Expression>();
            foreach (var operand in logical.Operands)
            {
                if (operand is LogicalExpression inner && inner.Operator == logical.Operator)
                    operands.AddRange(inner.Operands);
                else
                    operands.Add(operand);
            }
            return new() { Operator = logical.Operator, Operands = [.. operands] };
        }
    }
}
