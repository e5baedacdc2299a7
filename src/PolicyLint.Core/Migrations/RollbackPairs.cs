using PolicyLint.Core.Catalog.Replay;

namespace PolicyLint.Core.Migrations;

/// <summary>Consecutive migrations and the rollback scripts that take them back.</summary>
/// <param name="First">Index of the first of them among the migrations.</param>
/// <param name="Last">Index of the last of them.</param>
/// <param name="Rollbacks">In order.</param>
public sealed record RollbackPair(int First, int Last, IReadOnlyList<Script> Rollbacks);

/// <summary>
/// Tells which migrations a rollback script takes back: those of its own file, of its own name (`2_x.up.sql` and `2_x.down.sql`), of its own
/// version (`008_rollback.sql` and `008_1_columns.sql`), or all later ones where its version stands before them.
/// </summary>
public static class RollbackPairs
{
    private static readonly string[] s_suffixes = [".down", "_down", "-down", "_rollback", "-rollback", ".rollback", "_undo", "-undo", ".undo", ".up", "_up", "-up"];

    /// <summary>The pairs that can be told, in order of the migrations. A rollback that fits none, or the migrations of another one too, is left out.</summary>
    /// <param name="scripts">Migrations and rollbacks, each kind in the order in which it runs.</param>
    public static IReadOnlyList<RollbackPair> Find(IReadOnlyList<Script> scripts)
    {
        var migrations = OfRole(scripts, ScriptRole.Migration);
        var units = new List<List<Script>>();
        foreach (var rollback in OfRole(scripts, ScriptRole.Rollback))
        {
            if (units.Count > 0 && ReferenceEquals(units[units.Count - 1][0].Tree.Source, rollback.Tree.Source))
                units[units.Count - 1].Add(rollback);
            else
                units.Add([rollback]);
        }
        var pairs = new List<RollbackPair>();
        foreach (var unit in units)
        {
            if (RangeOf(migrations, unit[0]) is { } range)
                pairs.Add(new(range.First, range.Last, unit));
        }
        pairs.Sort(static (a, b) => a.First.CompareTo(b.First));
        var alone = new List<RollbackPair>(pairs.Count);
        for (var i = 0; i < pairs.Count; i++)
        {
            var overlaps = (i > 0 && pairs[i - 1].Last >= pairs[i].First) || (i + 1 < pairs.Count && pairs[i + 1].First <= pairs[i].Last);
            if (!overlaps)
                alone.Add(pairs[i]);
        }
        return alone;
    }

    private static List<Script> OfRole(IReadOnlyList<Script> scripts, ScriptRole role)
    {
        var result = new List<Script>();
        foreach (var script in scripts)
        {
            if (script.Role == role)
                result.Add(script);
        }
        return result;
    }

    private static (int First, int Last)? RangeOf(List<Script> migrations, Script rollback)
    {
        var path = rollback.Tree.Source.Path;
        var stem = StemOf(path);
        var version = VersionOf(stem);
        return Range(migrations, migration => ReferenceEquals(migration.Tree.Source, rollback.Tree.Source))
            ?? Range(migrations, migration => stem.Length > 0 && StemOf(migration.Tree.Source.Path) == stem)
            ?? Range(migrations, migration => IsBesideInFolder(migration.Tree.Source.Path, path, stem))
            ?? Range(migrations, migration => version.Length > 0 && VersionOf(StemOf(migration.Tree.Source.Path)) is var other && (other == version || IsPartOf(other, version)))
            ?? Later(migrations, version);
    }

    // The migrations that fit, where they stand next to one another.
    private static (int First, int Last)? Range(List<Script> migrations, Predicate<Script> fits)
    {
        var first = migrations.FindIndex(fits);
        if (first < 0)
            return null;
        var last = migrations.FindLastIndex(fits);
        for (var i = first; i < last; i++)
        {
            if (!fits(migrations[i]))
                return null;
        }
        return (first, last);
    }

    private static (int First, int Last)? Later(List<Script> migrations, string version)
    {
        if (version.Length == 0)
            return null;
        var first = migrations.FindIndex(migration => IsLater(migration, version));
        if (first <= 0)
            return null;
        for (var i = first; i < migrations.Count; i++)
        {
            if (!IsLater(migrations[i], version))
                return null;
        }
        return (first, migrations.Count - 1);
    }

    private static bool IsLater(Script migration, string version) =>
        VersionOf(StemOf(migration.Tree.Source.Path)) is { Length: > 0 } other && NaturalOrder.Instance.Compare(other, version) > 0;

    // `up.sql` or Prisma's `migration.sql` beside `down.sql`.
    private static bool IsBesideInFolder(string migration, string rollback, string stem)
    {
        var slash = rollback.LastIndexOf('/');
        return stem.Length == 0 && slash > 0 && migration.LastIndexOf('/') == slash && string.CompareOrdinal(migration, 0, rollback, 0, slash) == 0;
    }

    // The name without what says which way it goes; empty for `down.sql` and its like.
    private static string StemOf(string path)
    {
        var name = path.Substring(path.LastIndexOf('/') + 1);
        if (name.EndsWith(".sql", StringComparison.OrdinalIgnoreCase))
            name = name.Substring(0, name.Length - 4);
        foreach (var suffix in s_suffixes)
        {
            if (name.EndsWith(suffix, StringComparison.OrdinalIgnoreCase))
            {
                name = name.Substring(0, name.Length - suffix.Length);
                break;
            }
        }
        if (name is "down" or "up" or "rollback" or "undo" or "migration")
            return "";
        // Flyway's V2__x and U2__x.
        if (name.Length > 1 && name[0] is 'V' or 'U' && char.IsDigit(name[1]))
            name = name.Substring(1);
        return name;
    }

    // The digits that a name begins with, separators between them included.
    private static string VersionOf(string stem)
    {
        var end = 0;
        for (var i = 0; i < stem.Length; i++)
        {
            if (char.IsDigit(stem[i]))
                end = i + 1;
            else if (stem[i] is not ('.' or '_' or '-'))
                break;
        }
        return stem.Substring(0, end);
    }

    private static bool IsPartOf(string version, string whole) =>
        version.Length > whole.Length && version.StartsWith(whole, StringComparison.Ordinal) && !char.IsDigit(version[whole.Length]);
}
