using PolicyLint.Configuration;
using PolicyLint.Core.Access;
using PolicyLint.Core.Analysis;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Catalog.Replay;
using PolicyLint.Core.Logic;
using PolicyLint.Core.Migrations;
using PolicyLint.Core.Rules;
using PolicyLint.Sql.Text;
using PolicyLint.Sql.Tree;
using PolicyLint.Testing;

namespace PolicyLint.Core.Tests.Access;

/// <summary>The document's migration from owners to tenants: "the old logic or the new logic" takes nothing from anybody, the new logic alone does.</summary>
public sealed class TenantMigrationTests
{
    private static readonly (DatabaseCatalog Before, DatabaseCatalog After, Tenancy Tenancy) States = Replay();

    public static TheoryData<string> Tables =>
        [.. States.After.TablesInOrder().Where(table => table.Policies.Any(HasOldBranch)).Select(table => table.Id.ToString())];

    [Fact]
    public void Twelve_tables_go_from_owners_to_tenants() => Assert.Equal(12, Tables.Count);

    [Theory]
    [MemberData(nameof(Tables))]
    public void Policies_that_keep_the_old_branch_take_no_row_away(string name)
    {
        var after = Find(name);
        var comparison = new AccessComparison(States.Before, States.After, States.Tenancy, AnalysisLimits.Cli, new(), default);

        foreach (var (command, clause) in AccessHistory.Questions)
            Assert.IsType<Verdict.Proven>(comparison.Keeps(comparison.Find(after.Id)!, after, command, "authenticated", clause));
    }

    [Theory]
    [MemberData(nameof(Tables))]
    public void Each_policy_without_its_old_branch_is_refuted_with_a_row(string name)
    {
        var table = Find(name);
        var policies = table.Policies.Where(HasOldBranch).ToList();
        Assert.Equal(4, policies.Count);
        foreach (var policy in policies)
        {
            var narrowed = table with { Policies = [.. table.Policies.Select(other => other == policy ? policy with { Using = WithoutOldBranch(policy.Using), WithCheck = WithoutOldBranch(policy.WithCheck) } : other)] };
            var comparison = new AccessComparison(States.Before, With(States.After, narrowed), States.Tenancy, AnalysisLimits.Cli, new(), default);
            var clause = policy.Command == PolicyCommand.Insert ? PolicyClause.WithCheck : PolicyClause.Using;

            var verdict = comparison.Keeps(comparison.Find(table.Id)!, narrowed, policy.Command, "authenticated", clause);

            var row = Assert.IsType<Verdict.Refuted>(verdict).Witness.Rows[0];
            Assert.Equal(table.Id.Name, row.Table);
        }
    }

    private static Table Find(string name) => States.After.TablesInOrder().Single(table => table.Id.ToString() == name);

    private static bool HasOldBranch(Policy policy) => new[] { policy.Using, policy.WithCheck }.Any(predicate => predicate?.Tree is LogicalExpression or && or.Operands.Any(IsOld));

    private static bool IsOld(Expression branch) => branch is OperatorExpression { Left: ColumnReference column } && column.Name.Name == "org_id";

    private static SqlFragment<Expression>? WithoutOldBranch(SqlFragment<Expression>? predicate) =>
        predicate is null ? null : new(((LogicalExpression)predicate.Tree).Operands.Single(branch => !IsOld(branch)), predicate.Source);

    private static DatabaseCatalog With(DatabaseCatalog catalog, Table table) => new()
    {
        Relations = catalog.Relations.ToDictionary(pair => pair.Key, pair => pair.Key == table.Id ? table : pair.Value),
        Functions = catalog.Functions,
        Schemas = catalog.Schemas,
        Roles = catalog.Roles,
        Types = catalog.Types,
        SearchPath = catalog.SearchPath,
        Platform = catalog.Platform,
    };

    // The document's policy on profiles reads profiles, so that every query fails: here profiles keeps the policies that it had.
    private static (DatabaseCatalog Before, DatabaseCatalog After, Tenancy Tenancy) Replay()
    {
        var folder = Path.Combine(RepositoryRoot.Path, "samples", "tenant-migration", "as-documented");
        var configuration = ConfigurationReader.Read(new SourceText(File.ReadAllText(Path.Combine(folder, "policylint.yml")), "policylint.yml"), [.. RuleCatalog.All.Select(rule => rule.Info.Id)]);
        var files = Directory.GetFiles(Path.Combine(folder, "migrations")).Order(StringComparer.Ordinal)
            .Select(file => new SourceText(File.ReadAllText(file), "migrations/" + Path.GetFileName(file)));
        var replay = SqlAnalyzer.Replay(new(MigrationLayout.Arrange([.. files], configuration.Options), configuration.Options, AnalysisLimits.Cli));
        var last = replay.Effects[^1];
        var profiles = new QualifiedId("public", "profiles");
        var after = With(last.After, (Table)last.After.Relations[profiles] with { Policies = ((Table)last.Before.Relations[profiles]).Policies });
        return (last.Before, after, Tenancy.Resolve(after, configuration.Options));
    }
}
