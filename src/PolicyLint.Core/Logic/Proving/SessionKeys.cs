using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Logic.Proving;

/// <summary>Names of the values that a session has. `auth.uid()` is what Supabase makes of the claim `sub`; claims have the key `jwt:a/b`.</summary>
internal static class SessionKeys
{
    public const string UserId = "auth.uid()";

    /// <summary>The claim that the user is made of.</summary>
    public const string Subject = "jwt:sub";

    /// <summary>Key and type of an expression that reads one value of the session, or null.</summary>
    public static (string Key, string Type)? Of(Expression expression)
    {
        switch (expression)
        {
            case FunctionCall call when call.Name.Schema == "auth":
                switch (call.Name.Name.Text)
                {
                    case "uid" when call.Arguments.Length == 0:
                        return (UserId, TypeFamily.Uuid);
                    case "role" when call.Arguments.Length == 0:
                        return ("jwt:role", TypeFamily.Text);
                    case "email" when call.Arguments.Length == 0:
                        return ("jwt:email", TypeFamily.Text);
                    case "jwt" when call.Arguments.Length == 0:
                        return ("jwt:", "jsonb");
                }
                return null;
            case FunctionCall call when call.Name.Schema is null or "pg_catalog" && call.Name.Name == "current_setting" && call.Arguments.Length is 1 or 2 && Constant(call.Arguments[0]) is { } name:
                return ("guc:" + name.ToLowerInvariant(), TypeFamily.Text);
            case CastExpression { Type.ArrayDimensions: 0 } cast when cast.Type.Name.Name.Text is "jsonb" or "json" && Of(Unwrap(cast.Operand)) is ("guc:request.jwt.claims", _):
                return ("jwt:", "jsonb");
            case CastExpression { Type.ArrayDimensions: 0 } cast when cast.Type.Name.Name == "uuid" && Of(Unwrap(cast.Operand)) is ("jwt:sub", _):
                return (UserId, TypeFamily.Uuid);
            case OperatorExpression { Left: { } left, IsOperatorSyntax: false } path:
                return OfPath(left, path);
            case SqlValueFunction value:
                return value.Kind switch
                {
                    SqlValueFunctionKind.CurrentUser or SqlValueFunctionKind.CurrentRole or SqlValueFunctionKind.User => ("current_user", TypeFamily.Text),
                    SqlValueFunctionKind.SessionUser => ("session_user", TypeFamily.Text),
                    SqlValueFunctionKind.CurrentTimestamp => ("now()", "timestamptz"),
                    SqlValueFunctionKind.CurrentDate => ("current_date", "date"),
                    SqlValueFunctionKind.LocalTimestamp => ("localtimestamp", "timestamp"),
                    _ => null,
                };
            case FunctionCall call when call.Name.Schema is null or "pg_catalog" && call.Name.Name.Text is "now" or "transaction_timestamp" && call.Arguments.Length == 0:
                return ("now()", "timestamptz");
            default:
                return null;
        }
    }

    /// <summary>
    /// The value says who the user is and nothing has set it: a setting of the project's own, or Supabase's claims. Such a setting is NULL
    /// until a statement gives it a value.
    /// </summary>
    public static bool IsUnset(string key, IReadOnlyCollection<string> settings)
    {
        if (key == UserId || key.StartsWith("jwt:", StringComparison.Ordinal))
        {
            foreach (var setting in settings)
            {
                if (setting.StartsWith("request.jwt.", StringComparison.OrdinalIgnoreCase))
                    return false;
            }
            return true;
        }
        if (!key.StartsWith("guc:", StringComparison.Ordinal) || key.IndexOf('.') < 0)
            return false;
        foreach (var setting in settings)
        {
            if (string.Equals(setting, key.Substring(4), StringComparison.OrdinalIgnoreCase))
                return false;
        }
        return true;
    }

    /// <summary>That the user is who the claim says, where a question reads both; null where it does not.</summary>
    public static Prop? UserOf(TermTable terms)
    {
        int user = -1, subject = -1;
        for (var term = 0; term < terms.Count; term++)
        {
            var node = terms[term];
            if (node is { Kind: ValueKind.Session, Name: UserId })
                user = term;
            else if (node is { Kind: ValueKind.Session, Name: Subject, Type: TypeFamily.Text })
                subject = term;
        }
        return user < 0 || subject < 0 ? null : Prop.Same(terms, user, terms.Function("cast:text>uuid", [subject], TypeFamily.Uuid));
    }

    /// <summary>Whether the values of a session can stand together: the user is the one that the claim names.</summary>
    public static bool Agree(IReadOnlyDictionary<string, Datum> session)
    {
        if (!session.TryGetValue(UserId, out var user) || !session.TryGetValue(Subject, out var subject))
            return true;
        return user.Kind == DatumKind.Value ? Datum.Equal(user, Datum.Coerce(subject, TypeFamily.Uuid)).IsTrue : user.Kind == subject.Kind;
    }

    /// <summary>What a scalar subquery without FROM wraps: `(select auth.uid())`.</summary>
    public static Expression Unwrap(Expression expression) =>
        expression is ScalarSubquery { Query: SelectQuery { From.Length: 0, Targets.Length: 1, Where: null, GroupBy: null, Having: null, Limit: null, With: null } select }
            ? Unwrap(select.Targets[0].Value)
            : expression;

    private static (string Key, string Type)? OfPath(Expression left, OperatorExpression path)
    {
        var name = path.Operator.Name.Text;
        if (name is not ("->" or "->>" or "#>" or "#>>") || path.Right is null || Constant(path.Right) is not { } text)
            return null;
        if (Of(Unwrap(left)) is not { } source || !source.Key.StartsWith("jwt:", StringComparison.Ordinal) || source.Type != "jsonb")
            return null;
        if (name[0] == '#')
        {
            if (text.Length < 2 || text[0] != '{' || text[text.Length - 1] != '}' || text.IndexOf('"') >= 0)
                return null;
            text = text.Substring(1, text.Length - 2).Replace(',', '/');
        }
        else if (text.IndexOf('/') >= 0)
            return null;
        return (source.Key + (source.Key == "jwt:" ? "" : "/") + text, name.Length == 3 ? TypeFamily.Text : "jsonb");
    }

    // A server prints constants with their type: 'app.user_id'::text.
    private static string? Constant(Expression expression) => expression switch
    {
        Literal { Kind: LiteralKind.String } literal => literal.GetText(),
        CastExpression { Operand: Literal { Kind: LiteralKind.String } literal } => literal.GetText(),
        _ => null,
    };
}
