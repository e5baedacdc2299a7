using Npgsql;
using PolicyLint.Core.Access;
using PolicyLint.Core.Analysis;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Logic;

namespace PolicyLint.Live.Probing;

/// <summary>
/// Tries to break in: for every tenant table and every role of the application another user, and nobody, try to read a user's row, change it,
/// delete it, write one like it and give a row away. The server decides whose a row is, too: the tenancy condition is asked of it with the
/// session's settings.
/// </summary>
public sealed class ProbeRunner
{
    private const string AnyRole = "policylint_probe";

    // Rules rewrite statements, and triggers that always fire do so under session_replication_role = replica, too: what they do is not looked at.
    private const string Rewritten = """
        select n.nspname || ' ' || c.relname from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        where c.relkind in ('r', 'p') and (
          exists (select from pg_catalog.pg_rewrite r where r.ev_class = c.oid)
          or exists (select from pg_catalog.pg_trigger t where t.tgrelid = c.oid and not t.tgisinternal and t.tgenabled in ('A', 'R')))
        """;

    private readonly ICatalog catalog;
    private readonly Tenancy tenancy;
    private readonly AccessModel access;
    private readonly ProbeSession session;
    private readonly ProbeMode mode;
    private readonly bool isSuperuser;
    private readonly MadeRows made;
    private readonly FoundRows found;
    private readonly Intrusion intrusion;
    private readonly List<string> obstacles = [];
    private readonly CancellationToken cancellation;
    private int probed;

    private ProbeRunner(
        ICatalog catalog, Tenancy tenancy, ProbeSession session, ProbeMode mode, bool isSuperuser, IReadOnlyDictionary<QualifiedId, string> untouchable, CancellationToken cancellation)
    {
        this.catalog = catalog;
        this.tenancy = tenancy;
        this.session = session;
        this.mode = mode;
        this.isSuperuser = isSuperuser;
        this.cancellation = cancellation;
        access = new(catalog, tenancy, AnalysisLimits.Cli, cancellation);
        made = new(catalog, session, keepsTriggersOff: isSuperuser, untouchable);
        found = new(catalog, session, tenancy);
        intrusion = new(catalog, session, tenancy, access, made.Rows, keepsTriggersOff: isSuperuser, cancellation);
    }

    /// <summary>
    /// Probes a database in one transaction: a read-only one with rows that are there, or with rows that it makes in one that is always rolled
    /// back. A superuser makes them without triggers.
    /// </summary>
    /// <param name="target">The database; to write, one that is not a scratch database only where its owner has said so.</param>
    /// <param name="catalog">What it holds.</param>
    /// <param name="tenancy">Whose rows are whose.</param>
    /// <param name="mode">Whether rows are made.</param>
    /// <param name="limits">Timeouts of every statement.</param>
    /// <param name="progress">Told of every table; null for nobody.</param>
    /// <param name="cancellation">Stops between attempts.</param>
    /// <returns>What was tried; where the connection was lost, what was tried until then.</returns>
    /// <exception cref="SessionException">The database can't be reached.</exception>
    public static async Task<ProbeRun> RunAsync(
        DatabaseTarget target, ICatalog catalog, Tenancy tenancy, ProbeMode mode, SafeSessionOptions limits, IProgress<string>? progress = null, CancellationToken cancellation = default)
    {
        try
        {
            var session = await ProbeSession.BeginAsync(target, limits, isReadOnly: mode == ProbeMode.Read, cancellation).ConfigureAwait(false);
            await using (session.ConfigureAwait(false))
            {
                var isSuperuser = await session.ValueAsync("select pg_catalog.current_setting('is_superuser')", cancellation).ConfigureAwait(false) == "on";
                var rewritten = await session.ValuesAsync(Rewritten, cancellation).ConfigureAwait(false);
                var untouchable = catalog.TablesInOrder().Where(table => rewritten.Contains($"{table.Id.Schema} {table.Id.Name}"))
                    .ToDictionary(static table => table.Id, static table => $"{table.Id} has rules, or triggers that always fire");
                return await new ProbeRunner(catalog, tenancy, session, mode, isSuperuser, untouchable, cancellation).RunAsync(target, progress).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (IsLost(e) || e is PostgresException)
        {
            throw new SessionException(target.WithoutPassword($"Probing {target} could not begin: {e.Message}"), (e as PostgresException)?.SqlState);
        }
    }

    private async Task<ProbeRun> RunAsync(DatabaseTarget target, IProgress<string>? progress)
    {
        var tables = catalog.TablesInOrder().Where(table => tenancy.IsTenantTable(table) && table.PartitionOf is null && table.Kind != TableKind.Foreign).ToList();
        var table = 0;
        try
        {
            var roles = await RolesAsync().ConfigureAwait(false);
            for (; table < tables.Count && roles.Count > 0; table++)
            {
                cancellation.ThrowIfCancellationRequested();
                progress?.Report(tables[table].Id.ToString());
                await ProbeAsync(tables[table], roles).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (IsLost(e) || e is PostgresException)
        {
            obstacles.Add(target.WithoutPassword($"probing {target} stopped after {table} of {tables.Count} tenant tables: {e.Message}"));
        }
        return new(intrusion.Results, tables.Count, probed) { Obstacles = obstacles };
    }

    private static bool IsLost(Exception e) => e is NpgsqlException and not PostgresException or IOException or TimeoutException or InvalidOperationException;

    private async Task<IReadOnlyList<string>> RolesAsync()
    {
        var roles = new List<string>();
        var all = tenancy.ApplicationRoles.Where(role => role != "public" && catalog.Roles.ContainsKey(role)).ToList();
        if (all.Count == 0 && isSuperuser && mode == ProbeMode.Write)
        {
            await MakeRoleAsync().ConfigureAwait(false);
            return [AnyRole];
        }
        if (all.Count == 0)
            obstacles.Add("not probed: which roles the application uses is not known; list them under `roles` in policylint.yml");
        foreach (var role in all)
        {
            try
            {
                await session.ThenBackAsync(() => session.ExecuteAsync($"set local role {Identifier.Quote(role)}", cancellation), cancellation).ConfigureAwait(false);
                roles.Add(role);
            }
            catch (PostgresException e)
            {
                obstacles.Add($"not probed as {role}: {e.MessageText}");
            }
        }
        return roles;
    }

    // Where policies are for PUBLIC and no role of the application is known: a role of this transaction, which has nothing but the grants.
    private async Task MakeRoleAsync()
    {
        await session.ExecuteAsync("set local session_replication_role = replica", cancellation).ConfigureAwait(false);
        await session.ExecuteAsync($"create role {AnyRole}", cancellation).ConfigureAwait(false);
        foreach (var schema in catalog.TablesInOrder().Select(static table => table.Id.Schema).Concat(catalog.Functions.Keys.Select(static id => id.Schema)).Distinct().ToList())
            await session.ExecuteAsync($"grant usage on schema {Identifier.Quote(schema)} to {AnyRole}", cancellation).ConfigureAwait(false);
        foreach (var schema in catalog.TablesInOrder().Select(static table => table.Id.Schema).Distinct().ToList())
            await session.ExecuteAsync($"grant select, insert, update, delete on all tables in schema {Identifier.Quote(schema)} to {AnyRole}", cancellation).ConfigureAwait(false);
    }

    private async Task ProbeAsync(Table table, IReadOnlyList<string> roles)
    {
        if (mode == ProbeMode.Write && made.LastingEffectOf(table) is { } effect)
        {
            intrusion.NotTried(table, string.Join(", ", roles), "any", SessionIdentity.Nobody, "a rollback would not take all of it back: " + effect);
            return;
        }
        var any = false;
        foreach (var role in roles)
            any |= mode == ProbeMode.Write ? await ProbeMadeAsync(table, role).ConfigureAwait(false) : await ProbeFoundAsync(table, role, "").ConfigureAwait(false);
        probed += any ? 1 : 0;
    }

    private async Task<bool> ProbeMadeAsync(Table table, string role)
    {
        var obstacle = "";
        foreach (var world in Worlds(table, role))
        {
            var tried = intrusion.Results.Count;
            try
            {
                await session.ThenBackAsync(() => ProbeMadeAsync(table, role, world), cancellation).ConfigureAwait(false);
                return true;
            }
            catch (Exception e) when (e is PostgresException or RowException)
            {
                intrusion.Results.RemoveRange(tried, intrusion.Results.Count - tried);
                obstacle = e is PostgresException server ? server.MessageText : e.Message;
            }
        }
        return await ProbeFoundAsync(table, role, $"no row could be made ({obstacle}), and ").ConfigureAwait(false);
    }

    private async Task<bool> ProbeMadeAsync(Table table, string role, Witness? world)
    {
        var owner = new SessionIdentity(world?.Session ?? new Dictionary<string, string>());
        var place = await made.MakeAsync(table, world, cancellation).ConfigureAwait(false);
        foreach (var intruder in new[] { owner.Another(), SessionIdentity.Nobody })
            await intrusion.IntrudeAsync(table, role, place, intruder, ProbeMode.Write).ConfigureAwait(false);
        if (world is not null)
            await intrusion.GiveAwayAsync(table, role, place, owner).ConfigureAwait(false);
        return true;
    }

    private async Task<bool> ProbeFoundAsync(Table table, string role, string unmade)
    {
        var obstacle = "no example of an owner is known";
        foreach (var world in Worlds(table, role).OfType<Witness>())
        {
            var tried = intrusion.Results.Count;
            try
            {
                var (rows, why) = await session.ThenBackAsync(() => found.FindAsync(table, role, world, cancellation), cancellation).ConfigureAwait(false);
                obstacle = why;
                foreach (var row in rows)
                {
                    var others = row.Others.Count > 0 ? row.Others : [row.Owner.Another()];
                    foreach (var intruder in others.Append(SessionIdentity.Nobody))
                        await intrusion.IntrudeAsync(table, role, row.Place, intruder, ProbeMode.Read).ConfigureAwait(false);
                }
                if (rows.Count > 0)
                    return true;
            }
            catch (PostgresException e)
            {
                intrusion.Results.RemoveRange(tried, intrusion.Results.Count - tried);
                obstacle = e.MessageText;
            }
        }
        intrusion.NotTried(table, role, "any", SessionIdentity.Nobody, unmade + obstacle);
        return false;
    }

    // Sessions with the rows by which a row of the table is their own, or at least in their reach: the prover's examples of a legitimate user.
    // The last resort is any row, whoever it belongs to.
    private IEnumerable<Witness?> Worlds(Table table, string role)
    {
        foreach (var key in tenancy.KeysOf(table))
        {
            if (key.Goal is not null && access.IsNeverTrue(table, key.Goal) is Verdict.Refuted { Witness: { Conditions.Count: 0 } own })
                yield return own;
        }
        if (access.ReachesNothing(table, StatementForm.Select, role, PolicyClause.Using) is Verdict.Refuted { Witness: { Conditions.Count: 0 } reached })
            yield return reached;
        yield return null;
    }
}
