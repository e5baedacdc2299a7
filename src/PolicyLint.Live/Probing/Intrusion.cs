using Npgsql;
using PolicyLint.Core.Access;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Logic;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Live.Probing;

/// <summary>What a session tries on a row that is somebody else's, and what an owner tries on a row of its own.</summary>
internal sealed class Intrusion(
    ICatalog catalog, ProbeSession session, Tenancy tenancy, AccessModel access, RowMaker rows, bool keepsTriggersOff, CancellationToken cancellation)
{
    // A statement without WHERE locks all rows that it is let at.
    private const int MostRowsAtOnce = 1000;

    private readonly Ownership ownership = new(session, tenancy);
    private readonly List<ProbeResult> results = [];

    /// <summary>In the order of the attempts.</summary>
    public List<ProbeResult> Results => results;

    /// <summary>Says that something was not tried.</summary>
    public void NotTried(Table table, string role, string attempt, SessionIdentity who, string why) =>
        results.Add(new(table.Id, role, attempt, who.ToString(), ProbeOutcome.NotProbed, null, why));

    /// <summary>Tries to get at a row as somebody whose it is not.</summary>
    public async Task IntrudeAsync(Table table, string role, string place, SessionIdentity intruder, ProbeMode mode)
    {
        var settings = intruder.Settings(role, out var obstacle);
        if (obstacle is not null)
        {
            NotTried(table, role, "any", intruder, $"{obstacle} can't be given to a session");
            return;
        }
        var own = await ownership.IsOwnAsync(table, place, settings, cancellation).ConfigureAwait(false);
        if (own == true)
        {
            NotTried(table, role, "any", intruder, "the row is this session's own, too");
            return;
        }
        var who = new Intruder(role, intruder, settings, own == false);
        var target = Identifier.Of(table.Id);
        await TryAsync(table, who, new("SELECT", StatementForm.Select, PolicyClause.Using, $"select 1 from {target} where {place}")).ConfigureAwait(false);
        if (mode == ProbeMode.Read)
            return;
        if (Touchable(table) is { } column)
            await TryAsync(table, who, new("UPDATE", StatementForm.Update, PolicyClause.Using, $"update {target} set {column} = {column} where {place}")).ConfigureAwait(false);
        await TryAsync(table, who, new("DELETE", StatementForm.Delete, PolicyClause.Using, $"delete from {target} where {place}")).ConfigureAwait(false);
        await TryBlindlyAsync(table, who, place).ConfigureAwait(false);
        if (await CopyOfAsync(table, place).ConfigureAwait(false) is { } insert)
            await TryAsync(table, who, new("INSERT", StatementForm.Insert, PolicyClause.WithCheck, insert, Original: place)).ConfigureAwait(false);
    }

    /// <summary>The owner writes somebody else's key into the row.</summary>
    public async Task GiveAwayAsync(Table table, string role, string place, SessionIdentity owner)
    {
        var settings = owner.Settings(role, out var obstacle);
        var other = owner.Another();
        if (obstacle is not null || await ownership.IsOwnAsync(table, place, settings, cancellation).ConfigureAwait(false) != true)
            return;
        foreach (var key in OwnKeys(table))
        {
            if (KeyOf(key, other) is not { } stranger)
                continue;
            var sql = $"update {Identifier.Of(table.Id)} set {Identifier.Quote(key.Column.Name)} = {stranger} where {place}";
            if (await IsOwnAfterAsync(table, sql, settings).ConfigureAwait(false) == false)
                await TryAsync(table, new(role, owner, settings, IsStranger: true), new("re-own", StatementForm.Update, PolicyClause.WithCheck, sql)).ConfigureAwait(false);
        }
    }

    // Statements that read no column are bound by the policies of their own command alone.
    private async Task TryBlindlyAsync(Table table, Intruder who, string place)
    {
        var target = Identifier.Of(table.Id);
        var many = await session.ValueAsync($"select 1 from {target} offset {MostRowsAtOnce} limit 1", cancellation).ConfigureAwait(false) is not null;
        if (many)
        {
            NotTried(table, who.Role, "blind UPDATE, DELETE", who.Identity, $"more than {MostRowsAtOnce} rows would be locked");
            return;
        }
        foreach (var key in OwnKeys(table))
        {
            if (KeyOf(key, who.Identity) is { } mine && !IsUnique(table, key.Column.Name))
                await TryAsync(table, who, new("take over", StatementForm.BlindUpdate, PolicyClause.Using, $"update {target} set {Identifier.Quote(key.Column.Name)} = {mine}", Touched: place)).ConfigureAwait(false);
        }
        if (PlainColumn(table) is { } column && await ValueOfAsync(table, column, place).ConfigureAwait(false) is { } value)
            await TryAsync(table, who, new("blind UPDATE", StatementForm.BlindUpdate, PolicyClause.Using, $"update {target} set {Identifier.Quote(column.Name)} = {value}", Touched: place)).ConfigureAwait(false);
        // What refers to the rows that are there may be many more rows.
        if (keepsTriggersOff || !IsReferredTo(table))
            await TryAsync(table, who, new("blind DELETE", StatementForm.BlindDelete, PolicyClause.Using, $"delete from {target}", Touched: place)).ConfigureAwait(false);
    }

    private async Task TryAsync(Table table, Intruder who, Attempt attempt)
    {
        var verdict = access.Isolates(table, attempt.Form, who.Role, attempt.Clause);
        try
        {
            var reached = await ReachesAsync(table, who, attempt, withoutOriginal: false).ConfigureAwait(false);
            Add(table, who, attempt, reached ? ProbeOutcome.Leaked : ProbeOutcome.Kept, verdict, reached ? "it went through" : "no row");
        }
        catch (PostgresException e)
        {
            // 42501: a policy or a missing privilege. 42P17: policies that read each other in a circle. 22P02, 22004, 42704: a policy that casts, or
            // asks for, what is not set. P0001: a function of a policy, or a trigger, that refuses.
            var isRefused = e.SqlState is "42501" or "42P17" or "22P02" or "22004" or "42704" or "P0001";
            Add(table, who, attempt, isRefused ? ProbeOutcome.Kept : ProbeOutcome.NotProbed, verdict, e.MessageText);
        }
    }

    private async Task<bool> ReachesAsync(Table table, Intruder who, Attempt attempt, bool withoutOriginal)
    {
        var target = Identifier.Of(table.Id);
        try
        {
            return await session.ThenBackAsync(
                async () =>
                {
                    if (withoutOriginal)
                        await session.ExecuteAsync($"delete from {target} where {attempt.Original}", cancellation).ConfigureAwait(false);
                    await session.BecomeAsync(who.Role, who.Settings, cancellation).ConfigureAwait(false);
                    if (attempt.Form == StatementForm.Select)
                        return await session.ValueAsync(attempt.Sql, cancellation).ConfigureAwait(false) is not null;
                    var rowsTouched = await session.ExecuteAsync(attempt.Sql, cancellation).ConfigureAwait(false);
                    if (attempt.Touched is not { } place || rowsTouched == 0)
                        return rowsTouched > 0;
                    await session.ExecuteAsync("reset role", cancellation).ConfigureAwait(false);
                    return await session.ValueAsync($"select 1 from {target} where {place}", cancellation).ConfigureAwait(false) is null;
                },
                cancellation).ConfigureAwait(false);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation && attempt.Original is not null && !withoutOriginal)
        {
            return await ReachesAsync(table, who, attempt, withoutOriginal: true).ConfigureAwait(false);
        }
    }

    private async Task<bool?> IsOwnAfterAsync(Table table, string update, IReadOnlyList<KeyValuePair<string, string>> settings)
    {
        try
        {
            return await session.ThenBackAsync(
                async () => await session.ValueAsync(update + RowMaker.ReturningPlace, cancellation).ConfigureAwait(false) is { } moved
                    ? await ownership.IsOwnAsync(table, moved, settings, cancellation).ConfigureAwait(false)
                    : null,
                cancellation).ConfigureAwait(false);
        }
        catch (PostgresException)
        {
            return null;
        }
    }

    // The same row once more under a new key, as literals: whoever writes it needs no right to read.
    private async Task<string?> CopyOfAsync(Table table, string place)
    {
        try
        {
            var json = await session.ThenBackAsync(
                () => session.ValueAsync($"select row_to_json(r)::text from {Identifier.Of(table.Id)} r where {place}", cancellation), cancellation).ConfigureAwait(false);
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

    private async Task<string?> ValueOfAsync(Table table, Column column, string place)
    {
        var value = await session.ValueAsync($"select {Identifier.Quote(column.Name)}::text from {Identifier.Of(table.Id)} where {place}", cancellation).ConfigureAwait(false);
        return value is null ? column.IsNotNull.Value ? null : "null" : $"{Identifier.Literal(value)}::{column.Type}";
    }

    private IEnumerable<TenantKey> OwnKeys(Table table) =>
        tenancy.KeysOf(table).Where(static key => key.Goal?.Tree is OperatorExpression { Operator.Name.Text: "=" } && !key.Column.IsGenerated);

    private static string? KeyOf(TenantKey key, SessionIdentity identity)
    {
        if (identity.IsNobody)
            return null;
        var value = key.Column.Type switch
        {
            "uuid" => identity["auth.uid()"] ?? "dddddddd-0000-4000-8000-000000000001",
            "integer" or "bigint" => "1000003",
            "text" or "character varying" => identity["auth.uid()"] ?? "somebody else",
            _ => null,
        };
        return value is null ? null : $"{Identifier.Literal(value)}::{key.Column.Type}";
    }

    private static string? Touchable(Table table) => table.Columns.FirstOrDefault(static column => !column.IsGenerated && !column.IsIdentity) is { } column ? Identifier.Quote(column.Name) : null;

    // A column that all rows may have the same value in, and that says nothing of whose they are.
    private Column? PlainColumn(Table table)
    {
        var keys = tenancy.KeysOf(table).Select(static key => key.Column.Name).ToHashSet(StringComparer.Ordinal);
        return table.Columns.FirstOrDefault(column => !column.IsGenerated && !column.IsIdentity && !keys.Contains(column.Name) && !IsUnique(table, column.Name));
    }

    private bool IsReferredTo(Table table) => catalog.TablesInOrder().Any(other => other.Constraints.Any(constraint => constraint.ReferencedTable == table.Id));

    private static bool IsUnique(Table table, string column) => table.Indexes.Any(index => index.IsUnique && index.Keys.Any(key => key.Column == column || key.Expression is not null));

    private void Add(Table table, Intruder who, Attempt attempt, ProbeOutcome outcome, Verdict? verdict, string detail)
    {
        // What went through is a leak only where it is certain that the row is not theirs.
        if (outcome == ProbeOutcome.Leaked && !who.IsStranger)
            outcome = ProbeOutcome.Unjudged;
        results.Add(new(table.Id, who.Role, attempt.Name, who.Identity.ToString(), outcome, verdict, detail));
    }

    /// <summary>Who tries.</summary>
    private sealed record Intruder(string Role, SessionIdentity Identity, IReadOnlyList<KeyValuePair<string, string>> Settings, bool IsStranger);

    /// <summary>What is tried. Where the statement names no row, Touched is the one that it must not have got at; Original is what a copy may collide with.</summary>
    private sealed record Attempt(string Name, StatementForm Form, PolicyClause Clause, string Sql, string? Touched = null, string? Original = null);
}
