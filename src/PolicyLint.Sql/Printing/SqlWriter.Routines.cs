using PolicyLint.Sql.Tree;

namespace PolicyLint.Sql.Printing;

/// <content>Policies, indexes, views, functions, triggers.</content>
internal sealed partial class SqlWriter
{
    public override void VisitCreatePolicyStatement(CreatePolicyStatement node)
    {
        Write("CREATE POLICY", node.Name);
        Write("ON", node.Table);
        WordIf(node.IsRestrictive, "AS RESTRICTIVE");
        WordIf(node.IsPermissiveExplicit, "AS PERMISSIVE");
        WordIf(node.IsCommandExplicit || node.Command != PolicyCommand.All, "FOR " + node.Command.ToString().ToUpperInvariant());
        PolicyTail(node.Roles, node.Using, node.WithCheck);
    }

    public override void VisitAlterPolicyStatement(AlterPolicyStatement node)
    {
        Write("ALTER POLICY", node.Name);
        Write("ON", node.Table);
        PolicyTail(node.Roles, node.Using, node.WithCheck);
    }

    private void PolicyTail(RoleSpecification[] roles, Expression? condition, Expression? check)
    {
        if (roles.Length > 0)
        {
            Word("TO");
            List(roles);
        }
        if (condition is not null)
        {
            Word("USING");
            Parenthesized(condition);
        }
        if (check is not null)
        {
            Word("WITH CHECK");
            Parenthesized(check);
        }
    }

    public override void VisitRoleSpecification(RoleSpecification node)
    {
        switch (node.Kind)
        {
            case RoleSpecificationKind.Named:
                Write(node.Name);
                break;
            case RoleSpecificationKind.Public:
                Word("PUBLIC");
                break;
            default:
                Word(node.Kind switch
                {
                    RoleSpecificationKind.CurrentUser => "CURRENT_USER",
                    RoleSpecificationKind.CurrentRole => "CURRENT_ROLE",
                    _ => "SESSION_USER",
                });
                break;
        }
    }

    public override void VisitIndexElement(IndexElement node)
    {
        if (node.Expression is null)
            Write(node.Column);
        else if (node.Expression is FunctionCall { Syntax: FunctionSyntax.Ordinary, Over: null, Filter: null, WithinGroup.Length: 0 })
            Visit(node.Expression);
        else
            Parenthesized(node.Expression);
        Write("COLLATE", node.Collation);
        Write(node.OperatorClass);
        if (node.OperatorClassOptions.Length > 0)
            Definition(node.OperatorClassOptions);
        if (node.Direction != SortDirection.Default)
            Word(node.Direction == SortDirection.Descending ? "DESC" : "ASC");
        Write(node.Nulls);
    }

    public override void VisitCreateIndexStatement(CreateIndexStatement node)
    {
        Word(node.IsUnique ? "CREATE UNIQUE INDEX" : "CREATE INDEX");
        WordIf(node.IsConcurrent, "CONCURRENTLY");
        IfNotExists(node.IfNotExists);
        Write(node.Name);
        Word(node.IsOnly ? "ON ONLY" : "ON");
        Write(node.Table);
        Write("USING", node.Method);
        InParentheses(node.Elements);
        if (node.Include.Length > 0)
        {
            Word("INCLUDE");
            InParentheses(node.Include);
        }
        WordIf(node.NullsNotDistinct, "NULLS NOT DISTINCT");
        StorageOptions(node.Options);
        Write("TABLESPACE", node.Tablespace);
        Where(node.Where);
    }

    public override void VisitCreateViewStatement(CreateViewStatement node)
    {
        Word(node.OrReplace ? "CREATE OR REPLACE" : "CREATE");
        Write(node.Persistence);
        Word(node.IsRecursive ? "RECURSIVE VIEW" : "VIEW");
        Write(node.View);
        NamesInParentheses(node.Columns);
        StorageOptions(node.Options);
        Word("AS");
        Visit(node.Query);
        if (node.CheckOption != ViewCheckOption.None)
            Word(node.CheckOption == ViewCheckOption.Local ? "WITH LOCAL CHECK OPTION" : "WITH CASCADED CHECK OPTION");
    }

    public override void VisitFunctionParameter(FunctionParameter node)
    {
        if (node.Mode != ParameterMode.Default)
            Word(node.Mode.ToString().ToUpperInvariant());
        Write(node.Name);
        if (node.Type.Name is { PartCount: 1, Name: { Text: "none", IsQuoted: false } } && node.Name.IsEmpty)
            Word("NONE");
        else
            Visit(node.Type);
        if (node.Default is null)
            return;
        Word("DEFAULT");
        Visit(node.Default);
    }

    public override void VisitFunctionSignature(FunctionSignature node)
    {
        Raw('(');
        if (node.IsStar)
            Raw('*');
        List(node.Parameters);
        if (node.HasOrderBy)
        {
            Word("ORDER BY");
            List(node.OrderedArguments);
        }
        Raw(')');
    }

    public override void VisitCreateFunctionStatement(CreateFunctionStatement node)
    {
        Word(node.OrReplace ? "CREATE OR REPLACE" : "CREATE");
        Word(node.IsProcedure ? "PROCEDURE" : "FUNCTION");
        Write(node.Function);
        Arguments(node.Parameters);
        if (node.ReturnsTable.Length > 0)
        {
            Word("RETURNS TABLE");
            InParentheses(node.ReturnsTable);
        }
        else if (node.Returns is not null)
        {
            Word("RETURNS");
            Visit(node.Returns);
        }
        // AS stands among the options; BEGIN ATOMIC and RETURN come last.
        var isWritten = node.Body is not StringBody;
        foreach (var option in node.Options)
        {
            if (!isWritten && option.Start > node.Body!.Start)
            {
                Visit(node.Body);
                isWritten = true;
            }
            Visit(option);
        }
        if (!isWritten || node.Body is not StringBody)
            Visit(node.Body);
    }

    public override void VisitFunctionLanguage(FunctionLanguage node) => Language(node.Language);

    // A language may be a string, which is not cut to the length of a name as a quoted name is.
    private void Language(Name language)
    {
        if (language.IsEmpty)
            return;
        Word("LANGUAGE");
        if (!language.IsQuoted && PrintedNames.IsWord(language.Text))
            Word(language.Text);
        else
            String(language.Text);
    }

    public override void VisitFunctionFlag(FunctionFlag node) => Word(node.Kind switch
    {
        FunctionFlagKind.NotLeakproof => "NOT LEAKPROOF",
        FunctionFlagKind.CalledOnNullInput => "CALLED ON NULL INPUT",
        FunctionFlagKind.ReturnsNullOnNullInput => "STRICT",
        FunctionFlagKind.SecurityDefiner => "SECURITY DEFINER",
        FunctionFlagKind.SecurityInvoker => "SECURITY INVOKER",
        _ => node.Kind.ToString().ToUpperInvariant(),
    });

    public override void VisitFunctionNumber(FunctionNumber node)
    {
        Word(node.IsRows ? "ROWS" : "COST");
        Visit(node.Value);
    }

    public override void VisitFunctionName(FunctionName node) => Write(node.IsSupport ? "SUPPORT" : "PARALLEL", node.Name);

    public override void VisitFunctionTransform(FunctionTransform node)
    {
        Word("TRANSFORM");
        for (var i = 0; i < node.Types.Length; i++)
        {
            if (i > 0)
                Raw(',');
            Word("FOR TYPE");
            Visit(node.Types[i]);
        }
    }

    public override void VisitFunctionSetting(FunctionSetting node) => Visit(node.Setting);

    public override void VisitStringBody(StringBody node)
    {
        Word("AS");
        Visit(node.Text);
        if (node.LinkSymbol is null)
            return;
        Raw(',');
        Visit(node.LinkSymbol);
    }

    public override void VisitAtomicBody(AtomicBody node)
    {
        Word("BEGIN ATOMIC");
        foreach (var statement in node.Statements)
        {
            Visit(statement);
            Raw(';');
        }
        Word("END");
    }

    public override void VisitReturnBody(ReturnBody node)
    {
        Word("RETURN");
        Visit(node.Value);
    }

    public override void VisitReturnStatement(ReturnStatement node)
    {
        Word("RETURN");
        Visit(node.Value);
    }

    public override void VisitAlterFunctionStatement(AlterFunctionStatement node)
    {
        Word("ALTER");
        Word(KeywordsOf(node.Kind));
        Write(node.Function);
        Visit(node.Signature);
        Sequence(node.Options);
    }

    public override void VisitDoStatement(DoStatement node)
    {
        Word("DO");
        var isLanguageLast = node.Language.Start > node.Body.Start;
        if (!isLanguageLast)
            Language(node.Language);
        Visit(node.Body);
        if (isLanguageLast)
            Language(node.Language);
    }

    public override void VisitCallStatement(CallStatement node)
    {
        Word("CALL");
        Visit(node.Call);
    }

    public override void VisitCreateTriggerStatement(CreateTriggerStatement node)
    {
        Word(node.OrReplace ? "CREATE OR REPLACE" : "CREATE");
        WordIf(node.IsConstraint, "CONSTRAINT");
        Write("TRIGGER", node.Name);
        Word(node.Timing switch { TriggerTiming.Before => "BEFORE", TriggerTiming.After => "AFTER", _ => "INSTEAD OF" });
        TriggerEvents(node);
        Write("ON", node.Table);
        Write("FROM", node.From);
        if (node.IsConstraint)
        {
            WordIf(node.IsDeferrable, "DEFERRABLE");
            WordIf(node.IsInitiallyDeferred, "INITIALLY DEFERRED");
        }
        if (node.Transitions.Length > 0)
        {
            Word("REFERENCING");
            Sequence(node.Transitions);
        }
        Word(node.IsForEachRow ? "FOR EACH ROW" : "FOR EACH STATEMENT");
        if (node.When is not null)
        {
            Word("WHEN");
            Parenthesized(node.When);
        }
        Write("EXECUTE FUNCTION", node.Function);
        Arguments(node.Arguments);
    }

    private void TriggerEvents(CreateTriggerStatement node)
    {
        var separator = "";
        void Event(bool isFired, string name)
        {
            if (!isFired)
                return;
            WordIf(separator.Length > 0, separator);
            Word(name);
            separator = "OR";
        }

        Event(node.OnInsert, "INSERT");
        Event(node.OnDelete, "DELETE");
        Event(node.OnUpdate, "UPDATE");
        if (node.UpdateColumns.Length > 0)
        {
            Word("OF");
            Names(node.UpdateColumns);
        }
        Event(node.OnTruncate, "TRUNCATE");
    }

    public override void VisitTriggerTransition(TriggerTransition node)
    {
        Word(node.IsNew ? "NEW" : "OLD");
        Word(node.IsTable ? "TABLE AS" : "ROW AS");
        Write(node.Name);
    }
}
