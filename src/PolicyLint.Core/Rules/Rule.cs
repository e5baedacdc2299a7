using PolicyLint.Core.Access;
using PolicyLint.Core.Analysis;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Catalog.Replay;
using PolicyLint.Core.Findings;
using PolicyLint.Core.Logic;
using PolicyLint.Core.Options;
using PolicyLint.Sql.Text;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Rules;

/// <summary>A rule is one file: what it says of itself, two examples that run as tests, and the check. It holds no state.</summary>
public abstract class Rule
{
    /// <summary>All that is said about the rule.</summary>
    public abstract RuleInfo Info { get; }
}

/// <summary>What looks at the catalog. A rule over statements has it where functions hold statements of their own, which run later.</summary>
public interface ICatalogCheck
{
    /// <summary>Reports what is wrong in the catalog.</summary>
    void Check(CatalogRuleContext context);
}

/// <summary>A rule over the catalog at the end of the migrations, or of a live database where <see cref="RuleInfo.IsLive"/>.</summary>
public abstract class CatalogRule : Rule, ICatalogCheck
{
    /// <inheritdoc/>
    public abstract void Check(CatalogRuleContext context);
}

/// <summary>A rule over each statement, with the catalog as it is just before the statement runs.</summary>
public abstract class StatementRule : Rule
{
    /// <summary>Whether the rule has anything to say about statements of this kind. Asked once for each class of statements: nothing but the class is to be looked at.</summary>
    public virtual bool Concerns(Statement statement) => true;

    /// <summary>
    /// The rule asks for <see cref="RuleContext.Tenancy"/>, which is known when all statements are replayed: until then what it concerns is kept,
    /// with the catalog as it was.
    /// </summary>
    public virtual bool NeedsTenancy => false;

    /// <summary>Reports what is wrong with the statement.</summary>
    public abstract void Check(StatementRuleContext context);
}

/// <summary>A rule over the whole course of the migrations: their changes in order.</summary>
public abstract class MigrationRule : Rule
{
    /// <summary>Reports what is wrong in the course of the migrations.</summary>
    public abstract void Check(MigrationRuleContext context);
}

/// <summary>A rule about the analysis itself: the engine reports it where it comes upon it.</summary>
public abstract class ToolRule : Rule;

/// <summary>Takes what a rule reports.</summary>
/// <param name="rule">The rule that reports.</param>
/// <param name="location">Where.</param>
/// <param name="subject">What it is about, see <see cref="Finding.Subject"/>.</param>
/// <param name="message">One clause, no final dot.</param>
/// <param name="related">Places that explain it.</param>
/// <param name="witness">A row and a session, in words; null where there is none.</param>
/// <param name="access">The same for a server to confirm; null where there is none.</param>
public delegate void FindingSink(RuleInfo rule, Location location, string subject, string message, IReadOnlyList<RelatedLocation> related, string? witness, AccessWitness? access);

/// <summary>What every context offers.</summary>
public abstract class RuleContext(PolicyLintOptions options, Tenancy? tenancy, FindingSink report, CancellationToken cancellation)
{
    public PolicyLintOptions Options { get; } = options;

    /// <summary>Which columns say whose a row is, configured or inferred. A rule over statements says that it needs it.</summary>
    public Tenancy Tenancy => tenancy ?? throw new InvalidOperationException("Tenancy is not known before the end of the replay: override NeedsTenancy.");

    /// <summary>The same; null before it is known.</summary>
    private protected Tenancy? KnownTenancy => tenancy;

    /// <summary>How often something was reported.</summary>
    private protected int Reports { get; private set; }

    public CancellationToken Cancellation { get; } = cancellation;

    /// <summary>Reports a finding.</summary>
    /// <param name="rule">The rule that reports.</param>
    /// <param name="location">Where.</param>
    /// <param name="subject">What it is about, see <see cref="Finding.Subject"/>.</param>
    /// <param name="message">One clause, no final dot.</param>
    /// <param name="related">Places that explain it.</param>
    /// <param name="witness">A row and a session, in words.</param>
    public void Report(Rule rule, Location location, string subject, string message, IReadOnlyList<RelatedLocation>? related = null, string? witness = null)
    {
        Reports++;
        report(rule.Info, location, subject, message, related ?? [], witness, null);
    }

    /// <summary>Reports a finding with a witness that a server can confirm.</summary>
    public void Report(Rule rule, Location location, string subject, string message, AccessWitness witness, IReadOnlyList<RelatedLocation>? related = null)
    {
        Reports++;
        report(rule.Info, location, subject, message, related ?? [], witness.ToString(), witness);
    }
}

/// <summary>For <see cref="CatalogRule"/>.</summary>
public sealed class CatalogRuleContext(
    ICatalog catalog, AccessModel access, PolicyLintOptions options, Tenancy tenancy,
    FindingSink report, CancellationToken cancellation)
    : RuleContext(options, tenancy, report, cancellation)
{
    private IReadOnlyList<Table>? _tables;
    private List<Table>? _knownTables;
    private DecidingColumns? _deciding;

    public ICatalog Catalog { get; } = catalog;

    /// <summary>Who reaches what, decided.</summary>
    public AccessModel Access { get; } = access;

    /// <summary>What is wrong with each policy, found once for all rules.</summary>
    internal PolicyFaults Faults { get; } = new(catalog, access, tenancy);

    /// <summary>Which tables differ in their names alone.</summary>
    internal LikeTables Alike { get; } = new(catalog, tenancy);

    /// <summary>The columns by which policies decide what a user may do.</summary>
    internal DecidingColumns Deciding => _deciding ??= new(Catalog, FirstOfEachKind(Tables));

    /// <summary>All tables in order of their names.</summary>
    public IReadOnlyList<Table> Tables => _tables ??= Catalog.TablesInOrder();

    /// <summary>
    /// The project's own tables in order of their names, without those of which something is not known: assumed, touched by a statement
    /// that could not be read, or temporary.
    /// </summary>
    public IReadOnlyList<Table> KnownTables
    {
        get
        {
            if (_knownTables is not null)
                return _knownTables;
            _knownTables = [];
            foreach (var table in Tables)
            {
                if (!table.IsForeignOwned && !table.IsAssumed && table.Taints.Count == 0 && table.Persistence != Persistence.Temporary)
                    _knownTables.Add(table);
            }
            return _knownTables;
        }
    }

    /// <summary>
    /// Checks table by table, and leaves out what is like a table of which there was nothing to report. For what looks at the table and its policies,
    /// and at nothing that the catalog says of it elsewhere.
    /// </summary>
    internal void CheckEach(IReadOnlyList<Table> tables, Action<Table> check)
    {
        var silent = new HashSet<object>();
        foreach (var table in tables)
        {
            var kind = Alike.KindOf(table);
            if (kind is not null && silent.Contains(kind))
                continue;
            var before = Reports;
            check(table);
            if (kind is not null && Reports == before)
                silent.Add(kind);
        }
    }

    /// <summary>The tables without those that are like one before them: for what policies say, whichever table they are of.</summary>
    internal IEnumerable<Table> FirstOfEachKind(IReadOnlyList<Table> tables)
    {
        var kinds = new HashSet<object>();
        foreach (var table in tables)
        {
            if (Alike.KindOf(table) is not { } kind || kinds.Add(kind))
                yield return table;
        }
    }

    /// <summary>The same policy by policy: of a table that is like another, only those are checked of which there was something to report.</summary>
    internal void CheckEachPolicy(IReadOnlyList<Table> tables, Action<Table, Policy> check)
    {
        var reported = new Dictionary<object, List<int>>();
        foreach (var table in tables)
        {
            if (table.Policies.Count == 0)
                continue;
            if (Alike.KindOf(table) is { } kind)
            {
                if (reported.TryGetValue(kind, out var policies))
                {
                    foreach (var policy in policies)
                        check(table, table.Policies[policy]);
                    continue;
                }
                reported.Add(kind, policies = []);
                for (var i = 0; i < table.Policies.Count; i++)
                {
                    var before = Reports;
                    check(table, table.Policies[i]);
                    if (Reports > before)
                        policies.Add(i);
                }
                continue;
            }
            foreach (var policy in table.Policies)
                check(table, policy);
        }
    }
}

/// <summary>For <see cref="StatementRule"/>.</summary>
public sealed class StatementRuleContext(
    ReplayStep step, PolicyLintOptions options, Tenancy? tenancy, AnalysisLimits limits, KnownAnswers answers,
    FindingSink report, CancellationToken cancellation)
    : RuleContext(options, tenancy, report, cancellation)
{
    public ReplayStep Step { get; } = step;

    public Statement Statement => Step.Statement;

    /// <summary>The catalog just before the statement.</summary>
    public ICatalog Catalog => Step.Catalog;

    /// <summary>Who reaches what at that point.</summary>
    public AccessModel Access => new(Step.Catalog, KnownTenancy, limits, Cancellation) { Answers = answers };

    /// <summary>The statement stands in the file itself and not in a DO block, where names may be variables.</summary>
    public bool IsTopLevel
    {
        get
        {
            var statements = Step.Script.Tree.Statements;
            int low = 0, high = statements.Count - 1;
            while (low <= high)
            {
                var middle = (low + high) / 2;
                if (ReferenceEquals(statements[middle], Statement))
                    return true;
                if (statements[middle].Start < Statement.Start)
                    low = middle + 1;
                else
                    high = middle - 1;
            }
            return false;
        }
    }

    /// <summary>A place in the statement's text.</summary>
    public Location At(TextSpan span) => new(Step.Origin.Source, span);
}

/// <summary>For <see cref="MigrationRule"/>.</summary>
public sealed class MigrationRuleContext(
    ReplayResult replay, IReadOnlyList<Script> scripts, PolicyLintOptions options, Tenancy tenancy, AnalysisLimits limits, KnownAnswers answers,
    FindingSink report, CancellationToken cancellation)
    : RuleContext(options, tenancy, report, cancellation)
{
    private AccessHistory? _access;

    public ReplayResult Replay { get; } = replay;

    public IReadOnlyList<Script> Scripts { get; } = scripts;

    /// <summary>Bounds of the work.</summary>
    public AnalysisLimits Limits { get; } = limits;

    /// <summary>Answers of the prover, shared by all rules.</summary>
    public KnownAnswers Answers { get; } = answers;

    /// <summary>Who reaches what before and after each migration; made when the first rule asks.</summary>
    internal AccessHistory Access => _access ??= new(Replay, Tenancy, Limits, Answers, Cancellation);
}
