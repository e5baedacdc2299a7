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
using PolicyLint.CSharp.EntityFramework;
using PolicyLint.CSharp.Flow;
using PolicyLint.CSharp.Rules;
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
    private readonly QueryJudge _judge;
    private readonly AnalysisLimits _limits;
    private readonly Lazy<EntityModel?> _entities;
    private readonly ConcurrentDictionary<QualifiedId, bool> _guarded = new();

    public ProjectAnalysis(Compilation compilation, ICatalog catalog, Tenancy tenancy, PolicyLintOptions options, AnalysisLimits limits, CancellationToken cancellation = default)
    {
        Catalog = catalog;
        Tenancy = tenancy;
        Options = options;
        Code = new(compilation);
        Sinks = new(compilation, options);
        Origins = new(Code, options);
        Authorization = new(Code, cancellation);
        _limits = limits;
        _judge = new(catalog, tenancy, limits);
        _entities = new(() => EntityModel.Read(Code, catalog, tenancy, _judge, cancellation));
    }

    /// <summary>appsettings files and other texts beside the code that hold settings.</summary>
    public IReadOnlyList<SourceText> Settings { get; init; } = [];

    internal ICatalog Catalog { get; }

    internal Tenancy Tenancy { get; }

    internal PolicyLintOptions Options { get; }

    internal CodeBase Code { get; }

    internal SinkTable Sinks { get; }

    internal ValueOrigins Origins { get; }

    internal Authorization Authorization { get; }

    internal EntityModel? Entities => _entities.Value;

    /// <summary>The findings of one operation; empty where nothing at it concerns the database.</summary>
    public IReadOnlyList<SiteFinding> Check(IOperation operation, CancellationToken cancellation)
    {
        if (operation is not (IInvocationOperation or IObjectCreationOperation or ISimpleAssignmentOperation or IForEachLoopOperation or IConditionalOperation))
            return [];
        var findings = new List<SiteFinding>();
        var report = Reporter(findings);
        foreach (var rule in CSharpRuleCatalog.All)
        {
            if (rule is OperationRule operationRule && IsOn(rule))
                operationRule.Check(new(this, operation, report, cancellation));
        }
        if (Sinks.Find(operation) is { } call)
        {
            foreach (var text in TextsOf(call, cancellation))
                CheckText(call, text, report, cancellation);
        }
        foreach (var read in ReadsOf(operation, cancellation))
        {
            foreach (var rule in CSharpRuleCatalog.All)
            {
                if (rule is EntityQueryRule queryRule && IsOn(rule))
                    queryRule.Check(new(this, read, report, cancellation));
            }
        }
        return findings;
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

    /// <summary>What is known of an operation that runs SQL or a query; null where it runs none.</summary>
    public SiteCoverage? Cover(IOperation operation, CancellationToken cancellation)
    {
        if (Sinks.Find(operation) is { } call)
            return CoverText(call, cancellation);
        var reads = ReadsOf(operation, cancellation);
        if (reads.Count == 0)
            return null;
        var tally = new CoverageTally();
        foreach (var read in reads)
        {
            var isFiltered = read.IsFilteredByModel == true || read.Judgement.Verdict is Verdict.Proven;
            tally.Add(isFiltered, read.IsOpen, IsGuardedByRowSecurity(read.Entity.Table!, cancellation), read.Query.Undecided ?? "a filter of the model or of the query can't be read");
        }
        return tally.At(reads[0].Location);
    }

    /// <summary>A tenant table that the operation reads or writes; null where it does not.</summary>
    internal Table? TableAt(IOperation operation, CancellationToken cancellation)
    {
        if (Sinks.Find(operation) is { } call)
        {
            foreach (var text in TextsOf(call, cancellation))
            {
                foreach (var statement in Parse(call, text, cancellation).Statements)
                {
                    if (_judge.Judge(statement, cancellation) is [var first, ..])
                        return first.Table;
                }
            }
            return null;
        }
        return ReadsOf(operation, cancellation) is [var read, ..] ? read.Entity.Table : null;
    }

    /// <summary>The texts that a call may run, one for each path, as far as they are known.</summary>
    internal IReadOnlyList<SqlText> TextsOf(SqlCall call, CancellationToken cancellation)
    {
        var texts = new List<SqlText>();
        var entities = call.Operation is IInvocationOperation { TargetMethod.Name: "FromSql" or "FromSqlRaw" or "FromSqlInterpolated" } ? Entities : null;
        foreach (var value in new Evaluation(Code, entities, cancellation).ValuesAt(call.Sql))
        {
            if (value is FlowValue.Text { Sql: { Text.Length: > 0, IsOpaque: false } text })
                texts.Add(call.HasNumberedParameters ? text.WithNumberedParameters() : text);
        }
        return texts;
    }

    /// <summary>The tenant tables of a statement, judged; what a hole may turn is undecided.</summary>
    internal IReadOnlyList<TenantOccurrence> Judge(Statement statement, SqlText text, CancellationToken cancellation)
    {
        var occurrences = _judge.Judge(statement, cancellation);
        if (!HoleUses.In(statement, text).MayChangeMeaning)
            return occurrences;
        return [.. occurrences.Select(occurrence => occurrence.Verdict is Verdict.Refuted
            ? occurrence with { Verdict = new Verdict.Unknown(UnknownReason.UnsupportedSyntax, "a part of the text is not constant") }
            : occurrence)];
    }

    internal IReadOnlyList<EntityRead> ReadsOf(IOperation operation, CancellationToken cancellation)
    {
        var mayRead = operation is IForEachLoopOperation or IInvocationOperation { TargetMethod: { IsExtensionMethod: true } or { ContainingType.Name: "DbSet" } };
        return mayRead && Code.Compilation.GetTypeByMetadataName("Microsoft.EntityFrameworkCore.DbContext") is not null && Entities is { } entities
            ? EntityRead.Of(operation, new Evaluation(Code, entities, cancellation), _judge, cancellation)
            : [];
    }

    /// <summary>Row-level security is enabled and forced, and isolates for every role of the application.</summary>
    internal bool IsGuardedByRowSecurity(Table table, CancellationToken cancellation) => _guarded.GetOrAdd(table.Id, _ =>
    {
        if (table.RowSecurityEnabled is not { Value: true, IsKnown: true } || table.RowSecurityForced is not { Value: true, IsKnown: true })
            return false;
        var access = new AccessModel(Catalog, Tenancy, _limits, cancellation);
        foreach (var role in Tenancy.ApplicationRoles)
        {
            foreach (var command in new[] { PolicyCommand.Select, PolicyCommand.Update, PolicyCommand.Delete })
            {
                if (access.Isolates(table, command, role, PolicyClause.Using) is not Verdict.Proven)
                    return false;
            }
        }
        return true;
    });

    private static SyntaxTree Parse(SqlCall call, SqlText text, CancellationToken cancellation) =>
        SqlParser.Parse(new SourceText(text.Text, call.Sql.Syntax.SyntaxTree.FilePath), SqlParseOptions.DotNet, cancellation);

    private SiteCoverage CoverText(SqlCall call, CancellationToken cancellation)
    {
        var tally = new CoverageTally();
        var location = call.Sql.Syntax.GetLocation();
        var texts = TextsOf(call, cancellation);
        if (texts.Count == 0)
            return new(location, SiteAnswer.NotAnalysed, "its text is not constant");
        foreach (var text in texts)
        {
            var tree = Parse(call, text, cancellation);
            if (tree.Errors.Count > 0)
                return new(location, SiteAnswer.NotAnalysed, text.Holes.Count > 0 ? "a part of its text is not constant" : "it can't be read as PostgreSQL's SQL");
            foreach (var occurrence in tree.Statements.SelectMany(statement => Judge(statement, text, cancellation)))
            {
                tally.Add(
                    occurrence.Verdict is Verdict.Proven, occurrence.Verdict is Verdict.Refuted, IsGuardedByRowSecurity(occurrence.Table, cancellation),
                    occurrence.Verdict is Verdict.Unknown unknown ? unknown.Detail : "");
            }
        }
        return tally.At(location);
    }

    private void CheckText(SqlCall call, SqlText text, Action<CSharpRule, Location, string, string> report, CancellationToken cancellation)
    {
        var tree = Parse(call, text, cancellation);
        var context = new TextRuleContext(this, call, text, tree.Statements, tree.Errors, report, cancellation);
        foreach (var rule in CSharpRuleCatalog.All)
        {
            if (rule is TextRule textRule && IsOn(rule))
                textRule.Check(context);
        }
        foreach (var statement in tree.Statements)
        {
            var occurrences = Judge(statement, text, cancellation);
            if (EntitySql.IsFilteredOutside(call, Entities))
                occurrences = [.. occurrences.Where(occurrence => occurrence.Verdict is not Verdict.Refuted)];
            var site = new SiteRuleContext(context, statement, occurrences, report);
            foreach (var rule in CSharpRuleCatalog.All)
            {
                if (rule is SiteRule siteRule && IsOn(rule))
                    siteRule.Check(site);
            }
        }
    }

    private Action<CSharpRule, Location, string, string> Reporter(List<SiteFinding> findings) => (rule, location, message, table) =>
    {
        if (table.Length > 0 && Options.IsExempt(rule.Info.Id, table))
            return;
        foreach (var finding in findings)
        {
            if (finding.Rule.Id == rule.Info.Id && finding.Location.Equals(location))
                return;
        }
        findings.Add(new(rule.Info, SeverityOf(rule, table), location, message));
    };

    private Severity SeverityOf(CSharpRule rule, string table)
    {
        if (Options.Severities.TryGetValue(rule.Info.Id, out var configured))
            return configured;
        var dot = table.IndexOf('.');
        return rule.YieldsToRowSecurity && Options.CSharp.RelyOnRls && dot > 0
            && Catalog.Relations.TryGetValue(new(table.Substring(0, dot), table.Substring(dot + 1)), out var relation) && relation is Table guarded && IsGuardedByRowSecurity(guarded, default)
            ? Severity.Information
            : rule.Info.Severity;
    }

    private bool IsOn(CSharpRule rule) => !Options.Severities.TryGetValue(rule.Info.Id, out var severity) || severity != Severity.None;
}
