using Npgsql;
using PolicyLint.Core.Access;
using PolicyLint.Core.Analysis;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Logic;
using PolicyLint.Sql;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Live.Probing;

/// <summary>
/// Tries to break in: for every tenant table and every role of the application a row of one user is made, and another user, and nobody, try to
/// read it, change it, delete it, write one like it and give a row away. The server decides whose a row is, too: the tenancy condition is
/// asked of it with the session's settings.
/// </summary>
public sealed class ProbeRunner
{
    private const string AnyRole = "policylint_probe";

    private readonly ICatalog catalog;
    private readonly Tenancy tenancy;
    private readonly AccessModel access;
    private readonly RowMaker rows;
    private readonly ProbeSession session;
    private readonly bool isSuperuser;
    private readonly List<ProbeResult> results = [];
    private readonly CancellationToken cancellation;

    private ProbeRunner(ICatalog catalog, Tenancy tenancy, ProbeSession session, bool isSuperuser, CancellationToken cancellation)
    {
        this.catalog = catalog;
        this.tenancy = tenancy;
        this.session = session;
        this.isSuperuser = isSuperuser;
        this.cancellation = cancellation;
        access = new(catalog, tenancy, AnalysisLimits.Cli, cancellation);
        rows = new(catalog);
    }

    /// <summary>Probes a database with rows that it makes, in one transaction that is always rolled back. A superuser makes them without triggers.</summary>
    /// <param name="target">The database; one that is not a scratch database only where its owner has said so.</param>
    /// <param name="catalog">What it holds.</param>
    /// <param name="tenancy">Whose rows are whose.</param>
    /// <param name="limits">Timeouts of every statement.</param>
    /// <param name="progress">Told of every table; null for nobody.</param>
    /// <param name="cancellation">Stops between attempts.</param>
    /// <exception cref="SessionException">The database can't be reached, or was lost.</exception>
    public static async Task<ProbeRun> RunAsync(
        DatabaseTarget target, ICatalog catalog, Tenancy tenancy, SafeSessionOptions limits, IProgress<string>? progress = null, CancellationToken cancellation = default)
    {
        try
        {
            var session = await ProbeSession.BeginAsync(target, limits, cancellation).ConfigureAwait(false);
            await using (session.ConfigureAwait(false))
            {
                var isSuperuser = await session.ValueAsync("select current_setting('is_superuser')", cancellation).ConfigureAwait(false) == "on";
                return await new ProbeRunner(catalog, tenancy, session, isSuperuser, cancellation).RunAsync(progress).ConfigureAwait(false);
            }
        }
        catch (NpgsqlException e)
        {
            throw new SessionException(target.WithoutPassword($"Probing {target} stopped: {e.Message}"), (e as PostgresException)?.SqlState);
        }
    }

    private async Task<ProbeRun> RunAsync(IProgress<string>? progress)
    {
        var tables = catalog.TablesInOrder().Where(table => tenancy.IsTenantTable(table) && table.PartitionOf is null && table.Kind != TableKind.Foreign).ToList();
        var roles = tenancy.ApplicationRoles.Where(role => role != "public" && catalog.Roles.ContainsKey(role)).ToList();
        if (roles.Count == 0 && isSuperuser)
        {
            await MakeRoleAsync().ConfigureAwait(false);
            roles.Add(AnyRole);
        }
        var made = 0;
        foreach (var table in tables)
        {
            cancellation.ThrowIfCancellationRequested();
            progress?.Report(table.Id.ToString());
            var any = false;
            foreach (var role in roles)
            {
                any |= await ProbeAsync(table, role).ConfigureAwait(false);
            }
            made += any ? 1 : 0;
        }
        return new(results, tables.Count, made);
    }

    // Where policies are for PUBLIC and no role of the application is known: a role of this transaction, which has nothing but the grants.
    private async Task MakeRoleAsync()
    {
        await session.ExecuteAsync($"create role {AnyRole}", cancellation).ConfigureAwait(false);
        foreach (var schema in catalog.TablesInOrder().Select(static table => table.Id.Schema).Concat(catalog.Functions.Keys.Select(static id => id.Schema)).Distinct().ToList())
            await session.ExecuteAsync($"grant usage on schema {Identifier.Quote(schema)} to {AnyRole}", cancellation).ConfigureAwait(false);
        foreach (var schema in catalog.TablesInOrder().Select(static table => table.Id.Schema).Distinct().ToList())
            await session.ExecuteAsync($"grant select, insert, update, delete on all tables in schema {Identifier.Quote(schema)} to {AnyRole}", cancellation).ConfigureAwait(false);
    }

    private async Task<bool> ProbeAsync(Table table, string role)
    {
        var obstacle = "";
        foreach (var world in Worlds(table, role))
        {
            var tried = results.Count;
            try
            {
                await session.ThenBackAsync(() => ProbeAsync(table, role, world), cancellation).ConfigureAwait(false);
                return true;
            }
            catch (Exception e) when (e is PostgresException or RowException)
            {
                results.RemoveRange(tried, results.Count - tried);
                obstacle = e.Message;
            }
        }
        Add(table, role, "any", SessionIdentity.Nobody, ProbeOutcome.NotProbed, null, "no row could be made: " + obstacle);
        return false;
    }

    private async Task<bool> ProbeAsync(Table table, string role, Witness? world)
    {
        var owner = new SessionIdentity(world?.Session ?? new Dictionary<string, string>());
        var row = await MakeAsync(table, world).ConfigureAwait(false);
        foreach (var intruder in new[] { owner.Another(), SessionIdentity.Nobody })
            await IntrudeAsync(table, role, row, intruder).ConfigureAwait(false);
        if (world is not null)
            await GiveAwayAsync(table, role, row, owner).ConfigureAwait(false);
        return true;
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

    private async Task<string> MakeAsync(Table table, Witness? world)
    {
        // Triggers would make other rows, and foreign keys would ask for parents that decide nothing: what decides is among the witness's rows.
        if (isSuperuser)
            await session.ExecuteAsync("set local session_replication_role = replica", cancellation).ConfigureAwait(false);
        for (var i = 1; world is not null && i < world.Rows.Count; i++)
        {
            if (world.Rows[i].Relation is { } id && catalog.Relations.TryGetValue(id, out var relation) && relation is Table other)
                await session.ValueAsync(rows.Insert(other, world.Rows[i].Values), cancellation).ConfigureAwait(false);
        }
        var values = world is { Rows: [var target, ..] } ? target.Values : new Dictionary<string, string>();
        return await session.ValueAsync(rows.Insert(table, values), cancellation).ConfigureAwait(false)
            ?? throw new RowException("the server made none");
    }

    private async Task IntrudeAsync(Table table, string role, string row, SessionIdentity intruder)
    {
        var settings = intruder.Settings(role, out var obstacle);
        if (obstacle is not null || await IsOwnAsync(table, row, settings).ConfigureAwait(false) != false)
        {
            Add(table, role, "any", intruder, ProbeOutcome.NotProbed, null, obstacle is null ? "whose the row is could not be told" : $"{obstacle} can't be given to a session");
            return;
        }
        var target = Identifier.Of(table.Id);
        var where = $"where ctid = '{row}' and tableoid = {Identifier.Literal(target)}::regclass";
        await TryAsync(table, role, "SELECT", intruder, settings, StatementForm.Select, PolicyClause.Using, $"select 1 from {target} {where}", counts: true).ConfigureAwait(false);
        if (Touchable(table) is { } column)
            await TryAsync(table, role, "UPDATE", intruder, settings, StatementForm.Update, PolicyClause.Using, $"update {target} set {column} = {column} {where}", counts: false).ConfigureAwait(false);
        await TryAsync(table, role, "DELETE", intruder, settings, StatementForm.Delete, PolicyClause.Using, $"delete from {target} {where}", counts: false).ConfigureAwait(false);
        if (await CopyOfAsync(table, row).ConfigureAwait(false) is { } insert)
            await TryAsync(table, role, "INSERT", intruder, settings, StatementForm.Insert, PolicyClause.WithCheck, insert, counts: false).ConfigureAwait(false);
    }

    // The owner writes somebody else's key into the row.
    private async Task GiveAwayAsync(Table table, string role, string row, SessionIdentity owner)
    {
        var settings = owner.Settings(role, out var obstacle);
        var other = owner.Another();
        if (obstacle is not null || await IsOwnAsync(table, row, settings).ConfigureAwait(false) != true)
            return;
        foreach (var key in tenancy.KeysOf(table))
        {
            if (key.Goal?.Tree is not OperatorExpression { Operator.Name.Text: "=" } || key.Column.IsGenerated)
                continue;
            var stranger = key.Column.Type switch
            {
                "uuid" => other["auth.uid()"] ?? "dddddddd-0000-4000-8000-000000000001",
                "integer" or "bigint" => "1000003",
                "text" or "character varying" => other["auth.uid()"] ?? "somebody else",
                _ => null,
            };
            if (stranger is null)
                continue;
            var target = Identifier.Of(table.Id);
            var sql = $"update {target} set {Identifier.Quote(key.Column.Name)} = {Identifier.Literal(stranger)}::{key.Column.Type} where ctid = '{row}' and tableoid = {Identifier.Literal(target)}::regclass";
            if (await IsOwnAfterAsync(table, sql, settings).ConfigureAwait(false) == false)
                await TryAsync(table, role, "re-own", owner, settings, StatementForm.Update, PolicyClause.WithCheck, sql, counts: false).ConfigureAwait(false);
        }
    }

    private async Task TryAsync(
        Table table, string role, string attempt, SessionIdentity who, IReadOnlyList<KeyValuePair<string, string>> settings,
        StatementForm form, PolicyClause clause, string sql, bool counts)
    {
        var verdict = access.Isolates(table, form, role, clause);
        try
        {
            var reached = await session.AsAsync(
                role, settings,
                async () => counts ? await session.ValueAsync(sql, cancellation).ConfigureAwait(false) is not null : await session.ExecuteAsync(sql, cancellation).ConfigureAwait(false) > 0,
                cancellation).ConfigureAwait(false);
            Add(table, role, attempt, who, reached ? ProbeOutcome.Leaked : ProbeOutcome.Kept, verdict, reached ? "it went through" : "no row");
        }
        catch (PostgresException e)
        {
            // 42501: a policy or a missing privilege. 42P17: policies that read each other in a circle. 22P02, 22004: a policy that casts what is not set.
            var isRefused = e.SqlState is "42501" or "42P17" or "22P02" or "22004" or "42704";
            Add(table, role, attempt, who, isRefused ? ProbeOutcome.Kept : ProbeOutcome.NotProbed, verdict, e.MessageText);
        }
    }

    private async Task<bool?> IsOwnAfterAsync(Table table, string update, IReadOnlyList<KeyValuePair<string, string>> settings)
    {
        try
        {
            return await session.ThenBackAsync(
                async () => await session.ValueAsync(update + " returning ctid::text", cancellation).ConfigureAwait(false) is { } moved
                    ? await IsOwnAsync(table, moved, settings).ConfigureAwait(false)
                    : null,
                cancellation).ConfigureAwait(false);
        }
        catch (PostgresException)
        {
            return null;
        }
    }

    // The tenancy condition, asked of the server past all policies: null where it can't say.
    private async Task<bool?> IsOwnAsync(Table table, string row, IReadOnlyList<KeyValuePair<string, string>> settings)
    {
        var goals = tenancy.KeysOf(table).Where(static key => key.Goal is not null).Select(static key => $"({SqlPrinter.Print(key.Goal!.Tree)})").ToList();
        if (goals.Count == 0)
            return null;
        try
        {
            var answer = await session.ThenBackAsync(
                async () =>
                {
                    await session.SetAsync(settings, cancellation).ConfigureAwait(false);
                    return await session.ValueAsync($"select coalesce({string.Join(" or ", goals)}, false)::text from {Identifier.Of(table.Id)} where ctid = '{row}'", cancellation).ConfigureAwait(false);
                },
                cancellation).ConfigureAwait(false);
            return answer is null ? null : answer is "true" or "t";
        }
        catch (PostgresException)
        {
            return null;
        }
    }

    private static string? Touchable(Table table)
    {
        foreach (var column in table.Columns)
        {
            if (!column.IsGenerated && !column.IsIdentity)
                return Identifier.Quote(column.Name);
        }
        return null;
    }

    // The same row once more under a new key, as literals: whoever writes it needs no right to read.
    private async Task<string?> CopyOfAsync(Table table, string row)
    {
        try
        {
            var json = await session.ValueAsync($"select row_to_json(r)::text from {Identifier.Of(table.Id)} r where r.ctid = '{row}'", cancellation).ConfigureAwait(false);
            if (json is null)
                return null;
            using var document = System.Text.Json.JsonDocument.Parse(json);
            var values = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var property in document.RootElement.EnumerateObject())
            {
                var isArray = table.FindColumn(property.Name)?.Type.EndsWith("[]", StringComparison.Ordinal) == true;
                if (property.Value.ValueKind != System.Text.Json.JsonValueKind.Null && !isArray)
                    values[property.Name] = Identifier.Literal(property.Value.ValueKind == System.Text.Json.JsonValueKind.String ? property.Value.GetString()! : property.Value.GetRawText());
            }
            var keys = tenancy.KeysOf(table).Select(static key => key.Column.Name).ToHashSet(StringComparer.Ordinal);
            return rows.Insert(table, RowMaker.WithoutKeys(table, values, keys), withoutReturning: true);
        }
        catch (Exception e) when (e is RowException or PostgresException)
        {
            return null;
        }
    }

    private void Add(Table table, string role, string attempt, SessionIdentity who, ProbeOutcome outcome, Verdict? verdict, string detail) =>
        results.Add(new(table.Id, role, attempt, who.ToString(), outcome, verdict, detail));
}
