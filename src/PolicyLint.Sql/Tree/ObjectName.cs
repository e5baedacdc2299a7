namespace PolicyLint.Sql.Tree;

/// <summary>A possibly qualified name: `table`, `schema.table`, `database.schema.table`, and for columns up to four parts.</summary>
public readonly struct ObjectName
{
    private readonly Name[]? _outer;

    /// <param name="name">The last part.</param>
    /// <param name="qualifier">The part before it, or an absent name.</param>
    /// <param name="outer">Further parts, outermost first, or null.</param>
    public ObjectName(Name name, Name qualifier = default, Name[]? outer = null)
    {
        Name = name;
        Qualifier = qualifier;
        _outer = outer;
    }

    /// <summary>The last part: the object itself.</summary>
    public Name Name { get; }

    /// <summary>The part before the last: an object's schema, a column's relation. Absent where not written.</summary>
    public Name Qualifier { get; }

    /// <summary>Parts before <see cref="Qualifier"/>, outermost first.</summary>
    public IReadOnlyList<Name> Outer => _outer ?? [];

    /// <summary>Nothing is written.</summary>
    public bool IsEmpty => Name.IsEmpty;

    /// <summary>The default value.</summary>
    internal bool IsAbsent => Name.IsAbsent && Qualifier.IsAbsent;

    /// <summary>Number of parts.</summary>
    public int PartCount => IsEmpty ? 0 : 1 + (Qualifier.IsEmpty ? 0 : 1) + Outer.Count;

    /// <summary>The schema's name, or null where none is written.</summary>
    public string? Schema => Qualifier.IsEmpty ? null : Qualifier.Text;

    /// <summary>Where the name stands, qualifiers included.</summary>
    public Text.TextSpan Span
    {
        get
        {
            var start = Outer.Count > 0 ? Outer[0].Start : Qualifier.IsEmpty ? Name.Start : Qualifier.Start;
            return new(start, Name.End - start);
        }
    }

    /// <summary>The parts joined with dots, unquoted: for messages, not for SQL.</summary>
    public override string ToString()
    {
        if (Qualifier.IsEmpty)
            return Name.Text;
        var text = Qualifier.Text + "." + Name.Text;
        for (var i = Outer.Count - 1; i >= 0; i--)
            text = Outer[i].Text + "." + text;
        return text;
    }
}
