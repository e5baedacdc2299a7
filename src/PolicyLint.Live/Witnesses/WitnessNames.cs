using System.Globalization;
using PolicyLint.Core.Logic;

namespace PolicyLint.Live.Witnesses;

/// <summary>Tells one witness in the names of another: what one session is called in it, the other is called.</summary>
internal static class WitnessNames
{
    private const string Made = "'aaaaaaaa-0000-4000-8000-";
    private const string MadeElsewhere = "'eeeeeeee-0000-4000-8000-";

    /// <summary>Whether a literal is one that the prover made up for a column of which no condition says what it must be.</summary>
    public static bool IsMadeUp(string literal) =>
        literal.StartsWith("'value", StringComparison.Ordinal) || literal.StartsWith("'2026-01-", StringComparison.Ordinal) || literal is "'{}'" or "false" or "0"
        || (int.TryParse(literal, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 1000);

    /// <summary>The same rows as the other session would own them. Identifiers that were made up for it are made up anew, so that no two rows collide.</summary>
    public static Witness Adapt(Witness witness, Witness to)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        var session = new Dictionary<string, string>(to.Session, StringComparer.Ordinal);
        foreach (var (key, literal) in witness.Session)
        {
            if (session.TryGetValue(key, out var other) && other != "NULL" && literal != "NULL")
                names[literal] = other;
            else
                session.TryAdd(key, literal);
        }
        var rows = witness.Rows.Select(row => row with { Values = row.Values.ToDictionary(static pair => pair.Key, pair => Renamed(pair.Value), StringComparer.Ordinal) });
        return new(session, [.. rows], witness.Conditions);

        string Renamed(string literal) =>
            names.TryGetValue(literal, out var name) ? name
            : literal.StartsWith(Made, StringComparison.Ordinal) && !witness.Session.Values.Contains(literal) ? MadeElsewhere + literal[Made.Length..]
            : literal;
    }
}
