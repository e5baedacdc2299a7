using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Catalog.Replay.PlPgSql;

/// <content>Operators and text functions.</content>
internal sealed partial class Evaluator
{
    private object? OfOperator(OperatorExpression operation)
    {
        var right = Evaluate(operation.Right);
        if (operation.Left is null)
            return operation.Operator.Name == "-" && Values.Number(right) is { } number ? Whole(-number) : Unknown.Value;
        var left = Evaluate(operation.Left);
        var symbol = operation.Operator.Name.Text;
        if (symbol == "||")
            return Concatenate(left, right);
        if (left is Unknown || right is Unknown)
            return Unknown.Value;
        if (left is null || right is null)
            return null;
        if (symbol is "+" or "-" or "*" or "/" or "%")
            return Arithmetic(symbol, left, right);
        return Compare(symbol, left, right);
    }

    private object? Concatenate(object? left, object? right)
    {
        if (left is Unknown || right is Unknown)
            return new Unknown(KnownText(left) + " " + KnownText(right));
        if (left is PlArray items)
            return new PlArray(right is PlArray more ? [.. items.Items, .. more.Items] : [.. items.Items, right]);
        if (left is null || right is null)
            return null;
        return Values.Text(left, Types) is { } a && Values.Text(right, Types) is { } b ? a + b : Unknown.Value;
    }

    private string KnownText(object? value) => value is Unknown unknown ? unknown.Known ?? "" : Values.Text(value, Types) ?? "";

    private static object Arithmetic(string symbol, object left, object right)
    {
        if (Values.Number(left) is not { } l || Values.Number(right) is not { } r || Math.Abs(l) > 1e12m || Math.Abs(r) > 1e12m)
            return Unknown.Value;
        if (symbol is "/" or "%")
        {
            if (r == 0)
                return Unknown.Value;
            return symbol == "%" ? Whole(l % r) : left is long && right is long ? Whole(decimal.Truncate(l / r)) : l / r;
        }
        return Whole(symbol switch { "+" => l + r, "-" => l - r, _ => l * r });
    }

    private static object Whole(decimal number) => number == decimal.Truncate(number) && Math.Abs(number) < long.MaxValue ? (long)number : number;

    private object? Compare(string symbol, object? left, object? right)
    {
        if (left is Unknown || right is Unknown)
            return Unknown.Value;
        if (left is null || right is null)
            return null;
        switch (symbol)
        {
            case "=":
                return Values.AreEqual(left, right, Types) is { } equal ? equal : Unknown.Value;
            case "<>":
                return Values.AreEqual(left, right, Types) is { } same ? !same : Unknown.Value;
            case "~~" or "~~*" or "!~~" or "!~~*":
                var matches = Like(Values.Text(left, Types), Values.Text(right, Types), null, symbol.EndsWith("*", StringComparison.Ordinal));
                return matches is null ? Unknown.Value : matches.Value != (symbol[0] == '!');
            case "<" or ">" or "<=" or ">=":
                return Order(left, right) is { } order
                    ? symbol switch { "<" => order < 0, ">" => order > 0, "<=" => order <= 0, _ => order >= 0 }
                    : Unknown.Value;
            default:
                return Unknown.Value;
        }
    }

    private int? Order(object left, object right)
    {
        if (left is long or decimal || right is long or decimal)
            return Values.Number(left) is { } l && Values.Number(right) is { } r ? l.CompareTo(r) : null;
        return Values.Text(left, Types) is { } a && Values.Text(right, Types) is { } b ? string.CompareOrdinal(a, b) : null;
    }

    private object? OfMatch(PatternMatch match)
    {
        var value = Evaluate(match.Operand);
        var pattern = Evaluate(match.Pattern);
        if (value is Unknown || pattern is Unknown || match.Kind == MatchKind.SimilarTo)
            return Unknown.Value;
        if (value is null || pattern is null)
            return null;
        var escape = match.Escape is { } expression ? Evaluate(expression) as string : null;
        return Like(Values.Text(value, Types), Values.Text(pattern, Types), escape, match.Kind == MatchKind.ILike) is { } result ? result : Unknown.Value;
    }

    private static bool? Like(string? text, string? pattern, string? escape, bool ignoreCase)
    {
        if (text is null || pattern is null)
            return null;
        if (ignoreCase)
        {
            text = text.ToLowerInvariant();
            pattern = pattern.ToLowerInvariant();
        }
        return LikePattern.Matches(pattern, text, escape is { Length: 1 } ? escape[0] : '\\');
    }

    private object? OfCall(FunctionCall call)
    {
        var name = call.Name.Name.Text;
        if (call.IsStar || call.Over is not null)
            return Unknown.Value;
        var arguments = Array.ConvertAll(call.Arguments, argument => Evaluate(argument is NamedArgument named ? named.Value : argument));
        switch (name)
        {
            case "format":
                return Format(arguments, call.IsVariadic);
            case "concat" or "concat_ws":
                return Concat(arguments, name == "concat_ws");
            case "to_regclass":
                return arguments is [string relation] ? FindRelation(relation) is { } id ? new Oid("class", id) : null : Unknown.Value;
            case "to_regprocedure" or "to_regproc":
                return arguments is [string function] ? FindFunction(function) : Unknown.Value;
            case "pg_get_function_identity_arguments" or "pg_get_function_arguments" or "oidvectortypes":
                return arguments is [Oid { Kind: "proc" } procedure] ? procedure.Signature : Unknown.Value;
            case "current_schema":
                return context.CreationSchema;
            case "quote_ident" or "quote_literal" or "quote_nullable" or "lower" or "upper" or "trim" or "btrim" or "length" or "char_length" or "initcap":
                return arguments.Length == 1 ? OfText(name, arguments[0]) : Unknown.Value;
            case "replace":
                return Texts(arguments, 3) is { } texts ? texts[1].Length == 0 ? texts[0] : texts[0].Replace(texts[1], texts[2]) : Missing(arguments);
            case "split_part":
                return SplitPart(arguments);
            case "left" or "right":
                return Part(arguments, name == "left");
            case "substr" or "substring":
                return Substring(arguments);
            case "array_length" or "cardinality":
                return arguments.Length > 0 && arguments[0] is PlArray array ? array.Items.Count == 0 && name == "array_length" ? null : (long)array.Items.Count : Unknown.Value;
            case "array_append":
                return arguments is [PlArray items, var item] ? new PlArray([.. items.Items, item]) : arguments is [null, var only] ? new PlArray([only]) : Unknown.Value;
            case "array_to_string":
                return arguments is [PlArray list, string separator] ? Join(list, separator) : Unknown.Value;
            case "string_to_array":
                return Texts(arguments, 2) is { } parts ? new PlArray(Array.ConvertAll(parts[0].Split([parts[1]], StringSplitOptions.None), static s => (object?)s)) : Missing(arguments);
            case "starts_with":
                return Texts(arguments, 2) is { } pair ? pair[0].StartsWith(pair[1], StringComparison.Ordinal) : Missing(arguments);
            case "chr":
                return arguments is [long code] && code is > 0 and < 0xD800 ? ((char)code).ToString() : Unknown.Value;
            case "pg_get_indexdef" or "pg_get_constraintdef" or "pg_get_functiondef" or "pg_get_triggerdef" or "pg_get_viewdef":
                return arguments.Length > 0 ? arguments[0] is Oid ? Unknown.Present : arguments[0] is null ? null : Unknown.Value : Unknown.Value;
            case "pg_get_userbyid":
                return arguments is [Oid { Kind: "role" } role] ? role.Id.Name : Unknown.Value;
            case "format_type":
                return arguments.Length > 0 && arguments[0] is Oid { Kind: "type" } type ? Types.Visible(type.Id) : Unknown.Value;
            default:
                return Unknown.Value;
        }
    }

    private static object? Missing(object?[] arguments)
    {
        foreach (var argument in arguments)
        {
            if (argument is not null and not string and not long and not Oid)
                return Unknown.Value;
        }
        return Array.IndexOf(arguments, null) >= 0 ? null : Unknown.Value;
    }

    private string[]? Texts(object?[] arguments, int count)
    {
        if (arguments.Length != count)
            return null;
        var texts = new string[count];
        for (var i = 0; i < count; i++)
        {
            if (Values.Text(arguments[i], Types) is not { } text)
                return null;
            texts[i] = text;
        }
        return texts;
    }

    private object? OfText(string function, object? argument)
    {
        if (argument is Unknown)
            return Unknown.Value;
        if (argument is null)
            return function == "quote_nullable" ? "NULL" : null;
        if (Values.Text(argument, Types) is not { } text)
            return Unknown.Value;
        return function switch
        {
            "quote_ident" => TypeNames.Quote(text),
            "quote_literal" or "quote_nullable" => QuoteLiteral(text),
            "lower" => text.ToLowerInvariant(),
            "upper" => text.ToUpperInvariant(),
            "trim" or "btrim" => text.Trim(' '),
            "length" or "char_length" => (long)text.Length,
            _ => Unknown.Value,
        };
    }

    private static object? SplitPart(object?[] arguments)
    {
        if (arguments is not [string text, string separator, long number] || number < 1 || separator.Length == 0)
            return Missing(arguments);
        var parts = text.Split([separator], StringSplitOptions.None);
        return number <= parts.Length ? parts[number - 1] : "";
    }

    private static object? Part(object?[] arguments, bool isLeft)
    {
        if (arguments is not [string text, long count] || count < 0)
            return Missing(arguments);
        var length = (int)Math.Min(count, text.Length);
        return isLeft ? text.Substring(0, length) : text.Substring(text.Length - length);
    }

    private static object? Substring(object?[] arguments)
    {
        if (arguments.Length < 2 || arguments[0] is not string text || arguments[1] is not long from || from < 1)
            return Missing(arguments);
        if (from > text.Length)
            return "";
        var rest = text.Substring((int)from - 1);
        return arguments.Length == 2 ? rest : arguments[2] is long count && count >= 0 ? rest.Substring(0, (int)Math.Min(count, rest.Length)) : Unknown.Value;
    }

    private object? Concat(object?[] arguments, bool hasSeparator)
    {
        var parts = new List<string>();
        for (var i = hasSeparator ? 1 : 0; i < arguments.Length; i++)
        {
            if (arguments[i] is null)
                continue;
            if (Values.Text(arguments[i], Types) is not { } text)
                return Unknown.Value;
            parts.Add(text);
        }
        var separator = hasSeparator && arguments.Length > 0 ? arguments[0] as string : "";
        return separator is null ? Unknown.Value : string.Join(separator, parts);
    }

    private object Join(PlArray list, string separator)
    {
        var parts = new List<string>();
        foreach (var item in list.Items)
        {
            if (item is null)
                continue;
            if (Values.Text(item, Types) is not { } text)
                return Unknown.Value;
            parts.Add(text);
        }
        return string.Join(separator, parts);
    }

    private static string QuoteLiteral(string text)
    {
        var quoted = "'" + text.Replace("'", "''") + "'";
        return text.Contains('\\') ? "E" + quoted.Replace("\\", "\\\\") : quoted;
    }

    // format(): %s, %I, %L, %%, with positions and widths left out (manual 9.4.1).
    private object? Format(object?[] arguments, bool isVariadic)
    {
        if (isVariadic && arguments.Length > 0 && arguments[arguments.Length - 1] is PlArray last)
            arguments = [.. arguments.Take(arguments.Length - 1), .. last.Items];
        if (arguments.Length == 0 || arguments[0] is not string pattern)
            return arguments.Length > 0 && arguments[0] is null ? null : Unknown.Value;
        var text = new System.Text.StringBuilder();
        var next = 1;
        for (var i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] != '%')
            {
                text.Append(pattern[i]);
                continue;
            }
            if (++i >= pattern.Length)
                return Unknown.Value;
            if (pattern[i] == '%')
            {
                text.Append('%');
                continue;
            }
            var digits = i;
            while (digits < pattern.Length && char.IsDigit(pattern[digits]))
                digits++;
            if (digits > i && digits < pattern.Length && pattern[digits] == '$')
            {
                next = int.Parse(pattern.Substring(i, digits - i), System.Globalization.CultureInfo.InvariantCulture);
                i = digits + 1;
            }
            if (i >= pattern.Length || next < 1 || next >= arguments.Length || FormatOne(pattern[i], arguments[next++]) is not { } part)
                return new Unknown(pattern + " " + string.Join(" ", Array.ConvertAll(arguments, KnownText)));
            text.Append(part);
        }
        return text.ToString();
    }

    private string? FormatOne(char kind, object? argument)
    {
        if (argument is Unknown)
            return null;
        var value = argument is null ? null : Values.Text(argument, Types);
        if (argument is not null && value is null)
            return null;
        return kind switch
        {
            's' => value ?? "",
            'I' => value is null ? null : TypeNames.Quote(value),
            'L' => value is null ? "NULL" : QuoteLiteral(value),
            _ => null,
        };
    }
}
