using PolicyLint.Core.Access;
using PolicyLint.Core.Options;
using PolicyLint.Sql;
using PolicyLint.Sql.Text;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Catalog.Replay;

/// <summary>What a file is to the replay.</summary>
public enum ScriptRole
{
    /// <summary>Applied in order; makes the catalog.</summary>
    Migration,

    /// <summary>Replayed on a copy of the end state, for the rollback rules; leaves no trace in the catalog.</summary>
    Rollback,

    /// <summary>Queries that someone runs against the end state: checks, validation. Applied to nothing, judged by the rules that read statements.</summary>
    Query,
}

/// <summary>A parsed file in its place in the order.</summary>
/// <param name="Tree">The file.</param>
/// <param name="Role">What the file is.</param>
/// <param name="IsOneTransaction">The tool that applies it wraps it in a transaction; statements that open one themselves still count.</param>
public sealed record Script(SyntaxTree Tree, ScriptRole Role, bool IsOneTransaction);

/// <summary>The catalog on both sides of a script that may change who reaches what.</summary>
/// <param name="Script">The script; the first of them where a document has several blocks.</param>
/// <param name="Before">The catalog before it.</param>
/// <param name="After">The catalog after it.</param>
public sealed record ScriptEffect(Script Script, DatabaseCatalog Before, DatabaseCatalog After)
{
    /// <summary>The first and the last migration that a rollback takes back; null for a migration.</summary>
    public (SourceText First, SourceText Last)? TakenBack { get; init; }

    /// <summary>What a witness compares that tells the two catalogs apart.</summary>
    internal WitnessChange Change => TakenBack is { } migrations
        ? new(migrations.First, migrations.Last, Script.Tree.Source)
        : new(Script.Tree.Source, Script.Tree.Source, null);

    /// <summary>
    /// The tables that the script made or changed, as they are after it, in order. Most scripts touch few of the tables that there are, and the
    /// work of judging one must not grow with those before it.
    /// </summary>
    public IReadOnlyList<Table> TouchedTables()
    {
        var touched = new List<Table>();
        var changed = (After.Relations as DictionaryHistory<QualifiedId, Relation>.Moment)?.ChangedSince(Before.Relations);
        foreach (var id in changed ?? After.Relations.Keys)
        {
            if (After.Relations.TryGetValue(id, out var after) && after is Table table
                && (!Before.Relations.TryGetValue(id, out var before) || !ReferenceEquals(before, table)))
                touched.Add(table);
        }
        touched.Sort(static (a, b) => CatalogLookup.CompareIds(a.Id, b.Id));
        return touched;
    }
}

/// <summary>Sees every statement before it is applied, with the catalog as it is then.</summary>
public interface IReplayObserver
{
    /// <summary>Called for each statement in order, those inside DO blocks and EXECUTE that could be evaluated included.</summary>
    void BeforeStatement(ReplayStep step);

    /// <summary>Called after it was applied.</summary>
    void AfterStatement(ReplayStep step);
}

/// <summary>One statement on its way into the catalog.</summary>
/// <param name="Script">Its file.</param>
/// <param name="Statement">The statement; offsets are those of the file (or of the EXECUTE that made it, see Origin).</param>
/// <param name="Catalog">The live state of the replay: before the statement in BeforeStatement, after it in AfterStatement. Do not keep it; keep the immutable objects in it.</param>
/// <param name="TransactionId">Equal for statements of one transaction; different for each statement that commits alone.</param>
/// <param name="Origin">Where the statement stands.</param>
/// <param name="IsConditional">Inside an IF, loop or handler whose running is not certain.</param>
public sealed record ReplayStep(Script Script, Statement Statement, ICatalog Catalog, int TransactionId, Origin Origin, bool IsConditional)
{
    /// <summary>A transaction is open: one that the file began, or the tool's around it.</summary>
    public bool IsInTransaction { get; init; }

    /// <summary>Who the statement runs as and what the session says of a user.</summary>
    public ReplaySession Session { get; init; } = ReplaySession.Fresh;

    /// <summary>The step with the catalog as it is now, to be looked at later.</summary>
    internal ReplayStep Keep() => Catalog is CatalogState state ? this with { Catalog = state.Snapshot() } : this;
}

/// <summary>What is known of the session that runs a statement.</summary>
/// <param name="ChosenRole">The role taken by SET ROLE or SET SESSION AUTHORIZATION; null: whoever runs the migrations.</param>
/// <param name="Settings">Settings of the project's own (`app.tenant_id`) that a statement before may have given a value, lower case.</param>
/// <param name="MayHoldAny">A statement before may have given any setting a value.</param>
public sealed record ReplaySession(string? ChosenRole, IReadOnlyCollection<string> Settings, bool MayHoldAny)
{
    /// <summary>As a session starts.</summary>
    public static ReplaySession Fresh { get; } = new(null, [], false);
}

/// <summary>What a statement did to the catalog.</summary>
public enum ChangeKind
{
    Created,
    Altered,
    Renamed,
    Dropped,
    RowSecurityChanged,
    Granted,
    Revoked,
}

/// <summary>One effect of a statement.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="ObjectKind">To what kind of object.</param>
/// <param name="Object">The object, or the table of a policy, index, trigger, column or constraint.</param>
/// <param name="Part">Name of the policy, index, trigger, column or constraint; empty for the object itself.</param>
/// <param name="Before">The relation, function or policy before; null where it is new.</param>
/// <param name="After">The same after; null where it is gone.</param>
/// <param name="Origin">The statement.</param>
/// <param name="TransactionId">As in <see cref="ReplayStep"/>.</param>
/// <param name="IsByCascade">A consequence of CASCADE, not named in the statement.</param>
public sealed record CatalogChange(
    ChangeKind Kind, ObjectKind ObjectKind, QualifiedId Object, string Part, object? Before, object? After, Origin Origin, int TransactionId, bool IsByCascade);

/// <summary>A statement that the replay could not follow.</summary>
/// <param name="Origin">The statement or the part of it.</param>
/// <param name="Message">What is not known, in words.</param>
/// <param name="IsError">PostgreSQL would refuse the statement at this point (relation does not exist, already exists).</param>
public sealed record ReplayIssue(Origin Origin, string Message, bool IsError)
{
    /// <summary>A bound of the replay was reached.</summary>
    public bool IsBudget { get; init; }
}

/// <summary>The end of a replay.</summary>
/// <param name="Catalog">The state after the last migration.</param>
/// <param name="Changes">All effects of the migrations, in order.</param>
/// <param name="Issues">What could not be followed.</param>
public sealed record ReplayResult(DatabaseCatalog Catalog, IReadOnlyList<CatalogChange> Changes, IReadOnlyList<ReplayIssue> Issues)
{
    /// <summary>The state after the rollback scripts, replayed one after the other on <see cref="Catalog"/>; null where there are none.</summary>
    public DatabaseCatalog? RolledBack { get; init; }

    /// <summary>The migrations that may change who reaches what, in order, each as a whole.</summary>
    public IReadOnlyList<ScriptEffect> Effects { get; init; } = [];

    /// <summary>What the rollback scripts did.</summary>
    public IReadOnlyList<CatalogChange> RollbackChanges { get; init; } = [];

    /// <summary>What rollbacks do not bring back, each run after the migrations that it belongs to (<see cref="RollbackReplay"/>).</summary>
    public IReadOnlyList<RollbackRemainder> RollbackRemainders { get; init; } = [];

    /// <summary>Each rollback with the catalog before its migrations and the one that it leaves behind them.</summary>
    public IReadOnlyList<ScriptEffect> RollbackEffects { get; init; } = [];
}

/// <summary>Applies statements in order to a catalog, as PostgreSQL would.</summary>
public static class CatalogReplay
{
    /// <summary>Replays the migrations; queries and rollbacks among the scripts are shown to the observer as their role says.</summary>
    /// <param name="scripts">In the order in which they are applied.</param>
    /// <param name="platform">plain or supabase: what the catalog is seeded with.</param>
    /// <param name="limits">Bounds of the evaluation of DO blocks.</param>
    /// <param name="observer">Sees each statement; null for none.</param>
    /// <param name="cancellation">Stops the replay.</param>
    public static ReplayResult Run(
        IReadOnlyList<Script> scripts, string platform, Analysis.AnalysisLimits limits, IReplayObserver? observer = null, CancellationToken cancellation = default)
    {
        var replayer = new Replayer(PlatformSeed.Start(platform), limits, observer, cancellation);
        var rollbacks = new List<Script>();
        var effects = new ScriptEffects(replayer);
        foreach (var script in scripts)
        {
            if (script.Role == ScriptRole.Migration)
                effects.Run(script);
            else if (script.Role == ScriptRole.Rollback)
                rollbacks.Add(script);
        }
        var context = replayer.Context;
        var end = context.State.Freeze();
        foreach (var script in scripts)
        {
            if (script.Role == ScriptRole.Query)
                replayer.Show(script);
        }
        var rolledBackChanges = new List<CatalogChange>();
        var rolledBack = rollbacks.Count == 0 ? null : replayer.RunRollbacks(rollbacks, rolledBackChanges);
        return new ReplayResult(end, context.Changes, context.Issues) { RolledBack = rolledBack, RollbackChanges = rolledBackChanges, Effects = effects.All };
    }

    /// <summary>Replays the migrations and keeps their end and their changes alone: nobody will ask what the catalog was around each of them.</summary>
    internal static ReplayResult RunMigrations(IReadOnlyList<Script> scripts, string platform, Analysis.AnalysisLimits limits, CancellationToken cancellation)
    {
        var replayer = new Replayer(PlatformSeed.Start(platform), limits, observer: null, cancellation);
        foreach (var script in scripts)
        {
            if (script.Role == ScriptRole.Migration)
                replayer.Run(script);
        }
        var context = replayer.Context;
        return new ReplayResult(context.State.Freeze(), context.Changes, context.Issues);
    }
}
