using Npgsql;
using PolicyLint.Core.Access;
using PolicyLint.Core.Catalog;
using PolicyLint.Sql;

namespace PolicyLint.Live.Probing;

/// <summary>Asks the server whose a row is: the tenancy condition, past all policies, with a session's settings.</summary>
internal sealed class Ownership(ProbeSession session, Tenancy tenancy)
{
    /// <summary>The condition under which a row of the table is the session's own; null where none is known.</summary>
    public string? ConditionOf(Table table)
    {
        var goals = tenancy.KeysOf(table).Where(static key => key.Goal is not null).Select(static key => $"({SqlPrinter.Print(key.Goal!.Tree)})").ToList();
        return goals.Count == 0 ? null : string.Join(" or ", goals);
    }

    /// <summary>Whether the row is the session's own; null where the server can't say.</summary>
    public async Task<bool?> IsOwnAsync(Table table, string place, IReadOnlyList<KeyValuePair<string, string>> settings, CancellationToken cancellation)
    {
        if (ConditionOf(table) is not { } condition)
            return null;
        try
        {
            var answer = await session.ThenBackAsync(
                async () =>
                {
                    await session.SetAsync(settings, cancellation).ConfigureAwait(false);
                    return await session.ValueAsync($"select coalesce({condition}, false)::text from {Identifier.Of(table.Id)} where {place}", cancellation).ConfigureAwait(false);
                },
                cancellation).ConfigureAwait(false);
            return answer is null ? null : answer is "true" or "t";
        }
        catch (PostgresException)
        {
            return null;
        }
    }
}
