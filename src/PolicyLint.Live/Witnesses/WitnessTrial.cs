using Npgsql;
using PolicyLint.Core.Access;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Logic;
using PolicyLint.Live.Probing;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Live.Witnesses;

/// <summary>What a server does with a witness in one state of its database.</summary>
/// <param name="IsTried">False where a row or the session can't be made.</param>
/// <param name="IsReached">The command gets at the row.</param>
/// <param name="IsWritten">The row can be written as the witness has it; for commands that write none, that it is reached.</param>
/// <param name="Detail">The server's words, or why it was not tried.</param>
internal sealed record WitnessTrial(bool IsTried, bool IsReached, bool IsWritten, string Detail);

/// <summary>
/// Puts witnesses to a server: makes their rows the only ones, becomes the session and runs the command, and takes all of it back. UPDATE and DELETE
/// run without WHERE, since one would ask for the right to read and bring in the policies of SELECT; a trigger tells which rows they get at and keeps
/// them from the others.
/// </summary>
internal sealed class WitnessTrials
{
    private const string AnyRole = "policylint_witness";
    private const string Reached = "policylint.reached";

    private readonly ProbeSession session;
    private readonly ICatalog catalog;
    private readonly AccessModel access;
    private readonly CancellationToken cancellation;

    private WitnessTrials(ProbeSession session, ICatalog catalog, AccessModel access, CancellationToken cancellation)
    {
        this.session = session;
        this.catalog = catalog;
        this.access = access;
        this.cancellation = cancellation;
    }

    /// <summary>Prepares the session's transaction: no triggers, no rows of the migrations', and a function that triggers of trials call.</summary>
    public static async Task<WitnessTrials> BeginAsync(ProbeSession session, ICatalog catalog, AccessModel access, CancellationToken cancellation)
    {
        var trials = new WitnessTrials(session, catalog, access, cancellation);
        await session.ExecuteAsync("set local session_replication_role = replica", cancellation).ConfigureAwait(false);
        foreach (var table in catalog.TablesInOrder().Where(static table => table is { Kind: not TableKind.Foreign, PartitionOf: null }))
            await session.ExecuteAsync($"delete from {Identifier.Of(table.Id)}", cancellation).ConfigureAwait(false);
        await session.ExecuteAsync(
            $$"""
            create function pg_temp.policylint_reached() returns trigger language plpgsql as $body$
            begin
              if old.tableoid::text = tg_argv[0] and old.ctid::text = tg_argv[1] then
                perform set_config('{{Reached}}', 'yes', true);
                if tg_argv[2] = 'write' then return new; end if;
              end if;
              return null;
            end $body$
            """,
            cancellation).ConfigureAwait(false);
        return trials;
    }

    /// <summary>Tries a witness; the rows of another state may lack columns here, which are left out.</summary>
    public async Task<WitnessTrial> TryAsync(AccessWitness witness)
    {
        if (witness.Case.Rows.Count == 0 || !catalog.Relations.TryGetValue(witness.Table, out var relation) || relation is not Table table)
            return new(false, false, false, $"there is no table {witness.Table}");
        try
        {
            return await session.ThenBackAsync(() => TryAsync(witness, table), cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is RowException or PostgresException)
        {
            return new(false, false, false, "its rows can't be made: " + (e is PostgresException error ? error.MessageText : e.Message));
        }
    }

    private async Task<WitnessTrial> TryAsync(AccessWitness witness, Table table)
    {
        var role = await RoleAsync(witness.Role, table, witness.Command).ConfigureAwait(false);
        var settings = new SessionIdentity(witness.Case.Session).Settings(role, out var obstacle);
        if (obstacle is not null)
            return new(false, false, false, $"{obstacle} can't be given to a session");
        await GiveUserAsync(witness.Case, settings).ConfigureAwait(false);
        if (witness.Alone is { } branch)
            await LeaveAsync(branch, table).ConfigureAwait(false);
        if (witness is { Command: PolicyCommand.Update, Clause: PolicyClause.WithCheck })
            return await MoveAsync(witness, table, role, settings).ConfigureAwait(false);
        var rows = new WitnessRows(session, catalog, cancellation);
        await InsertOthersAsync(rows, witness.Case).ConfigureAwait(false);
        var place = await rows.InsertAsync(table, witness.Case.Rows[0].Values).ConfigureAwait(false);
        await rows.CompleteAsync().ConfigureAwait(false);
        switch (witness.Command)
        {
            case PolicyCommand.Insert:
                var insert = await InsertAsync(table, place).ConfigureAwait(false);
                await session.ExecuteAsync($"delete from {Identifier.Of(table.Id)} t where {place.Condition("t")}", cancellation).ConfigureAwait(false);
                return await WriteAsync(role, settings, insert).ConfigureAwait(false);
            case PolicyCommand.Update:
                var reached = await ReachAsync(table, place, role, settings, $"update {Identifier.Of(table.Id)} set {Touchable(table)} = null", "update", "keep").ConfigureAwait(false);
                var written = await ReachAsync(table, place, role, settings, await StatementAsync(table, place).ConfigureAwait(false), "update", "write").ConfigureAwait(false);
                return new(true, reached.IsReached, written.IsWritten, reached.IsReached ? written.Detail : reached.Detail);
            case PolicyCommand.Delete:
                return await ReachAsync(table, place, role, settings, $"delete from {Identifier.Of(table.Id)}", "delete", "keep").ConfigureAwait(false);
            default:
                return await ReadAsync(table, place, role, settings).ConfigureAwait(false);
        }
    }

    // Whether a row can become the witness's: it may be that row already, one with the same key, or any that the policies let the session change.
    private async Task<WitnessTrial> MoveAsync(AccessWitness witness, Table table, string role, IReadOnlyList<KeyValuePair<string, string>> settings)
    {
        var goal = witness.Case.Rows[0].Values;
        var earlier = witness.Case.Rows.Skip(1).FirstOrDefault(row => row.Relation == table.Id && HasSameKey(table, row.Values, goal));
        var world = earlier is null ? witness.Case : witness.Case with { Rows = [.. witness.Case.Rows.Where(row => row != earlier)] };
        var trial = await session.ThenBackAsync(() => RewriteAsync(world, earlier?.Values ?? goal, settings), cancellation).ConfigureAwait(false);
        if (trial.IsReached || access.ReachesNothing(table, StatementForm.BlindUpdate, witness.Role, PolicyClause.Using) is not Verdict.Refuted { Witness: { Conditions.Count: 0 } own })
            return trial;
        var start = WitnessNames.Adapt(own, world);
        world = new(start.Session, [.. world.Rows, .. start.Rows.Skip(1)], []);
        return await RewriteAsync(world, start.Rows[0].Values, new SessionIdentity(start.Session).Settings(role, out _)).ConfigureAwait(false);

        async Task<WitnessTrial> RewriteAsync(Witness others, IReadOnlyDictionary<string, string> from, IReadOnlyList<KeyValuePair<string, string>> asUser)
        {
            var rows = new WitnessRows(session, catalog, cancellation);
            await InsertOthersAsync(rows, others).ConfigureAwait(false);
            var place = await rows.InsertAsync(table, goal).ConfigureAwait(false);
            var statement = await StatementAsync(table, place).ConfigureAwait(false);
            await rows.CompleteAsync().ConfigureAwait(false);
            if (!ReferenceEquals(from, goal))
            {
                await session.ExecuteAsync($"delete from {Identifier.Of(table.Id)} t where {place.Condition("t")}", cancellation).ConfigureAwait(false);
                place = await rows.InsertAsync(table, from).ConfigureAwait(false);
                await rows.CompleteAsync().ConfigureAwait(false);
            }
            return await ReachAsync(table, place, role, asUser, statement, "update", "write").ConfigureAwait(false);
        }
    }

    private static bool HasSameKey(Table table, IReadOnlyDictionary<string, string> left, IReadOnlyDictionary<string, string> right) =>
        table.Constraints.Any(constraint => constraint.Kind == ConstraintKind.PrimaryKey && constraint.Columns.All(column => left.TryGetValue(column, out var value) && right.TryGetValue(column, out var other) && value == other));

    private async Task LeaveAsync(PolicyBranch branch, Table table)
    {
        var target = Identifier.Of(table.Id);
        foreach (var policy in table.Policies.Where(policy => policy.IsPermissive && policy.Name != branch.Policy))
            await session.ExecuteAsync($"drop policy {Identifier.Quote(policy.Name)} on {target}", cancellation).ConfigureAwait(false);
        await session.ExecuteAsync($"alter policy {Identifier.Quote(branch.Policy)} on {target} using ({branch.Predicate})", cancellation).ConfigureAwait(false);
    }

    // A database of its own may have an auth.uid() that asks for no session; the witness tells of one that does, as the platform's.
    private async Task GiveUserAsync(Witness world, IReadOnlyList<KeyValuePair<string, string>> settings)
    {
        if (new SessionIdentity(world.Session)["auth.uid()"] is not { } user || catalog.Platform == "supabase")
            return;
        var given = await session.ThenBackAsync(
            async () =>
            {
                await session.SetAsync(settings, cancellation).ConfigureAwait(false);
                return await session.ValueAsync("select auth.uid()::text", cancellation).ConfigureAwait(false);
            },
            cancellation).ConfigureAwait(false);
        if (given != user)
            await session.ExecuteAsync("create or replace function auth.uid() returns uuid language sql stable as $body$ select nullif(current_setting('request.jwt.claim.sub', true), '')::uuid $body$", cancellation).ConfigureAwait(false);
    }

    private async Task InsertOthersAsync(WitnessRows rows, Witness world)
    {
        foreach (var row in world.Rows.Skip(1))
        {
            if (row.Relation is { } id && catalog.Relations.TryGetValue(id, out var relation) && relation is Table other)
                await rows.InsertMissingAsync(other, row.Values).ConfigureAwait(false);
        }
    }

    private async Task<WitnessTrial> ReadAsync(Table table, RowPlace place, string role, IReadOnlyList<KeyValuePair<string, string>> settings)
    {
        try
        {
            var found = await AsAsync(role, settings, () => session.ValueAsync($"select 1 from {Identifier.Of(table.Id)} t where {place.Condition("t")}", cancellation)).ConfigureAwait(false);
            return new(true, found is not null, found is not null, found is null ? "no row" : "");
        }
        catch (PostgresException e)
        {
            return new(true, false, false, e.MessageText);
        }
    }

    private async Task<WitnessTrial> WriteAsync(string role, IReadOnlyList<KeyValuePair<string, string>> settings, string statement)
    {
        try
        {
            var count = await AsAsync(role, settings, () => session.ExecuteAsync(statement, cancellation)).ConfigureAwait(false);
            return new(true, count > 0, count > 0, count > 0 ? "" : "no row");
        }
        catch (PostgresException e)
        {
            return new(true, false, false, e.MessageText);
        }
    }

    private Task<WitnessTrial> ReachAsync(
        Table table, RowPlace place, string role, IReadOnlyList<KeyValuePair<string, string>> settings, string statement, string command, string mode) =>
        session.ThenBackAsync(
            async () =>
            {
                var target = Identifier.Of(table.Id);
                await session.ExecuteAsync(
                    $"create trigger policylint_reached before {command} on {target} for each row execute function pg_temp.policylint_reached('{place.TableId}', '{place.Ctid}', '{mode}')",
                    cancellation).ConfigureAwait(false);
                await session.ExecuteAsync($"alter table {target} enable always trigger policylint_reached", cancellation).ConfigureAwait(false);
                try
                {
                    var (count, reached) = await AsAsync(
                        role, settings,
                        async () =>
                        {
                            var written = await session.ExecuteAsync(statement, cancellation).ConfigureAwait(false);
                            return (written, await session.ValueAsync($"select current_setting('{Reached}', true)", cancellation).ConfigureAwait(false) == "yes");
                        }).ConfigureAwait(false);
                    return new WitnessTrial(true, reached, mode == "keep" ? reached : count > 0, reached ? "" : "no row");
                }
                catch (PostgresException e)
                {
                    return new(true, false, false, e.MessageText);
                }
            },
            cancellation);

    private Task<T> AsAsync<T>(string role, IReadOnlyList<KeyValuePair<string, string>> settings, Func<Task<T>> action) =>
        session.ThenBackAsync(
            async () =>
            {
                await session.BecomeAsync(role, settings, cancellation).ConfigureAwait(false);
                return await action().ConfigureAwait(false);
            },
            cancellation);

    // An UPDATE without a condition that makes a row of this one, as literals: whoever runs it needs no right to read.
    private async Task<string> StatementAsync(Table table, RowPlace place)
    {
        var values = await ValuesAsync(table, place, static column => column is { IsGenerated: false, IsIdentity: false }).ConfigureAwait(false);
        return $"update {Identifier.Of(table.Id)} set {string.Join(", ", values.Select(static pair => $"{pair.Column} = {pair.Literal}"))}";
    }

    private async Task<string> InsertAsync(Table table, RowPlace place)
    {
        var values = await ValuesAsync(table, place, static column => !column.IsGenerated).ConfigureAwait(false);
        return $"insert into {Identifier.Of(table.Id)} ({string.Join(", ", values.Select(static pair => pair.Column))}) overriding system value values ({string.Join(", ", values.Select(static pair => pair.Literal))})";
    }

    private async Task<List<(string Column, string Literal)>> ValuesAsync(Table table, RowPlace place, Func<Column, bool> isWanted)
    {
        var columns = table.Columns.Where(isWanted).ToList();
        var texts = string.Join(", ", columns.Select(static column => $"t.{Identifier.Quote(column.Name)}::text"));
        var json = await session.ValueAsync($"select to_json(array[{texts}]::text[])::text from {Identifier.Of(table.Id)} t where {place.Condition("t")}", cancellation).ConfigureAwait(false)
            ?? throw new RowException("the row is gone");
        var values = System.Text.Json.JsonSerializer.Deserialize(json, RowJson.Default.StringArray)!;
        return [.. columns.Zip(values, static (column, value) => (Identifier.Quote(column.Name), $"{(value is null ? "null" : Identifier.Literal(value))}::{column.Type}"))];
    }

    private static string Touchable(Table table) =>
        table.Columns.FirstOrDefault(static column => column is { IsGenerated: false, IsIdentity: false }) is { } column
            ? Identifier.Quote(column.Name)
            : throw new RowException($"{table.Id} has no column that can be updated");

    // A role of the witness's that the database lacks, or PUBLIC, is made for the trial. What grants allow is not what a witness tells of.
    private async Task<string> RoleAsync(string name, Table table, PolicyCommand command)
    {
        var role = name;
        if (name == "public" || !catalog.Roles.ContainsKey(name))
        {
            role = name == "public" ? AnyRole : name;
            await session.ExecuteAsync($"create role {Identifier.Quote(role)}", cancellation).ConfigureAwait(false);
        }
        else if (await session.ValueAsync(
            $"select (has_schema_privilege({Identifier.Literal(role)}, {Identifier.Literal(table.Id.Schema)}, 'usage') and has_any_column_privilege({Identifier.Literal(role)}, {Identifier.Literal(Identifier.Of(table.Id))}, 'select') and {PrivilegeOf(role, table, command)})::text",
            cancellation).ConfigureAwait(false) == "true")
        {
            return role;
        }
        var schemas = catalog.TablesInOrder().Select(static known => known.Id.Schema).Concat(catalog.Functions.Keys.Select(static id => id.Schema)).Distinct().ToList();
        foreach (var schema in schemas.Where(schema => schema is not ("pg_catalog" or "information_schema")))
        {
            await session.ExecuteAsync($"grant usage on schema {Identifier.Quote(schema)} to {Identifier.Quote(role)}", cancellation).ConfigureAwait(false);
            await session.ExecuteAsync($"grant select, insert, update, delete on all tables in schema {Identifier.Quote(schema)} to {Identifier.Quote(role)}", cancellation).ConfigureAwait(false);
            await session.ExecuteAsync($"grant execute on all functions in schema {Identifier.Quote(schema)} to {Identifier.Quote(role)}", cancellation).ConfigureAwait(false);
        }
        return role;
    }

    private static string PrivilegeOf(string role, Table table, PolicyCommand command)
    {
        var name = command switch { PolicyCommand.Insert => "insert", PolicyCommand.Update => "update", PolicyCommand.Delete => "delete", _ => "select" };
        return $"has_table_privilege({Identifier.Literal(role)}, {Identifier.Literal(Identifier.Of(table.Id))}, '{name}')";
    }
}
