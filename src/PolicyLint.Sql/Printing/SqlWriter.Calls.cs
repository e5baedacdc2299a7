using PolicyLint.Sql.Tree;

namespace PolicyLint.Sql.Printing;

/// <content>Function calls, also in the spellings of their own that the SQL standard gives some of them, and types.</content>
internal sealed partial class SqlWriter
{
    public override void VisitFunctionCall(FunctionCall node)
    {
        if (node.Syntax != FunctionSyntax.Ordinary)
        {
            WriteSpecialCall(node);
            return;
        }
        Write(node.Name);
        Raw('(');
        if (node.IsStar)
        {
            Raw('*');
        }
        else
        {
            WordIf(node.IsDistinct, "DISTINCT");
            WordIf(node.IsAllExplicit, "ALL");
            for (var i = 0; i < node.Arguments.Length; i++)
            {
                if (i > 0)
                    Raw(',');
                WordIf(node.IsVariadic && i == node.Arguments.Length - 1, "VARIADIC");
                Visit(node.Arguments[i]);
            }
            OrderBy(node.OrderBy);
        }
        Raw(')');
        if (node.WithinGroup.Length > 0)
        {
            Word("WITHIN GROUP (");
            OrderBy(node.WithinGroup);
            Raw(')');
        }
        FilterAndOver(node.Filter, node.NullTreatment, node.Over);
    }

    private void FilterAndOver(Expression? filter, NullTreatment nulls, WindowDefinition? over)
    {
        if (filter is not null)
        {
            Word("FILTER (WHERE");
            Visit(filter);
            Raw(')');
        }
        if (nulls != NullTreatment.Unspecified)
            Word(nulls == NullTreatment.Respect ? "RESPECT NULLS" : "IGNORE NULLS");
        if (over is null)
            return;
        Word("OVER");
        if (over.IsReference)
            Write(over.Base);
        else
            WindowSpecification(over);
    }

    private void OrderBy(SortItem[] items)
    {
        if (items.Length == 0)
            return;
        Word("ORDER BY");
        List(items);
    }

    // Arguments stand in the order of the catalog function: position(substring IN string) calls position(string, substring).
    private void WriteSpecialCall(FunctionCall node)
    {
        var arguments = node.Arguments;
        switch (node.Syntax)
        {
            case FunctionSyntax.Extract:
                Word("EXTRACT(");
                Visit(arguments[0]);
                Clause("FROM", arguments, 1);
                break;
            case FunctionSyntax.Normalize:
                Word("NORMALIZE(");
                Visit(arguments[0]);
                if (arguments.Length > 1)
                {
                    Raw(", ");
                    Raw(((Literal)arguments[1]).GetText().ToUpperInvariant());
                }
                break;
            case FunctionSyntax.Overlay:
                Word("OVERLAY(");
                Visit(arguments[0]);
                Clause("PLACING", arguments, 1);
                Clause("FROM", arguments, 2);
                Clause("FOR", arguments, 3);
                break;
            case FunctionSyntax.Position:
                Word("POSITION(");
                Restricted(arguments[1]);
                Word("IN");
                Restricted(arguments[0]);
                break;
            case FunctionSyntax.Substring:
                Word("SUBSTRING(");
                Visit(arguments[0]);
                Clause("FROM", arguments, 1);
                Clause("FOR", arguments, 2);
                break;
            case FunctionSyntax.SubstringSimilar:
                Word("SUBSTRING(");
                Operand(arguments[0], Between + 1);
                Clause("SIMILAR", arguments, 1);
                Clause("ESCAPE", arguments, 2);
                break;
            case FunctionSyntax.TrimBoth or FunctionSyntax.TrimLeading or FunctionSyntax.TrimTrailing:
                Word(node.Syntax switch { FunctionSyntax.TrimBoth => "TRIM(BOTH", FunctionSyntax.TrimLeading => "TRIM(LEADING", _ => "TRIM(TRAILING" });
                List(arguments);
                break;
            case FunctionSyntax.CollationFor:
                Word("COLLATION FOR (");
                List(arguments);
                break;
            case FunctionSyntax.Overlaps:
                Word("(");
                List([arguments[0], arguments[1]]);
                Raw(") OVERLAPS (");
                List([arguments[2], arguments[3]]);
                break;
            default:
                Word("XMLEXISTS(");
                PrimaryOnly(arguments[0]);
                Word("PASSING");
                PrimaryOnly(arguments[1]);
                break;
        }
        Raw(')');
    }

    private void Clause(string keyword, Expression[] arguments, int index)
    {
        if (index >= arguments.Length)
            return;
        Word(keyword);
        Operand(arguments[index], Between + 1);
    }

    public override void VisitTypeName(TypeName node)
    {
        WordIf(node.IsSetOf, "SETOF");
        if (node.IsSystemName)
            SystemType(node);
        else
            Write(node.Name);
        if (node.IsColumnType)
            Raw("%TYPE");
        if (_isRowType)
            Raw("%ROWTYPE");
        if (!node.IsSystemName)
            TypeModifiers(node);
        for (var i = 0; i < node.ArrayDimensions; i++)
        {
            Raw('[');
            if (i < node.ArrayBounds.Length)
                Visit(node.ArrayBounds[i]);
            Raw(']');
        }
    }

    // The grammar's spellings are kept: an interval's fields and a bare bit or character have no other one that means the same.
    private void SystemType(TypeName node)
    {
        var name = node.Name.Name.Text;
        switch (name)
        {
            case "timestamptz" or "timetz":
                Word(name == "timetz" ? "time" : "timestamp");
                TypeModifiers(node);
                Word("with time zone");
                return;
            case "interval":
                Word("interval");
                // A precision of the fields' seconds is written behind them.
                var isOfSeconds = node.IntervalFields is IntervalFields.Second or IntervalFields.DayToSecond or IntervalFields.HourToSecond or IntervalFields.MinuteToSecond;
                if (!isOfSeconds)
                    TypeModifiers(node);
                if (node.IntervalFields != IntervalFields.None)
                    Word(FieldsOf(node.IntervalFields));
                if (isOfSeconds)
                    TypeModifiers(node);
                return;
        }
        Word(name switch
        {
            "int2" => "smallint",
            "int4" => "integer",
            "int8" => "bigint",
            "float4" => "real",
            "float8" => "double precision",
            "bool" => "boolean",
            "bpchar" => "character",
            "varbit" => "bit varying",
            _ => name,
        });
        TypeModifiers(node);
    }

    internal static string FieldsOf(IntervalFields fields) => fields switch
    {
        IntervalFields.YearToMonth => "year to month",
        IntervalFields.DayToHour => "day to hour",
        IntervalFields.DayToMinute => "day to minute",
        IntervalFields.DayToSecond => "day to second",
        IntervalFields.HourToMinute => "hour to minute",
        IntervalFields.HourToSecond => "hour to second",
        IntervalFields.MinuteToSecond => "minute to second",
        _ => fields.ToString().ToLowerInvariant(),
    };

    private void TypeModifiers(TypeName node)
    {
        if (node.Modifiers.Length > 0)
            Arguments(node.Modifiers);
    }

    // interval '1' year: the fields stand behind the constant, a precision before it.
    private void TypedLiteral(CastExpression node)
    {
        var type = node.Type;
        if (!type.IsSystemName || type.Name.Name != "interval" || type.IntervalFields == IntervalFields.None)
        {
            Visit(type);
            Visit(node.Operand);
            return;
        }
        Word("interval");
        Visit(node.Operand);
        Word(FieldsOf(type.IntervalFields));
        TypeModifiers(type);
    }
}
