using PolicyLint.BruteForce;
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

    // What is given is forgotten, turned round, or loses the first or the last of its parts: whatever is then reported is true all the same.
    [Theory]
    [InlineData("forgotten")]
    [InlineData("turned round")]
    [InlineData("without its first part")]
    [InlineData("without its last part")]
    public void Whatever_an_encoding_loses_no_wrong_counterexample_is_reported(string fault)
    {
        Func<Prop, Prop> tamper = fault switch
        {
            "forgotten" => static _ => Prop.True,
            "turned round" => static given => Prop.Not(given),
            "without its first part" => static given => Part(given, 1..),
            _ => static given => Part(given, ..^1),
        };
        var judgement = new Judgement(new Pool());
        var held = 0;
        foreach (var made in Run.Sample(seed: 3, 600))
        {
            if (made.Question is not { Form: QuestionForm.Implies, Premise: { } premise, Goal: { } goal })
                continue;
            var catalog = Judgement.Replay(made.After, made.Question.Terms);
            var sound = new Prover(new(catalog, new RoleReading(new EffectivePolicies(catalog), "app")), 10_000, CancellationToken.None);
            var docs = catalog.FindTable(new(new Name("docs")))!;
            var (given, wanted) = (Condition(Case.PrintOf(premise)), Condition(Case.PrintOf(goal)));
            if (sound.Decide(docs, given, wanted, made.Question.IsNew) is not Verdict.Proven)
                continue;
            var broken = (sound with { Tamper = tamper }).Decide(docs, given, wanted, made.Question.IsNew);
            if (broken is Verdict.Refuted refuted)
                Assert.Fail(judgement.Check(made, refuted.Witness) ?? "proven and refuted: " + made);
            held += broken is Verdict.Unknown { Reason: UnknownReason.ModelReplayFailed } ? 1 : 0;
        }
        Assert.True(held >= 10, held + " held back");
    }

    private static Prop Part(Prop given, Range range) =>
        given.Kind == PropKind.And ? Prop.And(given.Items[range]) : given.Kind == PropKind.Or ? Prop.Or(given.Items[range]) : Prop.True;

    private static Verdict Decide(Func<Prop, Prop>? tamper)
    {
        var script = SqlParser.Parse(new SourceText("create table docs(user_id uuid, state text);", "schema.sql"));
        var catalog = CatalogReplay.Run([new Script(script, ScriptRole.Migration, IsOneTransaction: false)], "supabase", AnalysisLimits.Cli).Catalog;
        var prover = new Prover(new(catalog, NoPolicies.Instance), 10_000, CancellationToken.None) { Tamper = tamper };
        return prover.Decide(catalog.FindTable(new(new Name("docs")))!, Condition("user_id = auth.uid() and state = 'a'"), Condition("user_id = auth.uid()"), isNew: false);
    }

    private static Claim.Condition Condition(string text) => new(SqlParser.ParseExpression(new SourceText(text, "test"), out _)!, Sight.Role);
}
