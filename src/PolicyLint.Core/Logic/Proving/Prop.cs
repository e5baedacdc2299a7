namespace PolicyLint.Core.Logic.Proving;

internal enum PropKind
{
    True,
    False,
    And,
    Or,
    Not,

    /// <summary>Some rows exist of which the body holds.</summary>
    Exists,

    /// <summary>The two terms are the same value; NULL is the same as NULL.</summary>
    Same,
    Less,
    Member,
    Empty,
    HasNull,

    /// <summary>The row is in its table.</summary>
    Row,

    /// <summary>The row's own policies show it, where the role is not known.</summary>
    Visible,

    /// <summary>Stands for "some rows exist" where that is not looked into yet.</summary>
    Subquery,
}

/// <summary>A formula with two truth values, built from "is TRUE" and "is FALSE" of SQL's predicates.</summary>
internal sealed class Prop
{
    public static readonly Prop True = new(PropKind.True);
    public static readonly Prop False = new(PropKind.False);

    private Prop(PropKind kind, Prop[]? items = null, int a = -1, int b = -1, int[]? rows = null)
    {
        Kind = kind;
        Items = items ?? [];
        A = a;
        B = b;
        Rows = rows ?? [];
        HasQuantifier = kind == PropKind.Exists || Array.Exists(Items, static item => item.HasQuantifier);
    }

    public PropKind Kind { get; }

    public Prop[] Items { get; }

    public int A { get; }

    public int B { get; }

    public int[] Rows { get; }

    public bool HasQuantifier { get; }

    public static Prop And(params Prop[] items) => Join(PropKind.And, items, True, False);

    public static Prop Or(params Prop[] items) => Join(PropKind.Or, items, False, True);

    public static Prop Not(Prop item) => item.Kind switch
    {
        PropKind.True => False,
        PropKind.False => True,
        PropKind.Not => item.Items[0],
        _ => new(PropKind.Not, [item]),
    };

    public static Prop Exists(int[] rows, Prop body) => body.Kind == PropKind.False || rows.Length == 0 ? body : new(PropKind.Exists, [body], rows: rows);

    public static Prop Atom(PropKind kind, int a, int b = -1) => new(kind, null, a, b);

    public static Prop Same(TermTable terms, int a, int b) => AreSame(terms, a, b) switch
    {
        true => True,
        false => False,
        null => a < b ? new(PropKind.Same, null, a, b) : new(PropKind.Same, null, b, a),
    };

    /// <summary>Whether two terms are the same value, or two different ones, whatever the rest says.</summary>
    public static bool? AreSame(TermTable terms, int a, int b)
    {
        if (a == b)
            return true;
        TermNode left = terms[a], right = terms[b];
        if (!IsFixed(left) || !IsFixed(right))
            return null;
        if (left.Kind == ValueKind.Null || right.Kind == ValueKind.Null || Constants.AreDistinct(left, right))
            return false;
        return Constants.AreEqual(left, right) ? true : null;
    }

    public static Prop IsNull(TermTable terms, int term) => Same(terms, term, TermTable.Null);

    public static Prop IsNotNull(TermTable terms, int term) => Not(Same(terms, term, TermTable.Null));

    private static bool IsFixed(TermNode node) => node.Kind is ValueKind.Null or ValueKind.Constant;

    private static Prop Join(PropKind kind, Prop[] items, Prop neutral, Prop absorbing)
    {
        var kept = new List<Prop>(items.Length);
        foreach (var item in items)
        {
            if (item.Kind == absorbing.Kind)
                return absorbing;
            if (item.Kind == neutral.Kind)
                continue;
            if (item.Kind == kind)
                kept.AddRange(item.Items);
            else
                kept.Add(item);
        }
        return kept.Count == 0 ? neutral : kept.Count == 1 ? kept[0] : new(kind, [.. kept]);
    }
}
