using PolicyLint.Sql.Tree;

namespace PolicyLint.Sql.Parsing;

/// <content>XML and SQL/JSON functions and tables.</content>
internal sealed partial class SqlStatementParser
{
    private XmlExpression XmlEnd(int start, XmlOperation operation, Name name = default, XmlAttribute[]? attributes = null, Expression[]? arguments = null)
    {
        Expect(TokenKind.CloseParen);
        return new XmlExpression { Start = start, Operation = operation, Name = name, Attributes = attributes ?? [], Arguments = arguments ?? [], End = LastEnd };
    }

    private Expression? XmlFunction(int start, Keyword keyword)
    {
        if (keyword is not (Keyword.Xmlconcat or Keyword.Xmlelement or Keyword.Xmlexists or Keyword.Xmlforest or Keyword.Xmlparse or Keyword.Xmlpi or Keyword.Xmlroot or Keyword.Xmlserialize))
            return null;
        Advance();
        Expect(TokenKind.OpenParen);
        switch (keyword)
        {
            case Keyword.Xmlconcat:
                return XmlEnd(start, XmlOperation.Concat, arguments: CommaList(static parser => parser.Expression()));
            case Keyword.Xmlelement:
                return XmlElement(start);
            case Keyword.Xmlexists:
                var path = Primary();
                var document = XmlPassing(out _);
                Expect(TokenKind.CloseParen);
                return Special(start, "xmlexists", FunctionSyntax.XmlExists, [path, document]);
            case Keyword.Xmlforest:
                return XmlEnd(start, XmlOperation.Forest, attributes: CommaList(static parser => parser.XmlAttribute()));
            case Keyword.Xmlparse:
                return XmlParse(start);
            case Keyword.Xmlpi:
                Expect(Keyword.Name);
                var name = Label();
                Expression[] content = Accept(TokenKind.Comma) ? [Expression()] : [];
                return XmlEnd(start, XmlOperation.ProcessingInstruction, name, arguments: content);
            case Keyword.Xmlroot:
                return XmlRoot(start);
            default:
                return XmlSerialize(start);
        }
    }

    private XmlExpression XmlElement(int start)
    {
        Expect(Keyword.Name);
        var name = Label();
        XmlAttribute[] attributes = [];
        Expression[] content = [];
        if (Accept(TokenKind.Comma))
        {
            var hasContent = true;
            if (At(Keyword.Xmlattributes) && PeekIs(1, TokenKind.OpenParen))
            {
                Advance();
                Advance();
                attributes = CommaList(static parser => parser.XmlAttribute());
                Expect(TokenKind.CloseParen);
                hasContent = Accept(TokenKind.Comma);
            }
            if (hasContent)
                content = CommaList(static parser => parser.Expression());
        }
        return XmlEnd(start, XmlOperation.Element, name, attributes, content);
    }

    private XmlAttribute XmlAttribute()
    {
        var start = Start;
        var value = Expression();
        var name = Accept(Keyword.As) ? Label() : default;
        return new XmlAttribute { Start = start, Value = value, Name = name, End = LastEnd };
    }

    private bool DocumentOrContent()
    {
        if (Accept(Keyword.Document))
            return true;
        Expect(Keyword.Content);
        return false;
    }

    private XmlExpression XmlParse(int start)
    {
        var isDocument = DocumentOrContent();
        var value = Expression();
        var whitespace = XmlWhitespace.Unspecified;
        if (At(Keyword.Preserve) || At(Keyword.Strip))
        {
            whitespace = At(Keyword.Preserve) ? XmlWhitespace.Preserve : XmlWhitespace.Strip;
            Advance();
            Expect(Keyword.Whitespace);
        }
        Expect(TokenKind.CloseParen);
        return new XmlExpression { Start = start, Operation = XmlOperation.Parse, IsDocument = isDocument, Arguments = [value], Whitespace = whitespace, End = LastEnd };
    }

    private XmlExpression XmlRoot(int start)
    {
        var value = Expression();
        Expect(TokenKind.Comma);
        Expect(Keyword.Version);
        var hasNoVersion = At(Keyword.No) && PeekIs(1, Keyword.Value);
        Expression[] arguments = [value];
        if (hasNoVersion)
        {
            Advance();
            Advance();
        }
        else
        {
            arguments = [value, Expression()];
        }
        var standalone = XmlStandalone.Unspecified;
        if (Accept(TokenKind.Comma))
        {
            Expect(Keyword.Standalone);
            if (Accept(Keyword.Yes))
            {
                standalone = XmlStandalone.Yes;
            }
            else
            {
                Expect(Keyword.No);
                standalone = Accept(Keyword.Value) ? XmlStandalone.NoValue : XmlStandalone.No;
            }
        }
        Expect(TokenKind.CloseParen);
        return new XmlExpression { Start = start, Operation = XmlOperation.Root, Arguments = arguments, HasNoVersion = hasNoVersion, Standalone = standalone, End = LastEnd };
    }

    private XmlExpression XmlSerialize(int start)
    {
        var isDocument = DocumentOrContent();
        var value = Expression();
        Expect(Keyword.As);
        var type = SimpleTypeName();
        var indent = XmlIndent.Unspecified;
        if (Accept(Keyword.Indent))
        {
            indent = XmlIndent.Indent;
        }
        else if (Accept(Keyword.No))
        {
            Expect(Keyword.Indent);
            indent = XmlIndent.NoIndent;
        }
        Expect(TokenKind.CloseParen);
        return new XmlExpression { Start = start, Operation = XmlOperation.Serialize, IsDocument = isDocument, Arguments = [value], Type = type, Indent = indent, End = LastEnd };
    }

    // PASSING [BY REF|VALUE] c_expr [BY REF|VALUE]
    private Expression XmlPassing(out bool isByRef)
    {
        Expect(Keyword.Passing);
        isByRef = XmlMechanism();
        var document = Primary();
        isByRef |= XmlMechanism();
        return document;
    }

    private bool XmlMechanism()
    {
        if (!Accept(Keyword.By))
            return false;
        if (Accept(Keyword.Ref))
            return true;
        Expect(Keyword.Value);
        return false;
    }

    private XmlTable XmlTable(int start, bool isLateral)
    {
        Expect(Keyword.Xmltable);
        Expect(TokenKind.OpenParen);
        XmlAttribute[] namespaces = [];
        if (At(Keyword.Xmlnamespaces) && PeekIs(1, TokenKind.OpenParen))
        {
            Advance();
            Advance();
            namespaces = CommaList(static parser => parser.XmlNamespace());
            Expect(TokenKind.CloseParen);
            Expect(TokenKind.Comma);
        }
        var path = Primary();
        var document = XmlPassing(out var isByRef);
        Expect(Keyword.Columns);
        var columns = CommaList(static parser => parser.XmlTableColumn());
        Expect(TokenKind.CloseParen);
        var alias = OptionalAlias();
        return new XmlTable
        {
            Start = start, IsLateral = isLateral, Namespaces = namespaces, RowPath = path, Document = document, IsByRef = isByRef, Columns = columns, Alias = alias, End = LastEnd,
        };
    }

    private XmlAttribute XmlNamespace()
    {
        var start = Start;
        if (Accept(Keyword.Default))
            return new XmlAttribute { Start = start, Value = RestrictedExpression(), End = LastEnd };
        var value = RestrictedExpression();
        Expect(Keyword.As);
        return new XmlAttribute { Start = start, Value = value, Name = Label(), End = LastEnd };
    }

    private XmlTableColumn XmlTableColumn()
    {
        var start = Start;
        var name = ColumnId();
        if (Accept(Keyword.For))
        {
            Expect(Keyword.Ordinality);
            return new XmlTableColumn { Start = start, Name = name, IsForOrdinality = true, End = LastEnd };
        }
        var type = TypeName();
        Expression? path = null, value = null;
        bool isNotNull = false, isNull = false;
        while (!At(TokenKind.Comma) && !At(TokenKind.CloseParen))
        {
            var optionStart = Start;
            if (Accept(Keyword.Default))
            {
                if (value is not null)
                    throw ErrorAt(optionStart, "only one DEFAULT value is allowed");
                value = RestrictedExpression();
            }
            else if (Accept(Keyword.Path))
            {
                if (path is not null)
                    throw ErrorAt(optionStart, "only one PATH value per column is allowed");
                path = RestrictedExpression();
            }
            else if (At(Keyword.Not) || At(Keyword.Null))
            {
                var isNegated = Accept(Keyword.Not);
                Expect(Keyword.Null);
                if (isNull || isNotNull)
                    throw ErrorAt(optionStart, $"conflicting or redundant NULL / NOT NULL declarations for column \"{name.Text}\"");
                isNotNull = isNegated;
                isNull = !isNegated;
            }
            else if (At(TokenKind.Identifier))
            {
                var option = TakeName();
                RestrictedExpression();
                if (option.Text == "__pg__is_not_null")
                    throw ErrorAt(optionStart, "option name \"__pg__is_not_null\" cannot be used in XMLTABLE");
                throw ErrorAt(optionStart, $"unrecognized column option \"{option.Text}\"");
            }
            else
            {
                throw Unexpected();
            }
        }
        return new XmlTableColumn { Start = start, Name = name, Type = type, Path = path, Default = value, IsNotNull = isNotNull, IsNull = isNull, End = LastEnd };
    }

    private Expression? JsonFunction(int start, Keyword keyword, bool isWindowless)
    {
        switch (keyword)
        {
            case Keyword.JsonObject:
                return JsonObject(start);
            case Keyword.JsonArray:
                return JsonArray(start);
            case Keyword.JsonObjectagg or Keyword.JsonArrayagg:
                return JsonAggregate(start, isWindowless);
            case Keyword.Json or Keyword.JsonScalar or Keyword.JsonSerialize:
                return JsonParse(start, keyword);
            case Keyword.JsonExists or Keyword.JsonQuery or Keyword.JsonValue:
                return JsonQueryCall(start, keyword);
            default:
                return null;
        }
    }

    private JsonUniqueness KeyUniqueness()
    {
        var isWith = At(Keyword.With);
        if ((!isWith && !At(Keyword.Without)) || !PeekIs(1, Keyword.Unique))
            return JsonUniqueness.Unspecified;
        Advance();
        Advance();
        Accept(Keyword.Keys);
        return isWith ? JsonUniqueness.With : JsonUniqueness.Without;
    }

    private JsonOnNull OnNull()
    {
        if (!(At(Keyword.Null) || At(Keyword.Absent)) || !PeekIs(1, Keyword.On))
            return JsonOnNull.Unspecified;
        var isNull = At(Keyword.Null);
        Advance();
        Advance();
        Expect(Keyword.Null);
        return isNull ? JsonOnNull.Null : JsonOnNull.Absent;
    }

    private JsonFormat? JsonFormat()
    {
        if (!At(Keyword.Format) || !PeekIs(1, Keyword.Json))
            return null;
        var start = Start;
        Advance();
        Advance();
        Name encoding = default;
        if (Accept(Keyword.Encoding))
        {
            var encodingStart = Start;
            encoding = ColumnId();
            if (!(encoding.Text.Equals("utf8", StringComparison.OrdinalIgnoreCase) || encoding.Text.Equals("utf16", StringComparison.OrdinalIgnoreCase)
                || encoding.Text.Equals("utf32", StringComparison.OrdinalIgnoreCase)))
                throw ErrorAt(encodingStart, $"unrecognized JSON encoding: {encoding.Text}");
        }
        return new JsonFormat { Start = start, Encoding = encoding, End = LastEnd };
    }

    private JsonValue JsonValue()
    {
        var start = Start;
        var value = Expression();
        var format = JsonFormat();
        return new JsonValue { Start = start, Value = value, Format = format, End = LastEnd };
    }

    private JsonReturning? JsonReturning()
    {
        var start = Start;
        if (!Accept(Keyword.Returning))
            return null;
        var type = TypeName();
        var format = JsonFormat();
        return new JsonReturning { Start = start, Type = type, Format = format, End = LastEnd };
    }

    private JsonKeyValue JsonKeyValue()
    {
        var start = Start;
        var key = Expression();
        if (!Accept(Keyword.Value))
            Expect(TokenKind.Colon);
        return new JsonKeyValue { Start = start, Key = key, Value = JsonValue(), End = LastEnd };
    }

    // The first argument turned out to be no key. It is not read twice: calls nest.
    private FunctionCall JsonObjectCall(int start, Expression first)
    {
        var arguments = new List<Expression> { first };
        var isVariadic = false;
        while (Accept(TokenKind.Comma))
        {
            if (At(Keyword.Variadic))
                throw Unexpected();
            arguments.Add(Argument(ref isVariadic));
        }
        Expect(TokenKind.CloseParen);
        return new FunctionCall { Start = start, Name = CatalogName("json_object"), Arguments = arguments.ToArray(), End = LastEnd };
    }

    // JSON_OBJECT(key VALUE value, …), or an ordinary call of json_object.
    private Expression JsonObject(int start)
    {
        Advance();
        if (!IsNamedArgument(1) && !PeekIs(1, TokenKind.CloseParen) && !PeekIs(1, Keyword.Returning))
        {
            Advance();
            var firstStart = Start;
            var first = Expression();
            if (At(TokenKind.Comma) || At(TokenKind.CloseParen))
                return JsonObjectCall(start, first);
            if (!Accept(Keyword.Value))
                Expect(TokenKind.Colon);
            var pairs = new List<JsonKeyValue> { new() { Start = firstStart, Key = first, Value = JsonValue(), End = LastEnd } };
            while (Accept(TokenKind.Comma))
                pairs.Add(JsonKeyValue());
            var onNull = OnNull();
            var uniqueness = KeyUniqueness();
            return JsonObjectEnd(start, pairs.ToArray(), onNull, uniqueness);
        }
        if (IsNamedArgument(1))
            return Application(start, CatalogName("json_object"));
        Expect(TokenKind.OpenParen);
        return JsonObjectEnd(start, [], JsonOnNull.Unspecified, JsonUniqueness.Unspecified);
    }

    private JsonObjectConstructor JsonObjectEnd(int start, JsonKeyValue[] items, JsonOnNull onNull, JsonUniqueness uniqueness)
    {
        var returning = JsonReturning();
        Expect(TokenKind.CloseParen);
        return new JsonObjectConstructor { Start = start, Items = items, OnNull = onNull, Uniqueness = uniqueness, Returning = returning, End = LastEnd };
    }

    private JsonArrayConstructor JsonArray(int start)
    {
        Advance();
        Expect(TokenKind.OpenParen);
        Expression[] items = [];
        QueryStatement? query = null;
        JsonFormat? format = null;
        var onNull = JsonOnNull.Unspecified;
        if (IsQueryAhead(0))
        {
            query = Query();
            format = JsonFormat();
        }
        else if (!At(TokenKind.CloseParen) && !At(Keyword.Returning))
        {
            items = CommaList(static parser => (Expression)parser.JsonValue());
            onNull = OnNull();
        }
        var returning = JsonReturning();
        Expect(TokenKind.CloseParen);
        return new JsonArrayConstructor { Start = start, Items = items, Query = query, QueryFormat = format, OnNull = onNull, Returning = returning, End = LastEnd };
    }

    private JsonAggregate JsonAggregate(int start, bool isWindowless)
    {
        var isObject = At(Keyword.JsonObjectagg);
        Advance();
        Expect(TokenKind.OpenParen);
        var pair = isObject ? JsonKeyValue() : null;
        var value = isObject ? null : JsonValue();
        var order = !isObject && At(Keyword.Order) ? SortClause() : [];
        var onNull = OnNull();
        var uniqueness = isObject ? KeyUniqueness() : JsonUniqueness.Unspecified;
        var returning = JsonReturning();
        Expect(TokenKind.CloseParen);
        var filter = isWindowless ? null : Filter();
        var over = isWindowless ? null : Over();
        return new JsonAggregate
        {
            Start = start, Pair = pair, Value = value, OrderBy = order, OnNull = onNull, Uniqueness = uniqueness, Returning = returning, Filter = filter, Over = over, End = LastEnd,
        };
    }

    private JsonParse JsonParse(int start, Keyword keyword)
    {
        Advance();
        Expect(TokenKind.OpenParen);
        var function = keyword switch { Keyword.Json => JsonParseFunction.Json, Keyword.JsonScalar => JsonParseFunction.Scalar, _ => JsonParseFunction.Serialize };
        Expression value = function == JsonParseFunction.Scalar ? Expression() : JsonValue();
        var uniqueness = function == JsonParseFunction.Json ? KeyUniqueness() : JsonUniqueness.Unspecified;
        var returning = function == JsonParseFunction.Serialize ? JsonReturning() : null;
        Expect(TokenKind.CloseParen);
        return new JsonParse { Start = start, Function = function, Value = value, Uniqueness = uniqueness, Returning = returning, End = LastEnd };
    }

    private JsonQueryCall JsonQueryCall(int start, Keyword keyword)
    {
        Advance();
        Expect(TokenKind.OpenParen);
        var function = keyword switch { Keyword.JsonExists => JsonQueryFunction.Exists, Keyword.JsonQuery => JsonQueryFunction.Query, _ => JsonQueryFunction.Value };
        var context = JsonValue();
        Expect(TokenKind.Comma);
        var path = Expression();
        var passing = JsonPassing();
        var returning = function == JsonQueryFunction.Exists ? null : JsonReturning();
        var wrapper = function == JsonQueryFunction.Query ? JsonWrapper() : Tree.JsonWrapper.Unspecified;
        var quotes = function == JsonQueryFunction.Query ? JsonQuotes() : Tree.JsonQuotes.Unspecified;
        JsonBehaviors(function == JsonQueryFunction.Exists, out var onEmpty, out var onError);
        Expect(TokenKind.CloseParen);
        return new JsonQueryCall
        {
            Start = start, Function = function, Context = context, Path = path, Passing = passing, Returning = returning, Wrapper = wrapper, Quotes = quotes, OnEmpty = onEmpty,
            OnError = onError, End = LastEnd,
        };
    }

    private JsonArgument[] JsonPassing() => Accept(Keyword.Passing) ? CommaList(static parser => parser.JsonArgument()) : [];

    private JsonArgument JsonArgument()
    {
        var start = Start;
        var value = JsonValue();
        Expect(Keyword.As);
        return new JsonArgument { Start = start, Value = value, Name = Label(), End = LastEnd };
    }

    private JsonWrapper JsonWrapper()
    {
        var isWith = At(Keyword.With);
        if (!isWith && !At(Keyword.Without))
            return Tree.JsonWrapper.Unspecified;
        Advance();
        var wrapper = isWith ? Tree.JsonWrapper.Unconditional : Tree.JsonWrapper.Without;
        if (isWith && Accept(Keyword.Conditional))
            wrapper = Tree.JsonWrapper.Conditional;
        else if (isWith)
            Accept(Keyword.Unconditional);
        Accept(Keyword.Array);
        Expect(Keyword.Wrapper);
        return wrapper;
    }

    private JsonQuotes JsonQuotes()
    {
        var isKeep = At(Keyword.Keep);
        if (!isKeep && !At(Keyword.Omit))
            return Tree.JsonQuotes.Unspecified;
        Advance();
        Expect(Keyword.Quotes);
        if (At(Keyword.On) && PeekIs(1, Keyword.Scalar))
        {
            Advance();
            Advance();
            Expect(Keyword.String);
        }
        return isKeep ? Tree.JsonQuotes.Keep : Tree.JsonQuotes.Omit;
    }

    // behavior ON EMPTY [behavior ON ERROR] | behavior ON ERROR
    private void JsonBehaviors(bool isErrorOnly, out JsonBehavior? onEmpty, out JsonBehavior? onError)
    {
        onEmpty = null;
        onError = null;
        if (!AtJsonBehavior())
            return;
        var first = JsonBehavior();
        Expect(Keyword.On);
        if (!isErrorOnly && Accept(Keyword.Empty))
        {
            onEmpty = first;
            if (!AtJsonBehavior())
                return;
            first = JsonBehavior();
            Expect(Keyword.On);
        }
        Expect(Keyword.Error);
        onError = first;
    }

    private bool AtJsonBehavior() =>
        At(Keyword.Default) || At(Keyword.Error) || At(Keyword.Null) || At(Keyword.True) || At(Keyword.False) || At(Keyword.Unknown) || At(Keyword.Empty);

    private JsonBehavior JsonBehavior()
    {
        var start = Start;
        if (Accept(Keyword.Default))
            return new JsonBehavior { Start = start, Kind = JsonBehaviorKind.Default, Default = Expression(), End = LastEnd };
        var kind = _tokens[Position].Keyword switch
        {
            Keyword.Error => JsonBehaviorKind.Error,
            Keyword.Null => JsonBehaviorKind.Null,
            Keyword.True => JsonBehaviorKind.True,
            Keyword.False => JsonBehaviorKind.False,
            Keyword.Unknown => JsonBehaviorKind.Unknown,
            _ => JsonBehaviorKind.Empty,
        };
        Advance();
        if (kind == JsonBehaviorKind.Empty && Accept(Keyword.Array))
            kind = JsonBehaviorKind.EmptyArray;
        else if (kind == JsonBehaviorKind.Empty && Accept(Keyword.Object))
            kind = JsonBehaviorKind.EmptyObject;
        return new JsonBehavior { Start = start, Kind = kind, End = LastEnd };
    }
}
