using PolicyLint.Sql.Tree;

namespace PolicyLint.Sql.Printing;

/// <content>XML and JSON functions of the grammar.</content>
internal sealed partial class SqlWriter
{
    public override void VisitXmlExpression(XmlExpression node)
    {
        switch (node.Operation)
        {
            case XmlOperation.Concat:
                Word("XMLCONCAT(");
                List(node.Arguments);
                break;
            case XmlOperation.Element:
                Word("XMLELEMENT(NAME");
                Write(node.Name);
                if (node.Attributes.Length > 0)
                {
                    Raw(", XMLATTRIBUTES(");
                    List(node.Attributes);
                    Raw(')');
                }
                if (node.Arguments.Length > 0)
                {
                    Raw(',');
                    List(node.Arguments);
                }
                break;
            case XmlOperation.Forest:
                Word("XMLFOREST(");
                List(node.Attributes);
                break;
            case XmlOperation.Parse:
                Word(node.IsDocument ? "XMLPARSE(DOCUMENT" : "XMLPARSE(CONTENT");
                List(node.Arguments);
                if (node.Whitespace != XmlWhitespace.Unspecified)
                    Word(node.Whitespace == XmlWhitespace.Preserve ? "PRESERVE WHITESPACE" : "STRIP WHITESPACE");
                break;
            case XmlOperation.ProcessingInstruction:
                Word("XMLPI(NAME");
                Write(node.Name);
                if (node.Arguments.Length > 0)
                {
                    Raw(',');
                    List(node.Arguments);
                }
                break;
            case XmlOperation.Root:
                Word("XMLROOT(");
                Visit(node.Arguments[0]);
                Raw(", VERSION");
                if (node.HasNoVersion)
                    Word("NO VALUE");
                else
                    Visit(node.Arguments[1]);
                if (node.Standalone != XmlStandalone.Unspecified)
                    Raw(node.Standalone switch { XmlStandalone.Yes => ", STANDALONE YES", XmlStandalone.No => ", STANDALONE NO", _ => ", STANDALONE NO VALUE" });
                break;
            default:
                Word(node.IsDocument ? "XMLSERIALIZE(DOCUMENT" : "XMLSERIALIZE(CONTENT");
                List(node.Arguments);
                Word("AS");
                Visit(node.Type);
                if (node.Indent != XmlIndent.Unspecified)
                    Word(node.Indent == XmlIndent.Indent ? "INDENT" : "NO INDENT");
                break;
        }
        Raw(')');
    }

    public override void VisitXmlAttribute(XmlAttribute node)
    {
        Visit(node.Value);
        Write("AS", node.Name);
    }

    public override void VisitXmlTable(XmlTable node)
    {
        WordIf(node.IsLateral, "LATERAL");
        Word("XMLTABLE(");
        if (node.Namespaces.Length > 0)
        {
            Word("XMLNAMESPACES(");
            for (var i = 0; i < node.Namespaces.Length; i++)
            {
                if (i > 0)
                    Raw(',');
                WordIf(node.Namespaces[i].Name.IsEmpty, "DEFAULT");
                Restricted(node.Namespaces[i].Value);
                Write("AS", node.Namespaces[i].Name);
            }
            Raw("),");
        }
        PrimaryOnly(node.RowPath);
        Word("PASSING");
        PrimaryOnly(node.Document);
        Word("COLUMNS");
        List(node.Columns);
        Raw(')');
        Visit(node.Alias);
    }

    public override void VisitXmlTableColumn(XmlTableColumn node)
    {
        Write(node.Name);
        if (node.IsForOrdinality)
        {
            Word("FOR ORDINALITY");
            return;
        }
        Visit(node.Type);
        if (node.Path is not null)
        {
            Word("PATH");
            Restricted(node.Path);
        }
        if (node.Default is not null)
        {
            Word("DEFAULT");
            Restricted(node.Default);
        }
        WordIf(node.IsNotNull, "NOT NULL");
        WordIf(node.IsNull, "NULL");
    }

    private void Write(JsonUniqueness uniqueness)
    {
        if (uniqueness != JsonUniqueness.Unspecified)
            Word(uniqueness == JsonUniqueness.With ? "WITH UNIQUE KEYS" : "WITHOUT UNIQUE KEYS");
    }

    private void Write(JsonOnNull onNull)
    {
        if (onNull != JsonOnNull.Unspecified)
            Word(onNull == JsonOnNull.Null ? "NULL ON NULL" : "ABSENT ON NULL");
    }

    public override void VisitJsonFormat(JsonFormat node)
    {
        Word("FORMAT JSON");
        Write("ENCODING", node.Encoding);
    }

    public override void VisitJsonValue(JsonValue node)
    {
        Visit(node.Value);
        Visit(node.Format);
    }

    public override void VisitJsonReturning(JsonReturning node)
    {
        Word("RETURNING");
        Visit(node.Type);
        Visit(node.Format);
    }

    // `key VALUE value` takes a c_expr, `key : value` collides with psql's variables: parentheses make the former safe.
    public override void VisitJsonKeyValue(JsonKeyValue node)
    {
        PrimaryOnly(node.Key);
        Word("VALUE");
        Visit(node.Value);
    }

    public override void VisitJsonObjectConstructor(JsonObjectConstructor node)
    {
        Word("JSON_OBJECT(");
        List(node.Items);
        Write(node.OnNull);
        Write(node.Uniqueness);
        Visit(node.Returning);
        Raw(')');
    }

    public override void VisitJsonArrayConstructor(JsonArrayConstructor node)
    {
        Word("JSON_ARRAY(");
        List(node.Items);
        Visit(node.Query);
        Visit(node.QueryFormat);
        Write(node.OnNull);
        Visit(node.Returning);
        Raw(')');
    }

    public override void VisitJsonAggregate(JsonAggregate node)
    {
        Word(node.Pair is not null ? "JSON_OBJECTAGG(" : "JSON_ARRAYAGG(");
        Visit(node.Pair);
        Visit(node.Value);
        OrderBy(node.OrderBy);
        Write(node.OnNull);
        Write(node.Uniqueness);
        Visit(node.Returning);
        Raw(')');
        FilterAndOver(node.Filter, NullTreatment.Unspecified, node.Over);
    }

    public override void VisitJsonParse(JsonParse node)
    {
        Word(node.Function switch { JsonParseFunction.Json => "JSON(", JsonParseFunction.Scalar => "JSON_SCALAR(", _ => "JSON_SERIALIZE(" });
        Visit(node.Value);
        Write(node.Uniqueness);
        Visit(node.Returning);
        Raw(')');
    }

    public override void VisitJsonQueryCall(JsonQueryCall node)
    {
        Word(node.Function switch { JsonQueryFunction.Exists => "JSON_EXISTS(", JsonQueryFunction.Query => "JSON_QUERY(", _ => "JSON_VALUE(" });
        Visit(node.Context);
        Raw(',');
        Visit(node.Path);
        Passing(node.Passing);
        Visit(node.Returning);
        Write(node.Wrapper);
        Write(node.Quotes);
        Behavior(node.OnEmpty, "ON EMPTY");
        Behavior(node.OnError, "ON ERROR");
        Raw(')');
    }

    private void Passing(JsonArgument[] arguments)
    {
        if (arguments.Length == 0)
            return;
        Word("PASSING");
        List(arguments);
    }

    public override void VisitJsonArgument(JsonArgument node)
    {
        Visit(node.Value);
        Write("AS", node.Name);
    }

    private void Write(JsonWrapper wrapper)
    {
        if (wrapper != JsonWrapper.Unspecified)
            Word(wrapper switch { JsonWrapper.Without => "WITHOUT WRAPPER", JsonWrapper.Conditional => "WITH CONDITIONAL WRAPPER", _ => "WITH WRAPPER" });
    }

    private void Write(JsonQuotes quotes)
    {
        if (quotes != JsonQuotes.Unspecified)
            Word(quotes == JsonQuotes.Keep ? "KEEP QUOTES" : "OMIT QUOTES");
    }

    private void Behavior(JsonBehavior? behavior, string on)
    {
        if (behavior is null)
            return;
        Visit(behavior);
        Word(on);
    }

    public override void VisitJsonBehavior(JsonBehavior node)
    {
        Word(node.Kind switch
        {
            JsonBehaviorKind.EmptyArray => "EMPTY ARRAY",
            JsonBehaviorKind.EmptyObject => "EMPTY OBJECT",
            _ => node.Kind.ToString().ToUpperInvariant(),
        });
        if (node.Default is not null)
            Visit(node.Default);
    }

    public override void VisitJsonTable(JsonTable node)
    {
        WordIf(node.IsLateral, "LATERAL");
        Word("JSON_TABLE(");
        Visit(node.Context);
        Raw(',');
        Visit(node.Path);
        Write("AS", node.PathName);
        Passing(node.Passing);
        Word("COLUMNS");
        InParentheses(node.Columns);
        Behavior(node.OnError, "ON ERROR");
        Raw(')');
        Visit(node.Alias);
    }

    public override void VisitJsonTableColumn(JsonTableColumn node)
    {
        if (node.Kind == JsonTableColumnKind.Nested)
        {
            Word("NESTED PATH");
            Visit(node.Path);
            Write("AS", node.Name);
            Word("COLUMNS");
            InParentheses(node.Nested);
            return;
        }
        Write(node.Name);
        if (node.Kind == JsonTableColumnKind.Ordinality)
        {
            Word("FOR ORDINALITY");
            return;
        }
        Visit(node.Type);
        Visit(node.Format);
        WordIf(node.Kind == JsonTableColumnKind.Exists, "EXISTS");
        if (node.Path is not null)
        {
            Word("PATH");
            Visit(node.Path);
        }
        Write(node.Wrapper);
        Write(node.Quotes);
        Behavior(node.OnEmpty, "ON EMPTY");
        Behavior(node.OnError, "ON ERROR");
    }
}
