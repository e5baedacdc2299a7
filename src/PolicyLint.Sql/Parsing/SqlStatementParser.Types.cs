using PolicyLint.Sql.Tree;

namespace PolicyLint.Sql.Parsing;

/// <content>gram.y Typename, and constants that a type of the grammar begins.</content>
internal sealed partial class SqlStatementParser
{
    private TypeName TypeName()
    {
        var start = Start;
        var isSetOf = Accept(Keyword.Setof);
        var simple = SimpleTypeName();
        return WithDimensions(start, simple, isSetOf);
    }

    private TypeName WithDimensions(int start, TypeName simple, bool isSetOf)
    {
        List<Expression?>? bounds = null;
        if (Accept(Keyword.Array))
        {
            bounds = [null];
            if (Accept(TokenKind.OpenBracket))
            {
                bounds[0] = IntegerLiteral();
                Expect(TokenKind.CloseBracket);
            }
        }
        else
        {
            while (Accept(TokenKind.OpenBracket))
            {
                (bounds ??= []).Add(At(TokenKind.Integer) ? IntegerLiteral() : null);
                Expect(TokenKind.CloseBracket);
            }
        }
        if (bounds is null && !isSetOf)
            return simple;
        return new TypeName
        {
            Start = start, Name = simple.Name, Modifiers = simple.Modifiers, ArrayDimensions = bounds?.Count ?? 0, ArrayBounds = bounds?.ToArray() ?? [], IsSetOf = isSetOf,
            IsColumnType = simple.IsColumnType, IsSystemName = simple.IsSystemName, IntervalFields = simple.IntervalFields, IsTimestampWithZone = simple.IsTimestampWithZone,
            End = LastEnd,
        };
    }

    /// <summary>gram.y func_type: a type, or table.column%TYPE.</summary>
    private TypeName FunctionType()
    {
        var start = Start;
        var isSetOf = Accept(Keyword.Setof);
        if (AtTypeFunctionName())
        {
            var ahead = 1;
            while (PeekIs(ahead, TokenKind.Dot))
                ahead += 2;
            if (ahead > 1 && PeekIs(ahead, TokenKind.Percent) && PeekIs(ahead + 1, Keyword.Type))
            {
                var name = DottedName();
                Advance();
                Advance();
                return new TypeName { Start = start, Name = name, IsSetOf = isSetOf, IsColumnType = true, End = LastEnd };
            }
        }
        return WithDimensions(start, SimpleTypeName(), isSetOf);
    }

    private TypeName SimpleTypeName()
    {
        var start = Start;
        if (SystemTypeName(start, isConstant: false) is { } system)
            return system;
        if (!AtTypeFunctionName())
            throw Unexpected();
        var first = TakeName();
        var name = Accept(TokenKind.Dot) ? Qualified(first) : new ObjectName(first);
        Expression[] modifiers = At(TokenKind.OpenParen) ? ExpressionsInParentheses() : [];
        return new TypeName { Start = start, Name = name, Modifiers = modifiers, End = LastEnd };
    }

    private ObjectName SystemName(string name, int start) => new(new Name(name, start, LastEnd - start), new Name("pg_catalog", start, 0));

    // The types that the grammar itself spells; null where another word stands.
    private TypeName? SystemTypeName(int start, bool isConstant)
    {
        if (!At(TokenKind.Keyword))
            return null;
        switch (_tokens[Position].Keyword)
        {
            case Keyword.Int or Keyword.Integer:
                return Plain(start, "int4");
            case Keyword.Smallint:
                return Plain(start, "int2");
            case Keyword.Bigint:
                return Plain(start, "int8");
            case Keyword.Real:
                return Plain(start, "float4");
            case Keyword.Boolean:
                return Plain(start, "bool");
            case Keyword.Json:
                return Plain(start, "json");
            case Keyword.Float:
                return FloatType(start);
            case Keyword.Double when PeekIs(1, Keyword.Precision):
                Advance();
                Expect(Keyword.Precision);
                return new TypeName { Start = start, Name = SystemName("float8", start), IsSystemName = true, End = LastEnd };
            case Keyword.Decimal or Keyword.Dec or Keyword.Numeric:
                return WithModifiers(start, "numeric");
            case Keyword.Bit:
                Advance();
                return EndWithModifiers(start, Accept(Keyword.Varying) ? "varbit" : "bit");
            case Keyword.Character or Keyword.Char or Keyword.Nchar:
                Advance();
                return CharacterType(start, Accept(Keyword.Varying) ? "varchar" : "bpchar");
            case Keyword.Varchar:
                Advance();
                return CharacterType(start, "varchar");
            case Keyword.National:
                Advance();
                if (!Accept(Keyword.Character))
                    Expect(Keyword.Char);
                return CharacterType(start, Accept(Keyword.Varying) ? "varchar" : "bpchar");
            case Keyword.Timestamp or Keyword.Time:
                return TimeType(start);
            case Keyword.Interval:
                return IntervalType(start, isConstant);
            default:
                return null;
        }
    }

    private TypeName Plain(int start, string name)
    {
        Advance();
        return new TypeName { Start = start, Name = SystemName(name, start), IsSystemName = true, End = LastEnd };
    }

    private TypeName WithModifiers(int start, string name)
    {
        Advance();
        return EndWithModifiers(start, name);
    }

    private TypeName EndWithModifiers(int start, string name)
    {
        var systemName = SystemName(name, start);
        Expression[] modifiers = At(TokenKind.OpenParen) ? ExpressionsInParentheses() : [];
        return new TypeName { Start = start, Name = systemName, Modifiers = modifiers, IsSystemName = true, End = LastEnd };
    }

    private TypeName CharacterType(int start, string name)
    {
        var systemName = SystemName(name, start);
        return new TypeName { Start = start, Name = systemName, Modifiers = Precision(), IsSystemName = true, End = LastEnd };
    }

    // (n), or nothing.
    private Expression[] Precision()
    {
        if (!Accept(TokenKind.OpenParen))
            return [];
        var precision = IntegerLiteral();
        Expect(TokenKind.CloseParen);
        return [precision];
    }

    private TypeName FloatType(int start)
    {
        Advance();
        var name = "float8";
        if (Accept(TokenKind.OpenParen))
        {
            var bitsStart = Start;
            var bits = IntegerValue();
            if (bits < 1)
                throw ErrorAt(bitsStart, "precision for type float must be at least 1 bit");
            if (bits > 53)
                throw ErrorAt(bitsStart, "precision for type float must be less than 54 bits");
            name = bits <= 24 ? "float4" : "float8";
            Expect(TokenKind.CloseParen);
        }
        return new TypeName { Start = start, Name = SystemName(name, start), IsSystemName = true, End = LastEnd };
    }

    private TypeName TimeType(int start)
    {
        var name = At(Keyword.Time) ? "time" : "timestamp";
        Advance();
        var precision = Precision();
        var withZone = At(Keyword.With) && PeekIs(1, Keyword.Time);
        if (withZone || (At(Keyword.Without) && PeekIs(1, Keyword.Time)))
        {
            Advance();
            Advance();
            Expect(Keyword.Zone);
        }
        return new TypeName
        {
            Start = start, Name = SystemName(withZone ? name + "tz" : name, start), Modifiers = precision, IsSystemName = true, IsTimestampWithZone = withZone, End = LastEnd,
        };
    }

    // INTERVAL [fields] | INTERVAL(p); of a constant the fields stand behind it.
    private TypeName IntervalType(int start, bool isConstant)
    {
        Advance();
        var modifiers = Precision();
        var fields = IntervalFields.None;
        if (modifiers.Length == 0 && !isConstant)
            fields = Fields(out modifiers);
        return new TypeName { Start = start, Name = SystemName("interval", start), Modifiers = modifiers, IsSystemName = true, IntervalFields = fields, End = LastEnd };
    }

    // gram.y opt_interval.
    private IntervalFields Fields(out Expression[] precision)
    {
        precision = [];
        if (Accept(Keyword.Year))
        {
            if (!(At(Keyword.To) && PeekIs(1, Keyword.Month)))
                return IntervalFields.Year;
            Advance();
            Advance();
            return IntervalFields.YearToMonth;
        }
        if (Accept(Keyword.Month))
            return IntervalFields.Month;
        if (Accept(Keyword.Second))
        {
            precision = Precision();
            return IntervalFields.Second;
        }
        var from = At(Keyword.Day) ? IntervalFields.Day : At(Keyword.Hour) ? IntervalFields.Hour : At(Keyword.Minute) ? IntervalFields.Minute : IntervalFields.None;
        if (from == IntervalFields.None)
            return from;
        Advance();
        if (!At(Keyword.To))
            return from;
        Advance();
        if (from == IntervalFields.Day && Accept(Keyword.Hour))
            return IntervalFields.DayToHour;
        if (from is IntervalFields.Day or IntervalFields.Hour && Accept(Keyword.Minute))
            return from == IntervalFields.Day ? IntervalFields.DayToMinute : IntervalFields.HourToMinute;
        Expect(Keyword.Second);
        precision = Precision();
        return from switch { IntervalFields.Day => IntervalFields.DayToSecond, IntervalFields.Hour => IntervalFields.HourToSecond, _ => IntervalFields.MinuteToSecond };
    }

    // A type of the grammar before a string: `int '3'`, `interval '1' day`, `timestamp with time zone '…'`.
    private CastExpression? TypedConstant(int start)
    {
        if (!At(TokenKind.Keyword) || (KeywordFacts.CategoryOf(_tokens[Position].Keyword) != KeywordCategory.ColumnName && !At(Keyword.Double)))
            return null;
        // JSON(…) is a function, and the grammar's type words are columns where neither a string nor a modifier follows.
        if (At(Keyword.Json) && !PeekIs(1, TokenKind.String))
            return null;
        var position = Position;
        if (SystemTypeName(start, isConstant: true) is not { } type)
            return null;
        if (!At(TokenKind.String))
        {
            // A lone word is a column's name.
            if (Position != position + 1)
                throw Unexpected();
            Position = position;
            return null;
        }
        var operand = StringLiteral();
        if (type.Name.Name == "interval" && type.Modifiers.Length == 0)
        {
            var fields = Fields(out var precision);
            type = new TypeName { Start = type.Start, Name = type.Name, Modifiers = precision, IsSystemName = true, IntervalFields = fields, End = type.End };
        }
        return new CastExpression { Start = start, Operand = operand, Type = type, Syntax = CastSyntax.TypedLiteral, End = LastEnd };
    }
}
