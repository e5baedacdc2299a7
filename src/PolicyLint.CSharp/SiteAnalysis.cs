using Microsoft.CodeAnalysis;
using PolicyLint.Core.Access;
using PolicyLint.Core.Analysis;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Findings;
using PolicyLint.Core.Options;
using PolicyLint.Core.Rules;
using PolicyLint.CSharp.Rules;
using PolicyLint.CSharp.Sinks;
using PolicyLint.CSharp.Text;
using PolicyLint.Sql;
using PolicyLint.Sql.Text;

namespace PolicyLint.CSharp;

/// <summary>What a place in C# has to say.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Severity">Its severity in this project.</param>
/// <param name="Location">The characters inside the literal, or the expression that stands for them.</param>
/// <param name="Message">One clause.</param>
public sealed record SiteFinding(RuleInfo Rule, Severity Severity, Microsoft.CodeAnalysis.Location Location, string Message);

/// <summary>Judges the SQL of places in C# with the catalog in hand. One instance serves all threads.</summary>
public sealed class SiteAnalysis(ICatalog catalog, Tenancy tenancy, PolicyLintOptions options, AnalysisLimits limits)
{
    private readonly QueryJudge _judge = new(catalog, tenancy, limits);

    /// <summary>The findings of one operation; empty where it runs no SQL, or SQL whose text is not known.</summary>
    public IReadOnlyList<SiteFinding> Check(IOperation operation, CancellationToken cancellation)
    {
        if (operation.SemanticModel is not { } model || SqlSinkFinder.FindSql(operation) is not { } expression)
            return [];
        if (SqlTextResolver.Resolve(expression, model, out _, cancellation) is not { } text)
            return [];
        var source = new SourceText(text.Text, expression.SyntaxTree.FilePath);
        var findings = new List<SiteFinding>();
        foreach (var statement in SqlParser.Parse(source, SqlParseOptions.DotNet, cancellation).Statements)
        {
            var occurrences = _judge.Judge(statement, cancellation);
            foreach (var rule in CSharpRuleCatalog.All)
            {
                var severity = options.Severities.TryGetValue(rule.Info.Id, out var configured) ? configured : rule.Info.Severity;
                if (severity == Severity.None)
                    continue;
                rule.Check(new(statement, NotExempt(occurrences, rule.Info.Id), (info, span, message) =>
                    findings.Add(new(info, severity, text.Locate(span.Start, span.End), message))));
            }
        }
        return findings;
    }

    private List<TenantOccurrence> NotExempt(IReadOnlyList<TenantOccurrence> occurrences, string ruleId)
    {
        var kept = new List<TenantOccurrence>();
        foreach (var occurrence in occurrences)
        {
            if (!options.IsExempt(ruleId, occurrence.Table.Id.ToString()))
                kept.Add(occurrence);
        }
        return kept;
    }
}
