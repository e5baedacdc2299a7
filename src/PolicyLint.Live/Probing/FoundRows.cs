using Npgsql;
using PolicyLint.Core.Access;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Logic;

namespace PolicyLint.Live.Probing;

/// <summary>
/// Rows that are there, and users whose they are. Which column of which table holds a user's id is read off the prover's examples: where a
/// value of the session stands in a row.
/// </summary>
internal sealed class FoundRows(ICatalog catalog, ProbeSession session, Tenancy tenancy)
{
    private const int MostUsers = 6;
    private const int MostOwners = 3;
    private const int RowsLookedAt = 500;

    private readonly Ownership ownership = new(session, tenancy);
    private readonly Dictionary<(QualifiedId Table, string Column), IReadOnlyList<string>> known = [];

    /// <summary>A row with its owner and other users.</summary>
    /// <param name="Place">The condition by which the row is found.</param>
    /// <param name="Owner">Whose it is.</param>
    /// <param name="Others">Users that the database knows, and whose it may not be.</param>
    public sealed record Found(string Place, SessionIdentity Owner, IReadOnlyList<SessionIdentity> Others);

    /// <summary>A row of each of some users; none with a reason where there are none.</summary>
    /// <exception cref="PostgresException">The server does not let the tables be read.</exception>
    public async Task<(IReadOnlyList<Found> Rows, string Why)> FindAsync(Table table, string role, Witness world, CancellationToken cancellation)
    {
        if (ownership.ConditionOf(table) is not { } condition)
            return ([], "no condition says whose a row is");
        var users = await UsersAsync(world, cancellation).ConfigureAwait(false);
        var rows = new List<Found>();
        foreach (var user in users)
        {
            var settings = user.Settings(role, out var obstacle);
            if (obstacle is not null)
                return ([], $"{obstacle} can't be given to a session");
            var place = await session.ThenBackAsync(
                async () =>
                {
                    await session.SetAsync(settings, cancellation).ConfigureAwait(false);
                    return await session.ValueAsync(
                        $"select pg_catalog.format('ctid = %L and tableoid = %s', ctid, tableoid::oid) from {Identifier.Of(table.Id)} where {condition} limit 1", cancellation).ConfigureAwait(false);
                },
                cancellation).ConfigureAwait(false);
            if (place is not null)
                rows.Add(new(place, user, [.. users.Where(other => other != user)]));
            if (rows.Count == MostOwners)
                break;
        }
        return (rows, users.Count == 0 ? "no user is known by whom a row could be" : "no row is there that is a user's own");
    }

    private async Task<IReadOnlyList<SessionIdentity>> UsersAsync(Witness world, CancellationToken cancellation)
    {
        var users = new List<Dictionary<string, string>> { new(StringComparer.Ordinal) };
        foreach (var (key, literal) in world.Session.OrderBy(static pair => pair.Key, StringComparer.Ordinal))
        {
            if (literal is "NULL" or "?")
                continue;
            var values = await ValuesAsync(world, literal, cancellation).ConfigureAwait(false);
            var more = new List<Dictionary<string, string>>();
            foreach (var user in users)
            {
                // What stands in no row is no user's: a role, a word that the policy names.
                foreach (var value in values.Count == 0 ? [literal] : values)
                {
                    if (more.Count < MostUsers)
                        more.Add(new(user, StringComparer.Ordinal) { [key] = value });
                }
            }
            users = more;
        }
        return [.. users.Where(static user => user.Count > 0).Select(static user => new SessionIdentity(user))];
    }

    private async Task<IReadOnlyList<string>> ValuesAsync(Witness world, string literal, CancellationToken cancellation)
    {
        foreach (var row in world.Rows.Reverse())
        {
            foreach (var (name, value) in row.Values)
            {
                if (value == literal && row.Relation is { } id && catalog.Relations.TryGetValue(id, out var relation) && relation.FindColumn(name) is not null)
                {
                    var values = await ColumnAsync(id, name, cancellation).ConfigureAwait(false);
                    if (values.Count > 0)
                        return values;
                }
            }
        }
        return [];
    }

    private async Task<IReadOnlyList<string>> ColumnAsync(QualifiedId table, string column, CancellationToken cancellation)
    {
        if (known.TryGetValue((table, column), out var values))
            return values;
        var name = Identifier.Quote(column);
        var sql = $"select distinct {name}::text from (select {name} from {Identifier.Of(table)} where {name} is not null limit {RowsLookedAt}) seen order by 1 limit {MostUsers}";
        var texts = await session.ValuesAsync(sql, cancellation).ConfigureAwait(false);
        return known[(table, column)] = [.. texts.Select(Identifier.Literal)];
    }
}
