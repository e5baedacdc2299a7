using PolicyLint.Core.Access;
using PolicyLint.Core.Analysis;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Catalog.Replay;
using PolicyLint.Core.Logic;
using PolicyLint.Core.Logic.Proving;
using PolicyLint.Sql;
using PolicyLint.Sql.Text;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Tests.Logic;

public class GateTests
{
    [Fact]
    public void A_counterexample_of_a_broken_encoding_is_not_reported()
    {
        var sound = Decide(tamper: null);
        var broken = Decide(tamper: static _ => Prop.True);
        Assert.IsType<Verdict.Proven>(sound);
        Assert.Equal(UnknownReason.ModelReplayFailed, Assert.IsType<Verdict.Unknown>(broken).Reason);
    }

    private static Verdict Decide(Func<Prop, Prop>? tamper)
    {
        var script = SqlParser.Parse(new SourceText("create table docs(user_id uuid, state text);", "schema.sql"));
        var catalog = CatalogReplay.Run([new Script(script, ScriptRole.Migration, IsOneTransaction: false)], "supabase", AnalysisLimits.Cli).Catalog;
        var prover = new Prover(new(catalog, NoPolicies.Instance), 10_000, CancellationToken.None) { Tamper = tamper };
        return prover.Decide(catalog.FindTable(new(new Name("docs")))!, Condition("user_id = auth.uid() and state = 'a'"), Condition("user_id = auth.uid()"), isNew: false);
    }

    private static Claim.Condition Condition(string text) => new(SqlParser.ParseExpression(new SourceText(text, "test"), out _)!, Sight.Role);
}
