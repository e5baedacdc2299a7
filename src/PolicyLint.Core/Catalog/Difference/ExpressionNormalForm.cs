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
            finder.BindOver(over, expression);
        return SqlPrinter.Print(new Rewriter(finder).Rewrite(expression));
    }

    private sealed class Finder(ICatalog catalog) : QueryBinder(catalog)
    {
        public Dictionary<SqlNode, ObjectName> Names { get; } = [];

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

        protected override void OnColumn(ColumnReference node, RangeEntry entry, OutputColumn column) =>
            Names[node] = column.Relation is { } relation && column.Column is { } name ? Qualified(relation.Name, name) : new ObjectName(node.Name.Name);

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
                case InList list:
                    result = Membership(list, ((InList)(SqlNode)node).Items);
                    break;
                case PatternMatch { Kind: MatchKind.Like or MatchKind.ILike, Escape: null } match:
                    var symbol = (match.IsNegated ? "!~~" : "~~") + (match.Kind == MatchKind.ILike ? "*" : "");
                    result = Operator(match.Operand, symbol, match.Pattern);
                    break;
                case BetweenExpression { IsSymmetric: false, IsNegated: false } between:
                    result = And(Operator(between.Operand, ">=", between.Lower), Operator(between.Operand, "<=", between.Upper));
                    break;
                case LogicalExpression logical:
                    result = Flat(logical);
                    break;
                case SelectItem { Alias.IsEmpty: false } item:
                    result = new SelectItem { Value = item.Value };
                    break;
                case NamedTable { Alias: not null } table:
                    result = new NamedTable { Name = table.Name, IsOnly = table.IsOnly, Sample = table.Sample };
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
                case Literal { Kind: LiteralKind.String } text when IsNumber(text.GetText()):
                    result = Word(text.GetText());
                    break;
                case Literal { Kind: LiteralKind.Integer or LiteralKind.Float } number:
                    result = Word(number.Source.GetText(number.Span));
                    break;
            }
            return result is T fitting ? fitting : base.Rewrite(node);
        }

        public override ObjectName RewriteObjectName(SqlNode owner, ObjectName name) => finder.Names.TryGetValue(owner, out var known) ? known : name;

        // Numbers are printed as they stand.
        private static Literal Word(string text) => new() { Kind = LiteralKind.Float, Source = new SourceText(text, ""), Start = 0, End = text.Length };

        private static bool IsJson(string text) => text.TrimStart() is { Length: > 0 } trimmed && (trimmed[0] is '{' or '[');

        private static bool IsNumber(string text) => text.Length > 0 && text.Length < 25
            && decimal.TryParse(text, System.Globalization.NumberStyles.AllowDecimalPoint | System.Globalization.NumberStyles.AllowLeadingSign, System.Globalization.CultureInfo.InvariantCulture, out _);

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
            foreach (var item in isArray ? others : [.. list.Items])
                parts.Add(Operator(list.Operand, list.IsNegated ? "<>" : "=", item));
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
