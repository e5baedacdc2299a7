using Npgsql;
using PolicyLint.Core.Access;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Logic;

namespace PolicyLint.Live.Probing;

/// <summary>
/// Makes a row with the rows that it needs: those of a witness, and where foreign keys are looked at those that the row refers to. Nothing is
/// made that would leave something behind.
/// </summary>
internal sealed class MadeRows(ICatalog catalog, ProbeSession session, bool keepsTriggersOff, IReadOnlyDictionary<QualifiedId, string> untouchable)
{
    private const int DeepestReference = 8;

    private readonly LastingEffects effects = new(catalog);

    public RowMaker Rows { get; } = new(catalog);

    /// <summary>Makes a row of the table.</summary>
    /// <param name="table">The table.</param>
    /// <param name="world">The prover's example of the row and its surroundings; null for any row.</param>
    /// <param name="cancellation">Stops between statements.</param>
    /// <returns>The condition by which the row is found.</returns>
    /// <exception cref="RowException">It can't be made.</exception>
    public async Task<string> MakeAsync(Table table, Witness? world, CancellationToken cancellation)
    {
        // Triggers would make other rows, and foreign keys would ask for parents that decide nothing: what decides is among the witness's rows.
        if (keepsTriggersOff)
            await session.ExecuteAsync("set local session_replication_role = replica", cancellation).ConfigureAwait(false);
        var waiting = new List<WitnessRow>();
        for (var i = 1; world is not null && i < world.Rows.Count; i++)
        {
            if (world.Rows[i].Relation is not null)
                waiting.Add(world.Rows[i]);
        }
        while (waiting.Count > 0)
        {
            var row = waiting[0];
            waiting.RemoveAt(0);
            if (catalog.Relations.TryGetValue(row.Relation!, out var relation) && relation is Table other)
                await MakeAsync(other, row.Values, waiting, 0, cancellation).ConfigureAwait(false);
        }
        return await MakeAsync(table, world is { Rows: [var target, ..] } ? target.Values : new Dictionary<string, string>(), waiting, 0, cancellation).ConfigureAwait(false);
    }

    /// <summary>What writing to the table would leave behind; null where nothing.</summary>
    public string? LastingEffectOf(Table table) => untouchable.TryGetValue(table.Id, out var why) ? why : effects.Of(table, !keepsTriggersOff, evaluatesDefaults: false);

    private async Task<string> MakeAsync(Table table, IReadOnlyDictionary<string, string> values, List<WitnessRow> waiting, int depth, CancellationToken cancellation)
    {
        if ((untouchable.TryGetValue(table.Id, out var why) ? why : effects.OfInsert(table, !keepsTriggersOff)) is { } effect)
            throw new RowException(effect);
        if (!keepsTriggersOff)
            values = await WithParentsAsync(table, values, waiting, depth, cancellation).ConfigureAwait(false);
        return await session.ValueAsync(Rows.Insert(table, values), cancellation).ConfigureAwait(false) ?? throw new RowException($"the server made no row of {table.Id}");
    }

    private async Task<IReadOnlyDictionary<string, string>> WithParentsAsync(
        Table table, IReadOnlyDictionary<string, string> values, List<WitnessRow> waiting, int depth, CancellationToken cancellation)
    {
        var all = values.ToDictionary(static pair => pair.Key, static pair => pair.Value, StringComparer.Ordinal);
        foreach (var key in table.Constraints)
        {
            if (key.Kind != ConstraintKind.ForeignKey || key.ReferencedTable is not { } id || key.ReferencedColumns.Count != key.Columns.Count
                || !catalog.Relations.TryGetValue(id, out var relation) || relation is not Table parent)
                continue;
            var wanted = new Dictionary<string, string>(StringComparer.Ordinal);
            var isNeeded = false;
            for (var i = 0; i < key.Columns.Count; i++)
            {
                if (all.TryGetValue(key.Columns[i], out var literal) && literal is not ("NULL" or "?"))
                    wanted[key.ReferencedColumns[i]] = literal;
                isNeeded |= wanted.ContainsKey(key.ReferencedColumns[i]) || table.FindColumn(key.Columns[i])?.IsNotNull.Value == true;
            }
            if (!isNeeded || await IsThereAsync(parent, key, wanted, cancellation).ConfigureAwait(false))
                continue;
            if (depth >= DeepestReference || parent.Id == table.Id)
                throw new RowException($"{table.Id} refers to {parent.Id} in a circle");
            var place = await MakeAsync(parent, Merged(parent, wanted, waiting), waiting, depth + 1, cancellation).ConfigureAwait(false);
            for (var i = 0; i < key.Columns.Count; i++)
            {
                var value = await session.ValueAsync($"select {Identifier.Quote(key.ReferencedColumns[i])}::text from {Identifier.Of(parent.Id)} where {place}", cancellation).ConfigureAwait(false);
                if (value is not null)
                    all[key.Columns[i]] = Identifier.Literal(value);
            }
        }
        return all;
    }

    private async Task<bool> IsThereAsync(Table parent, TableConstraint key, Dictionary<string, string> wanted, CancellationToken cancellation)
    {
        if (wanted.Count < key.Columns.Count)
            return false;
        var condition = string.Join(" and ", wanted.Select(pair => $"{Identifier.Quote(pair.Key)} = ({pair.Value})::{parent.FindColumn(pair.Key)?.Type ?? "text"}"));
        return await session.ValueAsync($"select 1 from {Identifier.Of(parent.Id)} where {condition}", cancellation).ConfigureAwait(false) is not null;
    }

    // The witness may say more of the row that is referred to.
    private static IReadOnlyDictionary<string, string> Merged(Table parent, Dictionary<string, string> wanted, List<WitnessRow> waiting)
    {
        var told = waiting.FindIndex(row => row.Relation == parent.Id && wanted.All(pair => row.Values.TryGetValue(pair.Key, out var value) && value == pair.Value));
        if (told < 0)
            return wanted;
        var values = waiting[told].Values;
        waiting.RemoveAt(told);
        return values;
    }
}
