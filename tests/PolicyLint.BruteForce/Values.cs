namespace PolicyLint.BruteForce;

/// <summary>The types of the grammar.</summary>
internal enum Sort
{
    Boolean,
    Integer,
    Text,
    Uuid,
    Uuids,
}

/// <summary>
/// Values as numbers: integers and truth values as they are, texts and arrays by their place in a pool. A uuid is the text that it is written as.
/// </summary>
internal sealed class Pool
{
    public const int Null = int.MinValue;
    public const int Unset = int.MinValue + 1;

    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly List<string> _texts = [];
    private readonly List<int[]> _arrays = [];
    private readonly Dictionary<string, int> _arrayNumbers = new(StringComparer.Ordinal);
    private readonly Dictionary<int, int?> _uuids = [];

    public int Of(string text)
    {
        if (!_numbers.TryGetValue(text, out var number))
        {
            _numbers.Add(text, number = _texts.Count);
            _texts.Add(text);
        }
        return number;
    }

    public string TextOf(int number) => _texts[number];

    public int Of(int[] items)
    {
        var key = string.Join(",", items);
        if (!_arrayNumbers.TryGetValue(key, out var number))
        {
            _arrayNumbers.Add(key, number = _arrays.Count);
            _arrays.Add(items);
        }
        return number;
    }

    public int[] ItemsOf(int number) => _arrays[number];

    /// <summary>The uuid that a text is; null for none.</summary>
    public int? UuidOf(int text)
    {
        if (!_uuids.TryGetValue(text, out var uuid))
            _uuids.Add(text, uuid = Guid.TryParseExact(TextOf(text), "D", out var parsed) ? Of(parsed.ToString("D")) : null);
        return uuid;
    }

    /// <summary>The value as an SQL literal.</summary>
    public string Print(Sort sort, int value) => value == Null ? "NULL" : sort switch
    {
        Sort.Boolean => value == 0 ? "false" : "true",
        Sort.Integer => value.ToString(System.Globalization.CultureInfo.InvariantCulture),
        Sort.Uuids => "'{" + string.Join(",", ItemsOf(value).Select(item => item == Null ? "NULL" : TextOf(item))) + "}'",
        _ => "'" + TextOf(value).Replace("'", "''", StringComparison.Ordinal) + "'",
    };
}

/// <summary>A relation of the grammar. All questions are about rows of the first.</summary>
internal sealed record Shape(int Number, string Name, params Column[] Columns)
{
    public static readonly Shape Docs = new(0, "docs", new("id", Sort.Integer), new("owner", Sort.Uuid), new("org", Sort.Uuid), new("n", Sort.Integer), new("p", Sort.Boolean), new("tag", Sort.Text), new("shared", Sort.Uuids));
    public static readonly Shape Orgs = new(1, "orgs", new("id", Sort.Uuid), new("boss", Sort.Uuid), new("kind", Sort.Text));
    public static readonly Shape Members = new(2, "members", new("org", Sort.Uuid), new("u", Sort.Uuid), new("admin", Sort.Boolean));

    public static readonly IReadOnlyList<Shape> All = [Docs, Orgs, Members];

    public int IndexOf(string column) => Array.FindIndex(Columns, c => c.Name == column);

    public Column this[string column] => Columns[IndexOf(column)];
}

internal sealed record Column(string Name, Sort Sort)
{
    public string Type => TypeOf(Sort);

    public static string TypeOf(Sort sort) => sort switch
    {
        Sort.Boolean => "boolean",
        Sort.Integer => "integer",
        Sort.Text => "text",
        Sort.Uuid => "uuid",
        _ => "uuid[]",
    };
}

/// <summary>What a session may say of itself.</summary>
internal enum SessionValue
{
    /// <summary>The claim `sub`, which `auth.uid()` is made of.</summary>
    Subject,

    /// <summary>The claim `role`.</summary>
    Role,

    /// <summary>The claim `org`.</summary>
    Org,

    /// <summary>The setting `app.org`; NULL where it was never set.</summary>
    Setting,
}
