using Microsoft.CodeAnalysis;
using PolicyLint.Core.Access;
using PolicyLint.Core.Rules;
using PolicyLint.CSharp.Binding;
using PolicyLint.CSharp.EntityFramework;
using PolicyLint.CSharp.Fixes;
using PolicyLint.CSharp.Sinks;
using PolicyLint.CSharp.Text;
using PolicyLint.Sql.Text;
using PolicyLint.Sql.Tree;

namespace PolicyLint.CSharp.Rules;

/// <summary>A rule over C#. It holds no state.</summary>
public abstract class CSharpRule : Rule
{
    /// <summary>What it reports is information only where row-level security is enforced, isolates, and the project relies on it (`csharp.rely-on-rls`).</summary>
    public virtual bool YieldsToRowSecurity => false;
}

/// <summary>A rule over the SQL that a place in C# runs.</summary>
public abstract class SiteRule : CSharpRule
{
    /// <summary>Reports what is wrong with the statement.</summary>
    public abstract void Check(SiteRuleContext context);
}

/// <summary>A rule over the text that a place in C# runs on one path, whether it can be read as SQL or not.</summary>
public abstract class TextRule : CSharpRule
{
    /// <summary>Reports what is wrong with the text.</summary>
    public abstract void Check(TextRuleContext context);
}

/// <summary>A rule over each query of EF Core on a tenant entity, where its result is taken.</summary>
public abstract class EntityQueryRule : CSharpRule
{
    /// <summary>Reports what is wrong with the query.</summary>
    public abstract void Check(EntityQueryContext context);
}

/// <summary>A rule over single operations.</summary>
public abstract class OperationRule : CSharpRule
{
    /// <summary>Whether the project can have what the rule is about, by what it refers to.</summary>
    internal virtual bool IsOfConcern(Compilation compilation) => true;

    /// <summary>Whether it looks at nothing but operations that run SQL or a query.</summary>
    internal virtual bool IsOfSites => false;

    /// <summary>Reports what is wrong with the operation.</summary>
    public abstract void Check(OperationRuleContext context);
}

/// <summary>A rule over the project as a whole, at the end of the compilation.</summary>
public abstract class ProjectRule : CSharpRule
{
    /// <summary>It reports in settings files, too.</summary>
    internal virtual bool ReadsSettings => false;

    /// <summary>Reports what is wrong in the project.</summary>
    public abstract void Check(ProjectRuleContext context);
}

/// <summary>Takes what a rule finds.</summary>
internal delegate void SiteReport(CSharpRule rule, Location location, string message, string table, SiteFix? fix, bool isCertain);

/// <summary>What every context offers.</summary>
public abstract class CSharpRuleContext
{
    private readonly SiteReport _report;

    internal CSharpRuleContext(ProjectAnalysis project, SiteReport report, CancellationToken cancellation)
    {
        Project = project;
        _report = report;
        Cancellation = cancellation;
    }

    public CancellationToken Cancellation { get; }

    internal ProjectAnalysis Project { get; }

    /// <summary>Reports a finding.</summary>
    /// <param name="rule">The rule that reports.</param>
    /// <param name="location">Where.</param>
    /// <param name="message">One clause.</param>
    /// <param name="table">`schema.table` for exemptions; empty where it is about none.</param>
    /// <param name="fix">How the code can be made right, where that is known.</param>
    /// <param name="isCertain">Otherwise it is information: it rests on what the rule could not see.</param>
    public void Report(CSharpRule rule, Location location, string message, string table = "", SiteFix? fix = null, bool isCertain = true) => _report(rule, location, message, table, fix, isCertain);
}

/// <summary>One text of a place in C#.</summary>
public class TextRuleContext : CSharpRuleContext
{
    private readonly Lazy<ParameterBindings> _bindings;

    internal TextRuleContext(ProjectAnalysis project, SqlCall call, SqlText text, IReadOnlyList<Statement> statements, IReadOnlyList<Sql.SyntaxError> errors, SiteReport report, CancellationToken cancellation)
        : base(project, report, cancellation)
    {
        Call = call;
        Text = text;
        Statements = statements;
        Errors = errors;
        _bindings = new(() => ParameterBindings.Of(call, text));
    }

    private protected TextRuleContext(TextRuleContext other, SiteReport report)
        : base(other.Project, report, other.Cancellation) =>
        (Call, Text, Statements, Errors, _bindings) = (other.Call, other.Text, other.Statements, other.Errors, other._bindings);

    /// <summary>The text, with its places.</summary>
    public SqlText Text { get; }

    /// <summary>Its statements.</summary>
    public IReadOnlyList<Statement> Statements { get; }

    /// <summary>What could not be read.</summary>
    public IReadOnlyList<Sql.SyntaxError> Errors { get; }

    internal SqlCall Call { get; }

    internal ParameterBindings Bindings => _bindings.Value;

    /// <summary>Reports a finding at a part of the SQL.</summary>
    public void Report(CSharpRule rule, TextSpan span, string message, string table = "", SiteFix? fix = null, bool isCertain = true) =>
        Report(rule, Text.Locate(span.Start, span.End), message, table, fix, isCertain);
}

/// <summary>One statement of a place in C#.</summary>
public sealed class SiteRuleContext : TextRuleContext
{
    internal SiteRuleContext(TextRuleContext text, Statement statement, IReadOnlyList<TenantOccurrence> occurrences, SiteReport report)
        : base(text, report)
    {
        Statement = statement;
        Occurrences = occurrences;
    }

    public Statement Statement { get; }

    /// <summary>The tenant tables in it, judged.</summary>
    public IReadOnlyList<TenantOccurrence> Occurrences { get; }
}

/// <summary>One query of EF Core on one path.</summary>
public sealed class EntityQueryContext : CSharpRuleContext
{
    internal EntityQueryContext(ProjectAnalysis project, EntityRead read, IReadOnlyList<EntityRead> paths, SiteReport report, CancellationToken cancellation)
        : base(project, report, cancellation) => (Read, Paths) = (read, paths);

    internal EntityRead Read { get; }

    /// <summary>The same read on all paths that lead to it.</summary>
    internal IReadOnlyList<EntityRead> Paths { get; }
}

/// <summary>One operation.</summary>
public sealed class OperationRuleContext : CSharpRuleContext
{
    internal OperationRuleContext(ProjectAnalysis project, IOperation operation, SiteReport report, CancellationToken cancellation)
        : base(project, report, cancellation) => Operation = operation;

    public IOperation Operation { get; }
}

/// <summary>The project.</summary>
public sealed class ProjectRuleContext : CSharpRuleContext
{
    internal ProjectRuleContext(ProjectAnalysis project, SiteReport report, CancellationToken cancellation)
        : base(project, report, cancellation)
    {
    }
}
