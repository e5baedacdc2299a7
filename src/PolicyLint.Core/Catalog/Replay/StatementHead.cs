using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Catalog.Replay;

/// <summary>The one object that a statement may change by its first words, however the rest of it reads.</summary>
/// <param name="Kind">What the statement makes or changes: a policy, trigger or index of <paramref name="Target"/>, or the target itself.</param>
/// <param name="Target">The relation or function.</param>
/// <param name="IsRefused">A form that no version of PostgreSQL up to 18 has, such as CREATE POLICY IF NOT EXISTS: it changes nothing.</param>
internal readonly record struct StatementHead(ObjectKind Kind, ObjectName Target, bool IsRefused = false)
{
    private const int MaximumWords = 64;

    private static readonly HashSet<string> s_droppable = new(StringComparer.Ordinal)
    {
        "access", "aggregate", "cast", "collation", "conversion", "database", "domain", "event", "extension", "foreign", "function", "group", "index", "language",
        "materialized", "operator", "owned", "policy", "procedural", "procedure", "publication", "role", "routine", "rule", "schema", "sequence", "server", "statistics",
        "subscription", "table", "tablespace", "text", "transform", "trigger", "type", "user", "view",
    };

    /// <summary>Null where the words leave open what is changed.</summary>
    public static StatementHead? Of(string text)
    {
        var words = Words(text);
        switch (At(words, 0))
        {
            case "create":
                return OfCreate(words);
            case "alter":
                return OfAlter(words);
            case "drop" when At(words, 1) is "policy" or "trigger":
                return On(At(words, 1) == "policy" ? ObjectKind.Policy : ObjectKind.Trigger, words, SkipIfExists(words, 2) + 1);
            case "drop" when At(words, 1) is { } kind && words[1].IsWhole && !s_droppable.Contains(kind):
                return new(default, default, IsRefused: true);
            default:
                return null;
        }
    }

    /// <summary>Whether a syntax error stands in the words of a refused form.</summary>
    public static bool IsRefusedAt(string text, int error)
    {
        var start = error > 0 ? text.LastIndexOf("create", error - 1, StringComparison.OrdinalIgnoreCase) : -1;
        if (start < 0 || Words(text.Substring(start, error - start)).Count > 5)
            return false;
        return Of(text.Substring(start)) is { IsRefused: true };
    }

    private static StatementHead? OfCreate(List<Word> words)
    {
        var at = 1;
        var replaces = At(words, 1) == "or" && At(words, 2) == "replace";
        at += replaces ? 2 : 0;
        var isMaterialized = false;
        while (At(words, at) is "temp" or "temporary" or "global" or "local" or "unlogged" or "recursive" or "constraint" or "unique" or "foreign" or "materialized")
            isMaterialized |= At(words, at++) == "materialized";
        var kind = At(words, at++);
        var isOnlyNew = At(words, at) == "if" && At(words, at + 1) == "not" && At(words, at + 2) == "exists";
        at += isOnlyNew ? 3 : 0;
        // gram.y: IF NOT EXISTS and OR REPLACE are for some kinds of objects alone.
        var isRefused = isOnlyNew
            ? kind is "policy" or "trigger" or "function" or "procedure" or "type" or "domain" or "role" or "user" || (kind == "view" && !isMaterialized)
            : replaces && kind is "policy" or "table" or "index" or "type" or "domain" or "role";
        if (isRefused)
            return new(default, default, IsRefused: true);
        return kind switch
        {
            "policy" => On(ObjectKind.Policy, words, at + 1),
            "trigger" => On(ObjectKind.Trigger, words, Find(words, "on", at)),
            "index" => On(ObjectKind.Index, words, Find(words, "on", at)),
            "table" => Itself(ObjectKind.Table, words, at),
            "view" => Itself(ObjectKind.View, words, at),
            "function" or "procedure" => Itself(ObjectKind.Function, words, at),
            _ => null,
        };
    }

    private static StatementHead? OfAlter(List<Word> words)
    {
        switch (At(words, 1))
        {
            case "policy":
                return On(ObjectKind.Policy, words, 3);
            case "trigger":
                return On(ObjectKind.Trigger, words, 3);
            case "table":
                // What takes part in another table, or goes elsewhere, changes more than one.
                if (words.Count == MaximumWords || words.Exists(static word => !word.IsQuoted && word.Name is "attach" or "detach" or "inherit" or "rename" or "schema"))
                    return null;
                return Itself(ObjectKind.Column, words, SkipOnly(words, SkipIfExists(words, 2)));
            default:
                return null;
        }
    }

    private static StatementHead? On(ObjectKind kind, List<Word> words, int at) => At(words, at) == "on" ? Itself(kind, words, SkipOnly(words, at + 1)) : null;

    private static StatementHead? Itself(ObjectKind kind, List<Word> words, int at) =>
        at < words.Count && words[at] is { IsWhole: true, Name.Length: > 0 } word
            ? new(kind, new ObjectName(new Name(word.Name), word.Schema is null ? default : new Name(word.Schema)))
            : null;

    private static int SkipIfExists(List<Word> words, int at) => At(words, at) == "if" && At(words, at + 1) == "exists" ? at + 2 : at;

    private static int SkipOnly(List<Word> words, int at) => At(words, at) == "only" ? at + 1 : at;

    private static int Find(List<Word> words, string wanted, int at)
    {
        while (at < words.Count && At(words, at) != wanted)
            at++;
        return at;
    }

    private static string? At(List<Word> words, int index) => index < words.Count && words[index] is { IsQuoted: false, Schema: null } word ? word.Name : null;

    // Names with their schemas up to the first character that stands in none of the forms above; comments are passed over.
    private static List<Word> Words(string text)
    {
        var words = new List<Word>();
        var at = 0;
        while (words.Count < MaximumWords)
        {
            at = SkipSpace(text, at);
            if (at >= text.Length || text[at] is '\'' or '$' or '{' or ';')
                break;
            if (!IsStart(text[at]))
                at++;
            else
                words.Add(ReadWord(text, ref at));
        }
        return words;
    }

    private static Word ReadWord(string text, ref int at)
    {
        string? schema = null;
        var isQuoted = false;
        while (true)
        {
            var name = ReadPart(text, ref at, ref isQuoted);
            if (at + 1 < text.Length && text[at] == '.' && IsStart(text[at + 1]))
            {
                schema = name;
                at++;
                continue;
            }
            return new(schema, name, isQuoted, at >= text.Length || char.IsWhiteSpace(text[at]) || text[at] is '(' or ';' or ',' or '"' or '-' or '/');
        }
    }

    private static string ReadPart(string text, ref int at, ref bool isQuoted)
    {
        var start = at;
        if (text[at] != '"')
        {
            while (at < text.Length && (char.IsLetterOrDigit(text[at]) || text[at] is '_' or '$'))
                at++;
            return text.Substring(start, at - start).ToLowerInvariant();
        }
        isQuoted = true;
        at++;
        while (at < text.Length && (text[at] != '"' || (at + 1 < text.Length && text[at + 1] == '"')))
            at += text[at] == '"' ? 2 : 1;
        var name = text.Substring(start + 1, Math.Min(at, text.Length) - start - 1).Replace("\"\"", "\"");
        at = Math.Min(at + 1, text.Length);
        return name;
    }

    private static int SkipSpace(string text, int at)
    {
        while (at < text.Length)
        {
            if (char.IsWhiteSpace(text[at]))
                at++;
            else if (string.CompareOrdinal(text, at, "--", 0, 2) == 0)
                at = End(text, text.IndexOf('\n', at), 1);
            else if (string.CompareOrdinal(text, at, "/*", 0, 2) == 0)
                at = End(text, text.IndexOf("*/", at + 2, StringComparison.Ordinal), 2);
            else
                break;
        }
        return at;
    }

    private static int End(string text, int found, int length) => found < 0 ? text.Length : found + length;

    private static bool IsStart(char c) => char.IsLetter(c) || c is '_' or '"';

    /// <param name="Schema">The part before the last dot.</param>
    /// <param name="Name">The last part, folded unless quoted.</param>
    /// <param name="IsQuoted">A part stands in quotes.</param>
    /// <param name="IsWhole">Nothing that might be more of the name follows at once.</param>
    private readonly record struct Word(string? Schema, string Name, bool IsQuoted, bool IsWhole);
}
