using PolicyLint.Core.Analysis;
using PolicyLint.Core.Catalog.Difference;
using PolicyLint.Core.Migrations;

namespace PolicyLint.Core.Catalog.Replay;

/// <summary>An object that migrations followed by their rollback leave as it was not before.</summary>
/// <param name="Rollback">The rollback, its last script where it has several.</param>
/// <param name="Object">The relation, function, type or schema, as messages name it.</param>
/// <param name="CreatedAt">What made it, where it stays behind.</param>
/// <param name="Differences">Left: before the migrations. Right: after the rollback.</param>
public sealed record RollbackRemainder(Script Rollback, string Object, Origin? CreatedAt, IReadOnlyList<CatalogDisagreement> Differences);

/// <summary>Runs each pair of migrations and rollback forward and back, and compares.</summary>
public static class RollbackReplay
{
    private static readonly char[] s_blanks = [' ', '\t', '\r', '\n'];

    /// <summary>What the rollbacks leave, and what of it they do not bring back, in order of the migrations.</summary>
    public static (IReadOnlyList<RollbackRemainder> Remainders, IReadOnlyList<ScriptEffect> Effects) Run(IReadOnlyList<Script> scripts, string platform, AnalysisLimits limits, CancellationToken cancellation = default)
    {
        var pairs = RollbackPairs.Find(scripts);
        var remainders = new List<RollbackRemainder>();
        var effects = new List<ScriptEffect>();
        if (pairs.Count == 0)
            return (remainders, effects);
        var replayer = new Replayer(PlatformSeed.Start(platform), limits, observer: null, cancellation);
        var next = 0;
        var migration = 0;
        DatabaseCatalog? before = null;
        Script? first = null;
        foreach (var script in scripts)
        {
            if (script.Role != ScriptRole.Migration || next == pairs.Count)
                continue;
            if (pairs[next].First == migration)
            {
                before = replayer.Context.State.Freeze();
                first = script;
            }
            replayer.Run(script);
            if (pairs[next].Last == migration++)
            {
                var pair = pairs[next++];
                if (IsMeantToDoSomething(pair))
                {
                    var after = replayer.RunRollbacks(pair.Rollbacks, []);
                    effects.Add(new(pair.Rollbacks[pair.Rollbacks.Count - 1], before!, after) { TakenBack = (first!.Tree.Source, script.Tree.Source) });
                    Compare(before!, after, pair, remainders);
                }
            }
        }
        return (remainders, effects);
    }

    // A rollback without a statement says openly that there is no way back.
    private static bool IsMeantToDoSomething(RollbackPair pair)
    {
        foreach (var rollback in pair.Rollbacks)
        {
            foreach (var statement in rollback.Tree.Statements)
            {
                if (statement is not Sql.Tree.QueryStatement)
                    return true;
            }
        }
        return false;
    }

    private static void Compare(DatabaseCatalog before, DatabaseCatalog after, RollbackPair pair, List<RollbackRemainder> remainders)
    {
        // Whatever a statement of unknown effect did, it may have brought back.
        if (after.UnknownEffects.Count > before.UnknownEffects.Count)
            return;
        var rollback = pair.Rollbacks[pair.Rollbacks.Count - 1];
        foreach (var id in Changed(before.Relations, after.Relations))
        {
            before.Relations.TryGetValue(id, out var was);
            after.Relations.TryGetValue(id, out var remains);
            Add(id.ToString(), was is null ? remains?.CreatedAt : null, new() { Relations = Only(id, was) }, new() { Relations = Only(id, remains) });
        }
        foreach (var id in Changed(before.Functions, after.Functions))
        {
            before.Functions.TryGetValue(id, out var was);
            after.Functions.TryGetValue(id, out var remains);
            Add(id.ToString(), was is null ? remains?[0].CreatedAt : null, new() { Functions = Only(id, was) }, new() { Functions = Only(id, remains) });
        }
        foreach (var id in Changed(before.Types, after.Types))
        {
            before.Types.TryGetValue(id, out var was);
            after.Types.TryGetValue(id, out var remains);
            // PostgreSQL takes no label out of an enum.
            if (was is null || remains is null)
                Add(id.ToString(), null, new() { Types = Only(id, was) }, new() { Types = Only(id, remains) });
        }
        foreach (var name in Changed(before.Schemas, after.Schemas))
        {
            before.Schemas.TryGetValue(name, out var was);
            after.Schemas.TryGetValue(name, out var remains);
            // Who may use a schema is often said again by each migration: a rollback's REVOKE takes one of several grants back.
            if (was is null || remains is null)
                Add(name, was is null ? remains?.CreatedAt : null, new() { Schemas = Only(name, was) }, new() { Schemas = Only(name, remains) });
        }

        void Add(string name, Origin? createdAt, DatabaseCatalog left, DatabaseCatalog right)
        {
            var differences = new List<CatalogDisagreement>();
            foreach (var difference in CatalogDifference.Between(left, right))
            {
                if (!IsSpacing(difference))
                    differences.Add(difference);
            }
            if (differences.Count > 0)
                remainders.Add(new(rollback, name, createdAt, differences));
        }
    }

    // A function's body that was written out again is the same however its lines are set.
    private static bool IsSpacing(CatalogDisagreement difference) =>
        difference is { Left: { } left, Right: { } right } && string.Join(" ", left.Split(s_blanks, StringSplitOptions.RemoveEmptyEntries)) == string.Join(" ", right.Split(s_blanks, StringSplitOptions.RemoveEmptyEntries));

    // Objects are immutable: what no statement touched is the same one on both sides.
    private static List<TKey> Changed<TKey, TValue>(IReadOnlyDictionary<TKey, TValue> before, IReadOnlyDictionary<TKey, TValue> after)
        where TValue : class
    {
        var changed = new List<TKey>();
        foreach (var pair in before)
        {
            if (!after.TryGetValue(pair.Key, out var other) || !ReferenceEquals(pair.Value, other))
                changed.Add(pair.Key);
        }
        foreach (var pair in after)
        {
            if (!before.ContainsKey(pair.Key))
                changed.Add(pair.Key);
        }
        return changed;
    }

    private static Dictionary<TKey, TValue> Only<TKey, TValue>(TKey key, TValue? value)
        where TKey : notnull
        where TValue : class
    {
        var result = new Dictionary<TKey, TValue>();
        if (value is not null)
            result.Add(key, value);
        return result;
    }
}
