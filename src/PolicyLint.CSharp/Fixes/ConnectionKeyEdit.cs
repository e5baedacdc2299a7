using PolicyLint.CSharp.Settings;

namespace PolicyLint.CSharp.Fixes;

/// <summary>Edits of connection strings, in settings files and in literals.</summary>
internal static class ConnectionKeyEdit
{
    /// <summary>Takes a key that is switched on out, or switches off what code assigns; null for other keys, and where a pooler is on the way: what it needs is not known.</summary>
    public static CodeEdit? RemoveSwitch(ConnectionString connection, ConnectionKey key)
    {
        if (!string.Equals(key.Value, "true", StringComparison.OrdinalIgnoreCase) || PoolBehaviour.Poolers(connection).Any())
            return null;
        if (key.AssignedValue is { } value)
            return new(connection.Path, value, "false");
        return connection.PlaceWithSeparator(key) is { } place ? new(connection.Path, place, "") : null;
    }

    /// <summary>Gives a key another value.</summary>
    public static CodeEdit? Set(ConnectionString connection, ConnectionKey key, string value) =>
        connection.PlaceOf(key) is { } place ? new(connection.Path, place, $"{key.Name}={value}") : null;
}
