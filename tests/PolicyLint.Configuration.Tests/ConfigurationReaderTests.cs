using PolicyLint.Core.Findings;
using PolicyLint.Sql.Text;

namespace PolicyLint.Configuration.Tests;

public sealed class ConfigurationReaderTests
{
    private static readonly string[] Rules = ["PL1001", "PL1002", "PL2001"];

    private static ConfigurationResult Read(string yaml) => ConfigurationReader.Read(new SourceText(yaml, "policylint.yml"), Rules);

    [Fact]
    public void The_design_documents_example_is_read_whole()
    {
        var result = Read("""
            platform: supabase
            migrations: supabase/migrations/*.sql
            rollbacks: supabase/rollback/*.sql
            tenancy:
              user_id:   { is: auth.uid(), references: auth.users(id) }
              tenant_id: { in: select tenant_id from public.profiles where id = auth.uid() }
            exempt:
              - table: public.rate_limits
                rules: [PL1001]
                reason: written by the service role alone
            csharp:
              user: [MyApp.ICurrentUser.Id, System.Security.Claims.ClaimsPrincipal]
              repository-base: MyApp.Data.UserScopedRepository
            rules:
              PL1002: error
            """);

        Assert.Empty(result.Errors);
        var options = result.Options;
        Assert.Equal("supabase", options.Platform);
        Assert.Equal(["supabase/migrations/*.sql"], options.Migrations);
        Assert.Equal(["supabase/rollback/*.sql"], options.Rollbacks);
        Assert.Collection(
            options.Tenancy,
            user => Assert.Equal(("user_id", "auth.uid()", "auth.users(id)"), (user.Column, user.Is, user.References)),
            tenant => Assert.Equal(("tenant_id", "select tenant_id from public.profiles where id = auth.uid()"), (tenant.Column, tenant.In)));
        var exemption = Assert.Single(options.Exemptions);
        Assert.Equal("public.rate_limits", exemption.Table);
        Assert.Equal(["PL1001"], exemption.Rules);
        Assert.Equal(2, options.CSharp.User.Count);
        Assert.Equal("MyApp.Data.UserScopedRepository", options.CSharp.RepositoryBase);
        Assert.Equal(Severity.Error, options.Severities["PL1002"]);
    }

    // One row an error: the configuration, where the error must stand (the text at its place), what it must say.
    [Theory]
    [InlineData("platfrom: plain", "platfrom", "did you mean `platform`?")]
    [InlineData("platform: mysql", "mysql", "none of plain, supabase")]
    [InlineData("rules: { PL1O01: error }", "PL1O01", "did you mean `PL1001`?")]
    [InlineData("rules: { PL1001: fatal }", "fatal", "none of error, warning, information, none")]
    [InlineData("exempt:\n  - table: public.t", "table", "needs a `reason`")]
    [InlineData("exempt: public.t", "public.t", "exempt is a list")]
    [InlineData("tenancy: { user_id: { is: auth.uid(), in: select 1 } }", "user_id", "both `is` and `in`")]
    [InlineData("tenancy: { user_id: { si: auth.uid() } }", "si", "did you mean `is`?")]
    [InlineData("csharp: { rely-on-rls: maybe }", "maybe", "true or false")]
    [InlineData("platform: plain\nplatform: plain", "platform", "given twice")]
    [InlineData("a: &x [1]\nb: *x", "*x", "anchors and aliases")]
    [InlineData("- platform", "- platform", "a mapping of keys")]
    [InlineData("platform: [", "", "")]
    public void An_error_has_a_place_and_says_what_is_right(string yaml, string place, string message)
    {
        var result = Read(yaml);

        Assert.Contains(result.Errors, e => e.Message.Contains(message, StringComparison.Ordinal)
            && yaml.AsSpan(e.Span.Start).StartsWith(place, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nothing but a comment\n")]
    [InlineData("---\n")]
    public void An_empty_configuration_is_the_default(string yaml)
    {
        var result = Read(yaml);

        Assert.Empty(result.Errors);
        Assert.Null(result.Options.Platform);
    }

    [Fact]
    public void Deep_nesting_is_an_error_and_not_a_crash()
    {
        var result = Read("tenancy: " + new string('[', 100_000));

        Assert.NotEmpty(result.Errors);
    }
}
