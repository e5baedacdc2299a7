namespace PolicyLint.Core.Logic.Proving;

/// <summary>A value of the interpreter. Open: not known, which is neither of SQL's three truth values and is never taken for one.</summary>
internal readonly record struct Datum(DatumKind Kind, string Type, string Text)
{
    public static readonly Datum Null = new(DatumKind.Null, "", "NULL");
    public static readonly Datum Open = new(DatumKind.Open, "", "?");
    public static readonly Datum True = Of(TypeFamily.Boolean, "true");
    public static readonly Datum False = Of(TypeFamily.Boolean, "false");

    /// <summary>Elements, of an array.</summary>
    public IReadOnlyList<Datum>? Items { get; init; }

    public bool IsTrue => Kind == DatumKind.Value && Type == TypeFamily.Boolean && Text == "true";

    public bool IsFalse => Kind == DatumKind.Value && Type == TypeFamily.Boolean && Text == "false";

    public static Datum Of(string type, string text) => new(DatumKind.Value, type, text);

    public static Datum Of(bool value) => value ? True : False;

    public static Datum Not(Datum value) => value.IsTrue ? False : value.IsFalse ? True : value.Kind == DatumKind.Null ? Null : Open;

    // An open operand may raise an error or be anything: only where SQL decides without it, and cannot have raised, would the rest count.
    public static Datum And(Datum left, Datum right) =>
        left.Kind == DatumKind.Open || right.Kind == DatumKind.Open ? left.IsFalse || right.IsFalse ? False : Open
        : left.IsFalse || right.IsFalse ? False
        : left.Kind == DatumKind.Null || right.Kind == DatumKind.Null ? Null
        : True;

    public static Datum Or(Datum left, Datum right) => Not(And(Not(left), Not(right)));

    /// <summary>SQL's =.</summary>
    public static Datum Equal(Datum left, Datum right)
    {
        if (left.Kind == DatumKind.Open || right.Kind == DatumKind.Open)
            return Open;
        if (left.Kind == DatumKind.Null || right.Kind == DatumKind.Null)
            return Null;
        (left, right) = Align(left, right);
        if (left.Kind == DatumKind.Open || right.Kind == DatumKind.Open || left.Items is not null || right.Items is not null)
            return Open;
        if (!TypeFamily.AreComparable(left.Type, right.Type))
            return Open;
        if (left.Text == right.Text)
            return True;
        if (TypeFamily.IsNumber(left.Type) && TypeFamily.IsNumber(right.Type))
            return Of(Constants.TryNumber(left.Text, out var x) && Constants.TryNumber(right.Text, out var y) && x == y);
        if (left.Type == right.Type && (TypeFamily.HasDistinctConstants(left.Type) || (IsMadeDate(left) && IsMadeDate(right))))
            return False;
        if (left.Type == TypeFamily.Any || right.Type == TypeFamily.Any)
            return string.Equals(left.Text.Trim(), right.Text.Trim(), StringComparison.OrdinalIgnoreCase) ? Open : False;
        return Open;
    }

    /// <summary>SQL's &lt;: numbers and the dates that models are made of; other orders depend on more than the text.</summary>
    public static Datum Less(Datum left, Datum right)
    {
        if (left.Kind == DatumKind.Open || right.Kind == DatumKind.Open)
            return Open;
        if (left.Kind == DatumKind.Null || right.Kind == DatumKind.Null)
            return Null;
        (left, right) = Align(left, right);
        if (TypeFamily.IsNumber(left.Type) && TypeFamily.IsNumber(right.Type) && Constants.TryNumber(left.Text, out var x) && Constants.TryNumber(right.Text, out var y))
            return Of(x < y);
        return left.Type == right.Type && IsMadeDate(left) && IsMadeDate(right) ? Of(string.CompareOrdinal(left.Text, right.Text) < 0) : Open;
    }

    private static (Datum Left, Datum Right) Align(Datum left, Datum right)
    {
        if (left.Type == TypeFamily.Unknown && right.Type == TypeFamily.Unknown)
            return (left with { Type = TypeFamily.Text }, right with { Type = TypeFamily.Text });
        if (left.Type == TypeFamily.Unknown)
            return (Coerce(left, right.Type), right);
        return right.Type == TypeFamily.Unknown ? (left, Coerce(right, left.Type)) : (left, right);
    }

    public static Datum Coerce(Datum value, string type) =>
        value.Kind != DatumKind.Value || type == TypeFamily.Unknown ? value : Constants.Coerce(value.Text, type) is { } text ? Of(type, text) : Open;

    private static bool IsMadeDate(Datum value) => value.Type is "timestamptz" or "timestamp" or "date" && value.Text.StartsWith("2026-01-", StringComparison.Ordinal);
}

internal enum DatumKind
{
    Null,
    Value,
    Open,
}
