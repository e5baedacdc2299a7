using PolicyLint.Core.Access;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Catalog.Replay;
using PolicyLint.Core.Findings;
using PolicyLint.Core.Logic;
using PolicyLint.Core.Options;
using PolicyLint.Core.Rules;
using PolicyLint.Core.Rules.Tool;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Analysis;

/// <summary>Runs rules and gathers what they report: severities and exemptions applied, each rule guarded for itself.</summary>
internal sealed class RuleRun(PolicyLintOptions options, AnalysisLimits limits, KnownAnswers answers, CancellationToken cancellation) : IReplayObserver
{
    private readonly List<StatementRule> _statementRules = StatementRules(options);
    private readonly Dictionary<Type, List<StatementRule>> _rulesOfClass = [];
    private readonly List<(StatementRule Rule, ReplayStep Step)> _deferred = [];
    private readonly List<Finding> _findings = [];
    private readonly List<string> _internalErrors = [];
    private readonly HashSet<Finding> _reported = new(PlaceComparer.Instance);
    private FindingSink? _sink;

    public List<Finding> Findings => _findings;

    public IReadOnlyList<string> InternalErrors => _internalErrors;

    /// <summary>Number of findings that exemptions of the configuration took out.</summary>
    public int Exempted { get; private set; }

    /// <summary>Whose rows are whose; not known before all migrations are replayed.</summary>
    public Tenancy? Tenancy { get; set; }

    /// <summary>Where set, only findings at these places are kept.</summary>
    public Func<Location, bool>? Only { get; set; }

    /// <summary>A run that gathers for itself: what another thread reports is taken over when it has ended.</summary>
    public RuleRun Another() => new(options, limits, answers, cancellation) { Tenancy = Tenancy };

    /// <summary>Adds what another run has gathered, behind what is there.</summary>
    public void Take(RuleRun other)
    {
        _findings.AddRange(other._findings);
        _internalErrors.AddRange(other._internalErrors);
        _reported.UnionWith(other._reported);
        Exempted += other.Exempted;
    }

    public void CheckCatalog(ICatalog catalog, bool liveOnly)
    {
        var tenancy = Tenancy!;
        var context = new CatalogRuleContext(catalog, new AccessModel(catalog, tenancy, limits, cancellation) { Answers = answers }, options, tenancy, Report, cancellation);
        foreach (var rule in RuleCatalog.All)
        {
            if (rule is ICatalogCheck check && IsOn(rule.Info) && (!liveOnly || rule.Info.IsLive))
                Guard(rule, "the catalog", () => check.Check(context));
        }
    }

    /// <summary>Runs the rules over statements, but for those that ask whose rows a table holds: for them the step is kept.</summary>
    public void BeforeStatement(ReplayStep step)
    {
        StatementRuleContext? context = null;
        foreach (var rule in RulesFor(step.Statement))
        {
            if (rule.NeedsTenancy)
                _deferred.Add((rule, step.Keep()));
            else
                Check(rule, context ??= ContextOf(step));
        }
    }

    public void AfterStatement(ReplayStep step)
    {
    }

    /// <summary>Runs the rules over statements that waited for <see cref="Tenancy"/>.</summary>
    public void CheckDeferred()
    {
        foreach (var (rule, step) in _deferred)
            Check(rule, ContextOf(step));
        _deferred.Clear();
    }

    public void CheckMigrations(ReplayResult replay, IReadOnlyList<Script> scripts)
    {
        var context = new MigrationRuleContext(replay, scripts, options, Tenancy!, limits, answers, Report, cancellation);
        foreach (var rule in RuleCatalog.All)
        {
            if (rule is MigrationRule migrationRule && IsOn(rule.Info))
                Guard(rule, "the migrations", () => migrationRule.Check(context));
        }
    }

    /// <summary>Says of which rules there are more findings than are shown.</summary>
    public void ReportUnshown(List<Finding> findings)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var finding in findings)
        {
            counts.TryGetValue(finding.Rule.Id, out var count);
            counts[finding.Rule.Id] = count + 1;
        }
        var end = findings.Count;
        for (var i = 0; i < end; i++)
        {
            var finding = findings[i];
            if (counts[finding.Rule.Id] <= limits.FindingsPerRule)
                continue;
            var known = _findings.Count;
            Report(
                BudgetExceeded.Rule, finding.Location, "findings of " + finding.Rule.Id,
                $"The result is partial: {counts[finding.Rule.Id] - limits.FindingsPerRule} findings of {finding.Rule.Id} are not shown");
            counts[finding.Rule.Id] = 0;
            for (; known < _findings.Count; known++)
                findings.Add(_findings[known]);
        }
    }

    public void Report(Rule rule, Location location, string subject, string message) => Report(rule.Info, location, subject, message, [], null, null);

    private void Report(RuleInfo rule, Location location, string subject, string message, IReadOnlyList<RelatedLocation> related, string? witness, AccessWitness? access)
    {
        if (!IsOn(rule) || Only?.Invoke(location) == false)
            return;
        // The migrations are judged by themselves and again with the rollback behind them: one place is one finding.
        var finding = new Finding
        {
            Rule = rule,
            Severity = SeverityOf(rule),
            Message = message,
            Location = location,
            Related = related,
            Witness = witness,
            Access = access,
            Subject = subject,
        };
        if (!_reported.Add(finding))
            return;
        if (IsExempt(rule.Id, subject))
            Exempted++;
        else
            _findings.Add(finding);
    }

    private bool IsOn(RuleInfo rule) => SeverityOf(rule) != Severity.None;

    private Severity SeverityOf(RuleInfo rule) => SeverityOf(rule, options);

    private static Severity SeverityOf(RuleInfo rule, PolicyLintOptions options) => options.Severities.TryGetValue(rule.Id, out var severity) ? severity : rule.Severity;

    // A subject begins with the table's qualified name.
    private bool IsExempt(string ruleId, string subject)
    {
        var slash = subject.IndexOf('/');
        return options.IsExempt(ruleId, slash < 0 ? subject : subject.Substring(0, slash));
    }

    private StatementRuleContext ContextOf(ReplayStep step) => new(step, options, Tenancy, limits, answers, _sink ??= Report, cancellation);

    // Rules go by the class of a statement alone: they are asked once for each.
    private List<StatementRule> RulesFor(Statement statement)
    {
        if (!_rulesOfClass.TryGetValue(statement.GetType(), out var rules))
            _rulesOfClass.Add(statement.GetType(), rules = _statementRules.FindAll(rule => rule.Concerns(statement)));
        return rules;
    }

    private static List<StatementRule> StatementRules(PolicyLintOptions options)
    {
        var rules = new List<StatementRule>();
        foreach (var rule in RuleCatalog.All)
        {
            if (rule is StatementRule statementRule && SeverityOf(rule.Info, options) != Severity.None)
                rules.Add(statementRule);
        }
        return rules;
    }

    // Called for every statement: no closure.
    private void Check(StatementRule rule, StatementRuleContext context)
    {
        cancellation.ThrowIfCancellationRequested();
        try
        {
            rule.Check(context);
        }
#pragma warning disable CA1031 // As in Guard.
        catch (Exception e) when (e is not OperationCanceledException)
#pragma warning restore CA1031
        {
            NoteFailure(rule, context.Step.Script.Tree.Source.Path, e);
        }
    }

    // One rule that fails must not cost the others: it is said, with the rule and the place, and the run goes on.
    private void Guard(Rule rule, string where, Action check)
    {
        cancellation.ThrowIfCancellationRequested();
        try
        {
            check();
        }
#pragma warning disable CA1031 // Whatever a rule throws is a fault of that rule alone.
        catch (Exception e) when (e is not OperationCanceledException)
#pragma warning restore CA1031
        {
            NoteFailure(rule, where, e);
        }
    }

    private void NoteFailure(Rule rule, string where, Exception e) => _internalErrors.Add($"{rule.Info.Id} failed on {where}: {e.GetType().Name}: {e.Message}");

    private sealed class PlaceComparer : IEqualityComparer<Finding>
    {
        public static PlaceComparer Instance { get; } = new();

        public bool Equals(Finding? x, Finding? y) =>
            ReferenceEquals(x, y)
            || (x is not null && y is not null && x.Location.Span.Start == y.Location.Span.Start && x.Rule.Id == y.Rule.Id && x.Subject == y.Subject && x.Location.Path == y.Location.Path);

        public int GetHashCode(Finding obj) => unchecked((StringComparer.Ordinal.GetHashCode(obj.Subject) * 31) + obj.Location.Span.Start);
    }
}
