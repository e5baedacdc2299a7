using PolicyLint.Core.Catalog;

namespace PolicyLint.Live;

/// <summary>Names in SQL text, as names and as values.</summary>
internal static class Identifier
{
    /// <summary>The name between double quotes, which holds whatever it contains (manual 4.1.1). PostgreSQL has no name with a NUL.</summary>
    public static string Quote(string name)
    {
        if (name.Contains('\0', StringComparison.Ordinal))
            throw new ArgumentException("A name in PostgreSQL has no NUL character.", nameof(name));

        return "\"" + name.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";
    }

    /// <summary>The object with its schema, both quoted.</summary>
    public static string Of(QualifiedId id) => Quote(id.Schema) + "." + Quote(id.Name);

    /// <summary>The text as a constant (manual 4.1.2.1, standard_conforming_strings on).</summary>
    public static string Literal(string text) => "'" + text.Replace("'", "''", StringComparison.Ordinal) + "'";
}
