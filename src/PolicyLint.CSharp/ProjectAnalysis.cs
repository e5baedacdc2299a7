using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PolicyLint.Core.Access;
using PolicyLint.Core.Analysis;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Findings;
using PolicyLint.Core.Logic;
using PolicyLint.Core.Options;
using PolicyLint.CSharp.Binding;
using PolicyLint.CSharp.Connections;
using PolicyLint.CSharp.EntityFramework;
using PolicyLint.CSharp.Flow;
using PolicyLint.CSharp.Rules;
using PolicyLint.CSharp.Rules.Conventions;
using PolicyLint.CSharp.Settings;
using PolicyLint.CSharp.Sinks;
using PolicyLint.CSharp.Text;
using PolicyLint.Sql;
using PolicyLint.Sql.Text;
using PolicyLint.Sql.Tree;
using Location = Microsoft.CodeAnalysis.Location;
using SyntaxTree = PolicyLint.Sql.SyntaxTree;

namespace PolicyLint.CSharp;

/// <summary>Judges the data access of a compilation with the catalog in hand. One instance serves all threads.</summary>
public sealed class ProjectAnalysis
{
    private readonly object _entityLock = new();
    private readonly Lazy<PoolBehaviour> _pools;
    private readonly Lazy<TenantContext> _tenantContext;
    private readonly Lazy<ScopedBase?> _scopedBase;
    private readonly Lazy<Implementations> _implementations;
    private readonly ConcurrentDictionary<(SyntaxNode, OperationKind), Site> _sites = new();
    private readonly bool _hasEntityFramework;
    private EntityModel? _entities;
    private volatile bool _areEntitiesRead;
    private readonly OperationRule[] _operationRules;
    private readonly TextRule[] _textRules;
    private readonly SiteRule[] _siteRules;
    private readonly EntityQueryRule[] _queryRules;

    /// <summary>Judges a compilation.</summary>
    /// <param name="compilation">The compilation.</param>
    /// <param name="database">The catalog.</param>
    /// <param name="options">The configuration.</param>
    /// <param name="outlines">What is known already of the files; null: nothing.</param>
    public ProjectAnalysis(Compilation compilation, JudgedDatabase database, PolicyLintOptions options, SourceOutlines? outlines = null)
    {
        Database = database;
        Options = options;
        Code = new(compilation, outlines ?? new());
        Sinks = new(Code, options);
        Origins = new(Code, options);
        Authorization = new(Code);
        _hasEntityFramework = compilation.GetTypeByMetadataName("Microsoft.EntityFrameworkCore.DbContext") is not null;
        _pools = new(() => PoolBehaviour.Read(Settings, Code, default));
        _tenantContext = new(() => TenantContext.Read(this, default));
        _implementations = new(() => new(Code, default));
        Reach = new(this);
        _scopedBase = new(() => ScopedBase.Find(this, default));
        _operationRules = [.. RulesOf<OperationRule>().Where(rule => rule.IsOfConcern(compilation))];
        _textRules = RulesOf<TextRule>();
        _siteRules = RulesOf<SiteRule>();
        _queryRules = RulesOf<EntityQueryRule>();
    }

    public ProjectAnalysis(Compilation compilation, ICatalog catalog, Tenancy tenancy, PolicyLintOptions options, AnalysisLimits limits)
        : this(compilation, new JudgedDatabase(catalog, tenancy, limits), options)
    {
    }

    /// <summary>appsettings files and other texts beside the code that hold settings.</summary>
    public IReadOnlyList<SourceText> Settings { get; init; } = [];

    internal JudgedDatabase Database { get; }

    internal ICatalog Catalog => Database.Catalog;

    internal Tenancy Tenancy => Database.Tenancy;

    internal PolicyLintOptions Options { get; }

    internal CodeBase Code { get; }

    internal SinkTable Sinks { get; }

    internal ValueOrigins Origins { get; }

    internal Authorization Authorization { get; }

    internal EntityModel? Entities => EntitiesRead(default);

    internal PoolBehaviour Pools => _pools.Value;

    internal TenantContext TenantContext => _tenantContext.Value;

    internal ScopedBase? ScopedBase => _scopedBase.Value;

    internal Implementations Implementations => _implementations.Value;

    internal TenantReach Reach { get; }

    /// <summary>What one operation comes to; nothing where it does not concern the database.</summary>
    public SiteJudgement Judge(IOperation operation, CancellationToken cancellation)
    {
        if (operation is not (IInvocationOperation or IObjectCreationOperation or ISimpleAssignmentOperation or IForEachLoopOperation or IConditionalOperation))
            return SiteJudgement.None;
        var site = SiteOf(operation, cancellation);
        var findings = Check(operation, site, cancellation);
        var coverage = site.Cover(Database, cancellation);
        return findings.Count == 0 && coverage is null ? SiteJudgement.None : new(findings, coverage);
    }

    /// <summary>The findings about the project as a whole: what no single call shows.</summary>
    public IReadOnlyList<SiteFinding> CheckProject(CancellationToken cancellation)
    {
        var findings = new List<SiteFinding>();
        var report = Reporter(findings);
        foreach (var rule in CSharpRuleCatalog.All)
        {
            if (rule is ProjectRule projectRule && IsOn(rule))
                projectRule.Check(new(this, report, cancellation));
        }
        return findings;
    }

    /// <summary>A tenant table that the operation reads or writes; null where it does not.</summary>
    internal Table? TableAt(IOperation operation, CancellationToken cancellation)
    {
        var site = SiteOf(operation, cancellation);
        foreach (var text in site.Texts)
        {
            foreach (var occurrences in text.Occurrences)
            {
                if (occurrences is [var first, ..])
                    return first.Table;
            }
        }
        return site.Reads is [var read, ..] ? read.Entity.Table : null;
    }

    /// <summary>What the operation has to do with the database.</summary>
    internal Site SiteOf(IOperation operation, CancellationToken cancellation)
    {
        var call = Sinks.Find(operation);
        var query = call is null && MayRead(operation) ? EntityRead.SourceOf(operation) : null;
        if (call is null ? query is null : IsCopy(call.Sql))
            return Site.None;
        if (_sites.TryGetValue((operation.Syntax, operation.Kind), out var known))
            return known;
        var site = call is not null ? ReadTexts(call, cancellation) : EntitiesRead(cancellation) is { } entities ? ReadQuery(operation, query!, entities, cancellation) : Site.None;
        return _sites.GetOrAdd((operation.Syntax, operation.Kind), site);
    }

    /// <inheritdoc cref="JudgedDatabase.IsGuardedByRowSecurity"/>
    internal bool IsGuardedByRowSecurity(Table table, CancellationToken cancellation) => Database.IsGuardedByRowSecurity(table, cancellation);

    private List<SiteFinding> Check(IOperation operation, Site site, CancellationToken cancellation)
    {
        var findings = new List<SiteFinding>();
        var report = Reporter(findings);
        var context = new OperationRuleContext(this, operation, report, cancellation);
        foreach (var rule in _operationRules)
        {
            if (!rule.IsOfSites || site.Texts.Count > 0 || site.Reads.Count > 0)
                rule.Check(context);
        }
        foreach (var text in site.Texts)
            CheckText(site.Call!, text, report, cancellation);
        foreach (var read in site.Reads)
        {
            foreach (var rule in _queryRules)
                rule.Check(new(this, read, site.Reads, report, cancellation));
        }
        return findings;
    }

    private EntityModel? EntitiesRead(CancellationToken cancellation)
    {
        if (_areEntitiesRead)
            return _entities;
        lock (_entityLock)
        {
            // Who is cancelled leaves it to the next: the compilation may outlive the question.
            if (!_areEntitiesRead)
                _entities = EntityModel.Read(Code, Database, cancellation);
            _areEntitiesRead = true;
            return _entities;
        }
    }

    // The text of another command was judged where that one got it.
    private static bool IsCopy(IOperation sql) => sql is IPropertyReferenceOperation { Property.Name: "CommandText", Instance: not null };

    private bool MayRead(IOperation operation) =>
        _hasEntityFramework && operation is IForEachLoopOperation or IInvocationOperation { TargetMethod: { IsExtensionMethod: true } or { ContainingType.Name: "DbSet" or "EF" } };

    private Site ReadQuery(IOperation operation, IOperation query, EntityModel entities, CancellationToken cancellation)
    {
        var reads = EntityRead.Of(operation, query, new Evaluation(Code, entities, cancellation), entities, Database, out var unread, cancellation);
        return new() { Query = operation.Syntax, Reads = reads, Unread = unread };
    }

    private Site ReadTexts(SqlCall call, CancellationToken cancellation)
    {
        var texts = new List<SiteText>();
        var unread = "";
        var isQueried = call.Operation is IInvocationOperation { TargetMethod.Name: "FromSql" or "FromSqlRaw" or "FromSqlInterpolated" };
        var around = isQueried ? EntitySql.Around(call, Entities, () => new(Code, Entities, cancellation), Database, cancellation) : OuterCondition.None;
        foreach (var value in new Evaluation(Code, isQueried ? Entities : null, cancellation).ValuesAt(call.Sql))
        {
            switch (value)
            {
                case FlowValue.Text { Sql: { IsOpaque: true, Holes: [var hole, ..] } }:
                    unread = hole.Reason;
                    break;
                case FlowValue.Text { Sql: { Text.Length: > 0 } text }:
                    texts.Add(NamedRows.Of(SiteText.Of(call.HasNumberedParameters ? text.WithNumberedParameters() : text, around, Database, cancellation), call, Code, cancellation));
                    break;
                case FlowValue.Opaque opaque:
                    unread = opaque.Reason;
                    break;
            }
        }
        return new() { Call = call, Texts = texts, Unread = unread };
    }

    private void CheckText(SqlCall call, SiteText text, SiteReport report, CancellationToken cancellation)
    {
        var tree = text.Sql.Tree;
        var context = new TextRuleContext(this, call, text.Text, tree.Statements, tree.Errors, report, cancellation);
        foreach (var rule in _textRules)
            rule.Check(context);
        for (var i = 0; i < tree.Statements.Count; i++)
        {
            var site = new SiteRuleContext(context, tree.Statements[i], text.Occurrences[i], report);
            foreach (var rule in _siteRules)
                rule.Check(site);
        }
    }

    private TRule[] RulesOf<TRule>() where TRule : CSharpRule => [.. CSharpRuleCatalog.Running.OfType<TRule>().Where(IsOn)];

    private SiteReport Reporter(List<SiteFinding> findings) => (rule, location, message, table, fix, isCertain) =>
    {
        if (table.Length > 0 && Options.IsExempt(rule.Info.Id, table))
            return;
        foreach (var finding in findings)
        {
            if (finding.Rule.Id == rule.Info.Id && finding.Location.Equals(location))
                return;
        }
        findings.Add(new(rule.Info, SeverityOf(rule, table, isCertain), location, message) { Table = table, Fix = fix });
    };

    private Severity SeverityOf(CSharpRule rule, string table, bool isCertain)
    {
        if (Options.Severities.TryGetValue(rule.Info.Id, out var configured))
            return configured;
        if (!isCertain)
            return Severity.Information;
        var dot = table.IndexOf('.');
        return rule.YieldsToRowSecurity && Options.CSharp.RelyOnRls && dot > 0
            && Catalog.Relations.TryGetValue(new(table.Substring(0, dot), table.Substring(dot + 1)), out var relation) && relation is Table guarded && IsGuardedByRowSecurity(guarded, default)
            ? Severity.Information
            : rule.Info.Severity;
    }

    private bool IsOn(CSharpRule rule) => !Options.Severities.TryGetValue(rule.Info.Id, out var severity) || severity != Severity.None;
}
