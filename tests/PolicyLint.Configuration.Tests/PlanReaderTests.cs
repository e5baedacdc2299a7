using PolicyLint.Core.Catalog;
using PolicyLint.Core.Verification;
using PolicyLint.Sql.Text;

namespace PolicyLint.Configuration.Tests;

public sealed class PlanReaderTests
{
    private static PlanResult Read(string yaml) => PlanReader.Read(new SourceText(yaml, "plan.yml"));

    [Fact]
    public void Every_target_is_an_expectation_at_its_own_place()
    {
        const string yaml = "after:\n  - rls: [goals, \"\\\"Odd name\\\".t\"]\n    forced: true\n    reason: on purpose\n";
        var result = Read(yaml);

        Assert.Empty(result.Errors);
        Assert.Collection(
            result.Plan.After,
            first => Assert.Equal((new QualifiedId("public", "goals"), true, "on purpose", "goals"), Parts(first)),
            second => Assert.Equal((new QualifiedId("Odd name", "t"), true, "on purpose", "\"\\\"Odd name\\\".t\""), Parts(second)));

        (QualifiedId, bool?, string, string) Parts(Expectation expectation) =>
            (((RlsExpected)expectation).Table, ((RlsExpected)expectation).Forced, expectation.Reason, yaml.Substring(expectation.Span.Start, expectation.Span.Length));
    }

    // One row an error: the plan, the text at the error's place, what it must say.
    [Theory]
    [InlineData("aftr: []", "aftr", "did you mean `after`?")]
    [InlineData("after: [rls]", "rls", "begins with its kind")]
    [InlineData("after: [{ rsl: t }]", "rsl", "did you mean `rls`?")]
    [InlineData("after: [{ rls: t, force: true }]", "force", "did you mean `forced`?")]
    [InlineData("after: [{ rls: t, enabled: false }]", "{ rls: t, enabled: false }", "needs a `reason`")]
    [InlineData("after: [{ rls: t, forced: maybe }]", "maybe", "true or false")]
    [InlineData("after: [{ rls: \"a b\" }]", "\"a b\"", "is not a name")]
    [InlineData("after: [{ column: goals }]", "goals", "names no column")]
    [InlineData("after: [{ no-nulls: t.c, where: \"a = \" }]", "", "is not an expression")]
    [InlineData("after: [{ policy: p }]", "{ policy: p }", "needs `on`")]
    [InlineData("after: [{ policies: t, count: many }]", "many", "whole number")]
    [InlineData("after: [{ backfill: t.c, at-least: 101 }]", "101", "percentage")]
    [InlineData("after: [{ query: drop table t }]", "", "is not a query")]
    [InlineData("after: [{ no-long-transaction: 5 }]", "5", "number with one of the units")]
    [InlineData("after: [{ size: t, at-most: 3 parsecs }]", "3 parsecs", "number with one of the units")]
    [InlineData("after: [{ index: i }]", "{ index: i }", "needs `on`")]
    [InlineData("after: [{ foreign-key: t.c, on-delete: vanish }]", "vanish", "none of")]
    [InlineData("guard: { query: select 1 }", "{ query: select 1 }", "go together")]
    [InlineData("after: &a [{ rls: t }]\nbefore: *a", "*a", "anchors and aliases")]
    public void An_error_has_a_place_and_says_what_to_write(string yaml, string at, string says)
    {
        var error = Assert.Single(Read(yaml).Errors);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        if (at.Length > 0)
            Assert.Equal(at.TrimEnd('}', ' '), yaml.Substring(error.Span.Start, error.Span.Length).TrimEnd('}', ' '));
    }

    [Theory]
    [InlineData("app", "db.prod.example.com", null)]
    [InlineData("app_staging", "db.prod.example.com", "excludes")]
    [InlineData("app", "db.stage.example.com", "the plan is for *.prod.example.com")]
    [InlineData("other", "db.prod.example.com", "the plan is for app*")]
    public void The_guard_names_what_it_refuses(string database, string host, string? says)
    {
        var guard = Read("guard: { database: app*, not-database: \"*staging\", host: \"*.prod.example.com\" }").Plan.Guard!;
        if (says is null)
            Assert.Null(guard.Refusal(database, host));
        else
            Assert.Contains(says, guard.Refusal(database, host), StringComparison.Ordinal);
    }
}
