using PolicyLint.Sql.Tree;

namespace PolicyLint.Sql.Parsing;

/// <content>CREATE and ALTER FUNCTION, DO, CALL, and signatures of routines.</content>
internal sealed partial class SqlStatementParser
{
    // CREATE [OR REPLACE] FUNCTION|PROCEDURE name (parameters) [RETURNS …] options [body]. The cursor stands after FUNCTION or PROCEDURE.
    private CreateFunctionStatement CreateFunction(int start, bool orReplace, bool isProcedure)
    {
        var function = FunctionName();
        Expect(TokenKind.OpenParen);
        FunctionParameter[] parameters = At(TokenKind.CloseParen) ? [] : CommaList(static parser => parser.ParameterWithDefault());
        Expect(TokenKind.CloseParen);
        TypeName? returns = null;
        FunctionParameter[] returnsTable = [];
        if (!isProcedure && At(Keyword.Returns) && !PeekIs(1, Keyword.Null))
        {
            Advance();
            if (At(Keyword.Table) && PeekIs(1, TokenKind.OpenParen))
            {
                Advance();
                Advance();
                returnsTable = CommaList(static parser => parser.TableColumn());
                Expect(TokenKind.CloseParen);
            }
            else
            {
                returns = FunctionType();
            }
        }
        var options = new List<FunctionOption>();
        FunctionBody? body = null;
        while (true)
        {
            if (At(Keyword.As))
            {
                _hasNoRoom |= body is not null;
                body = StringBody();
            }
            else if (FunctionOption(isCreate: true) is { } option)
            {
                options.Add(option);
            }
            else
            {
                break;
            }
        }
        if (At(Keyword.Return) || At(Keyword.Begin))
        {
            _hasNoRoom |= body is not null;
            body = RoutineBody();
        }
        return new CreateFunctionStatement
        {
            Start = start, OrReplace = orReplace, IsProcedure = isProcedure, Function = function, Parameters = parameters, Returns = returns, ReturnsTable = returnsTable,
            Options = [.. options], Body = body, End = LastEnd,
        };
    }

    private StringBody StringBody()
    {
        var start = Start;
        Expect(Keyword.As);
        var text = StringLiteral();
        var link = Accept(TokenKind.Comma) ? StringLiteral() : null;
        return new StringBody { Start = start, Text = text, LinkSymbol = link, End = LastEnd };
    }

    // RETURN e | BEGIN ATOMIC statements END. gram.y opt_routine_body.
    private FunctionBody RoutineBody()
    {
        var start = Start;
        if (Accept(Keyword.Return))
            return new ReturnBody { Start = start, Value = Expression(), End = LastEnd };
        Expect(Keyword.Begin);
        Expect(Keyword.Atomic);
        var statements = new List<Statement>();
        while (!At(Keyword.End))
        {
            if (Accept(TokenKind.Semicolon))
                continue;
            statements.Add(At(Keyword.Return) ? ParseReturn() : ParseStatement());
            Expect(TokenKind.Semicolon);
        }
        Expect(Keyword.End);
        return new AtomicBody { Start = start, Statements = [.. statements], End = LastEnd };
    }

    private ReturnStatement ParseReturn()
    {
        var start = Start;
        Expect(Keyword.Return);
        return new ReturnStatement { Start = start, Value = Expression(), End = LastEnd };
    }

    private FunctionParameter ParameterWithDefault()
    {
        var parameter = Parameter();
        if (!Accept(Keyword.Default) && !AcceptOperator("="))
            return parameter;
        return new FunctionParameter
        {
            Start = parameter.Start, Mode = parameter.Mode, Name = parameter.Name, Type = parameter.Type, Default = Expression(), End = LastEnd,
        };
    }

    // gram.y func_arg: [mode] [name] type in either order of mode and name; a lone word is a type.
    private FunctionParameter Parameter()
    {
        var start = Start;
        var mode = ParameterModeKeyword();
        Name name = default;
        if (AtParameterName())
        {
            name = Label();
            if (mode == ParameterMode.Default)
                mode = ParameterModeKeyword();
        }
        var type = FunctionType();
        return new FunctionParameter { Start = start, Mode = mode, Name = name, Type = type, End = LastEnd };
    }

    private ParameterMode ParameterModeKeyword()
    {
        if (Accept(Keyword.In))
            return Accept(Keyword.Out) ? ParameterMode.InOut : ParameterMode.In;
        if (Accept(Keyword.Out))
            return ParameterMode.Out;
        if (Accept(Keyword.Inout))
            return ParameterMode.InOut;
        return Accept(Keyword.Variadic) ? ParameterMode.Variadic : ParameterMode.Default;
    }

    // A name stands before a type when what follows it can begin a type (or a mode), not continue one.
    private bool AtParameterName()
    {
        if (!AtTypeFunctionName() || AtDoublePrecision())
            return false;
        if (PeekIs(1, Keyword.In) || PeekIs(1, Keyword.Out) || PeekIs(1, Keyword.Inout) || PeekIs(1, Keyword.Variadic))
            return true;
        if (PeekIs(1, Keyword.Setof))
            return true;
        return PeekIsWord(1) && !PeekIs(1, Keyword.Default) && !PeekIs(1, Keyword.Order) && !PeekIs(1, Keyword.Array) && !PeekIs(1, Keyword.Collate);
    }

    // The one type of two words that begins with a word that may be a name.
    private bool AtDoublePrecision() => At(Keyword.Double) && PeekIs(1, Keyword.Precision);

    private FunctionParameter TableColumn()
    {
        var start = Start;
        if (!AtTypeFunctionName())
            throw Unexpected();
        var name = Label();
        var type = FunctionType();
        return new FunctionParameter { Start = start, Name = name, Type = type, End = LastEnd };
    }

    // gram.y createfunc_opt_item and common_func_opt_item; null where no option stands.
    private FunctionOption? FunctionOption(bool isCreate)
    {
        var start = Start;
        if (FunctionFlag(isCreate) is { } flag)
            return new FunctionFlag { Start = start, Kind = flag, End = LastEnd };
        if (isCreate && Accept(Keyword.Language))
            return new FunctionLanguage { Start = start, Language = NonReservedWordOrString(), End = LastEnd };
        if (At(Keyword.Cost) || At(Keyword.Rows))
        {
            var isRows = At(Keyword.Rows);
            Advance();
            return new FunctionNumber { Start = start, IsRows = isRows, Value = SignedNumber(), End = LastEnd };
        }
        if (Accept(Keyword.Support))
            return new FunctionName { Start = start, IsSupport = true, Name = AnyName(), End = LastEnd };
        if (Accept(Keyword.Parallel))
            return new FunctionName { Start = start, Name = new(ColumnId()), End = LastEnd };
        if (At(Keyword.Set) || At(Keyword.Reset))
            return new FunctionSetting { Start = start, Setting = FunctionSetClause(), End = LastEnd };
        if (!isCreate || !Accept(Keyword.Transform))
            return null;
        var types = CommaList(static parser => parser.TransformType());
        return new FunctionTransform { Start = start, Types = types, End = LastEnd };
    }

    private TypeName TransformType()
    {
        Expect(Keyword.For);
        Expect(Keyword.Type);
        return TypeName();
    }

    private FunctionFlagKind? FunctionFlag(bool isCreate)
    {
        if (Accept(Keyword.Immutable))
            return FunctionFlagKind.Immutable;
        if (Accept(Keyword.Stable))
            return FunctionFlagKind.Stable;
        if (Accept(Keyword.Volatile))
            return FunctionFlagKind.Volatile;
        if (Accept(Keyword.Strict))
            return FunctionFlagKind.ReturnsNullOnNullInput;
        if (Accept(Keyword.Leakproof))
            return FunctionFlagKind.Leakproof;
        if (isCreate && Accept(Keyword.Window))
            return FunctionFlagKind.Window;
        if (At(Keyword.Not))
        {
            Advance();
            Expect(Keyword.Leakproof);
            return FunctionFlagKind.NotLeakproof;
        }
        if (At(Keyword.Called) || At(Keyword.Returns))
        {
            var isCalled = At(Keyword.Called);
            Advance();
            if (!isCalled)
                Expect(Keyword.Null);
            Expect(Keyword.On);
            Expect(Keyword.Null);
            Expect(Keyword.Input);
            return isCalled ? FunctionFlagKind.CalledOnNullInput : FunctionFlagKind.ReturnsNullOnNullInput;
        }
        if (!At(Keyword.Security) && !At(Keyword.External))
            return null;
        Accept(Keyword.External);
        Expect(Keyword.Security);
        if (Accept(Keyword.Definer))
            return FunctionFlagKind.SecurityDefiner;
        Expect(Keyword.Invoker);
        return FunctionFlagKind.SecurityInvoker;
    }

    // The cursor stands after ALTER FUNCTION|PROCEDURE|ROUTINE.
    private Statement AlterFunction(int start, ObjectKind kind)
    {
        var function = RoutineName(out var signature);
        if (At(Keyword.Rename))
            return RenameTo(start, kind, function, signature, default, ifExists: false);
        if (Accept(Keyword.Owner))
            return OwnerTo(start, kind, function, signature, default);
        if (At(Keyword.Set) && PeekIs(1, Keyword.Schema) && !PeekIs(2, TokenKind.String))
            return SetSchema(start, kind, function, signature, default);
        if (At(Keyword.Depends) || (At(Keyword.No) && PeekIs(1, Keyword.Depends)))
            return DependsOnExtension(start);
        var options = new List<FunctionOption>();
        while (FunctionOption(isCreate: false) is { } option)
            options.Add(option);
        if (options.Count == 0)
            throw Unexpected();
        Accept(Keyword.Restrict);
        return new AlterFunctionStatement { Start = start, Kind = kind, Function = function, Signature = signature, Options = [.. options], End = LastEnd };
    }

    // gram.y function_with_argtypes: a name, with its parameters or without.
    private ObjectName RoutineName(out FunctionSignature? signature)
    {
        var name = FunctionName();
        signature = At(TokenKind.OpenParen) ? Signature() : null;
        return name;
    }

    private FunctionSignature Signature()
    {
        var start = Start;
        Expect(TokenKind.OpenParen);
        FunctionParameter[] parameters = At(TokenKind.CloseParen) ? [] : CommaList(static parser => parser.Parameter());
        Expect(TokenKind.CloseParen);
        return new FunctionSignature { Start = start, Parameters = parameters, End = LastEnd };
    }

    // gram.y aggr_args: (*) | (a, b) | (ORDER BY c) | (a ORDER BY c)
    private FunctionSignature AggregateSignature()
    {
        var start = Start;
        Expect(TokenKind.OpenParen);
        if (AcceptOperator("*"))
        {
            Expect(TokenKind.CloseParen);
            return new FunctionSignature { Start = start, IsStar = true, End = LastEnd };
        }
        FunctionParameter[] parameters = At(Keyword.Order) ? [] : CommaList(static parser => parser.AggregateParameter());
        var hasOrderBy = Accept(Keyword.Order);
        FunctionParameter[] ordered = [];
        if (hasOrderBy)
        {
            Expect(Keyword.By);
            ordered = CommaList(static parser => parser.AggregateParameter());
        }
        Expect(TokenKind.CloseParen);
        return new FunctionSignature { Start = start, Parameters = parameters, OrderedArguments = ordered, HasOrderBy = hasOrderBy, End = LastEnd };
    }

    private FunctionParameter AggregateParameter()
    {
        var parameter = Parameter();
        if (parameter.Mode is ParameterMode.Out or ParameterMode.InOut)
            throw ErrorAt(parameter.Start, "aggregates cannot have output arguments");
        return parameter;
    }

    // gram.y oper_argtypes: (left, right), NONE where there is none.
    private FunctionSignature OperatorSignature()
    {
        var start = Start;
        Expect(TokenKind.OpenParen);
        var left = OperandType();
        if (At(TokenKind.CloseParen))
            throw ErrorHere("missing argument");
        Expect(TokenKind.Comma);
        var right = OperandType();
        Expect(TokenKind.CloseParen);
        return new FunctionSignature { Start = start, Parameters = [left, right], End = LastEnd };
    }

    private FunctionParameter OperandType()
    {
        var start = Start;
        var type = At(Keyword.NoneKeyword) ? new TypeName { Start = start, Name = new(Label()), End = LastEnd } : TypeName();
        return new FunctionParameter { Start = start, Type = type, End = LastEnd };
    }

    // DO [LANGUAGE x] 'body' in any order.
    private DoStatement ParseDo()
    {
        var start = Start;
        Expect(Keyword.Do);
        Name language = default;
        Literal? body = null;
        do
        {
            var isLanguage = Accept(Keyword.Language);
            _hasNoRoom |= isLanguage ? !language.IsEmpty : body is not null;
            if (isLanguage)
                language = NonReservedWordOrString();
            else
                body = StringLiteral();
        }
        while (At(Keyword.Language) || At(TokenKind.String));
        // Without a body the grammar takes it, and no server runs it.
        _hasNoRoom |= body is null;
        body ??= new Literal { Start = start, Kind = LiteralKind.String, Source = Source, DecodedText = "", End = start };
        return new DoStatement { Start = start, Language = language, Body = body, End = LastEnd };
    }
}
