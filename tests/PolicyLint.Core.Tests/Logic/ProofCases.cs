using PolicyLint.Core.Access;
using PolicyLint.Core.Analysis;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Catalog.Replay;
using PolicyLint.Core.Logic;
using PolicyLint.Core.Options;
using PolicyLint.Sql;
using PolicyLint.Sql.Text;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Tests.Logic;

/// <summary>A labelled question: policies before and after, or policies and a tenancy condition.</summary>
internal sealed record ProofCase(string Id, string Ddl, string? Old, string New, string? Goal, string Expected, string Role, string Command)
{
    private const string Roles = "create role app_owner; create role staff; create role staff_member; grant staff to staff_member;";

    public string Answer(bool isByCases = false)
    {
        var command = Enum.Parse<PolicyCommand>(Command, ignoreCase: true);
        var after = Replay(New);
        var table = after.FindTable(new(new Name("docs")))!;
        var model = new AccessModel(after, Tenancy.Resolve(after, new PolicyLintOptions()), AnalysisLimits.Cli) { IsByCases = isByCases };
        if (Goal is not null)
        {
            var source = new SourceText(Goal, "goal");
            var goal = new SqlFragment<Expression>(SqlParser.ParseExpression(source, out _)!, source);
            var verdicts = Clauses(command).ConvertAll(clause => model.Isolates(table, command, Role, clause, goal));
            return Join(verdicts) switch { true => "yes", false => "no", null => "unknown: " + string.Join("; ", verdicts) };
        }
        var before = Replay(Old!).FindTable(new(new Name("docs")))!;
        var kept = Clauses(command).ConvertAll(clause => model.IsAdditive(before, table, command, Role, clause));
        var added = Clauses(command).ConvertAll(clause => model.IsAdditive(table, before, command, Role, clause));
        return (Join(kept), Join(added)) switch
        {
            (true, true) => "equal",
            (true, false) => "widened",
            (false, true) => "narrowed",
            (false, false) => "incomparable",
            _ => "unknown: " + string.Join("; ", kept) + " / " + string.Join("; ", added),
        };
    }

    // No leak by any clause; a leak by one is enough.
    private static bool? Join(List<Verdict> verdicts) =>
        verdicts.Exists(static v => v is Verdict.Refuted) ? false : verdicts.TrueForAll(static v => v is Verdict.Proven) ? true : null;

    private static List<PolicyClause> Clauses(PolicyCommand command) => command switch
    {
        PolicyCommand.Insert => [PolicyClause.WithCheck],
        PolicyCommand.Update => [PolicyClause.Using, PolicyClause.WithCheck],
        _ => [PolicyClause.Using],
    };

    private DatabaseCatalog Replay(string policies)
    {
        if (policies.Length > 0 && !policies.StartsWith("create policy", StringComparison.OrdinalIgnoreCase))
            policies = "create policy p on docs using (" + policies + ");";
        var text = Roles + Ddl + "alter table docs enable row level security;" + policies;
        var tree = SqlParser.Parse(new SourceText(text, Id));
        Assert.Empty(tree.Errors);
        return CatalogReplay.Run([new Script(tree, ScriptRole.Migration, IsOneTransaction: false)], "supabase", AnalysisLimits.Cli).Catalog;
    }
}
