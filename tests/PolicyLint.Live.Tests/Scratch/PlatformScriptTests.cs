using PolicyLint.Core.Platforms;
using PolicyLint.Sql;
using PolicyLint.Sql.Text;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Live.Tests.Scratch;

public sealed class PlatformScriptTests
{
    [Fact]
    public void Our_parser_reads_every_platform_script()
    {
        foreach (var script in PlatformSql.All.SelectMany(static p => p.Scripts))
        {
            var tree = SqlParser.Parse(new SourceText(script.Text, script.Path));
            Assert.Empty(tree.Errors.Select(e => $"{script.Path}:{tree.Source.GetPosition(e.Span.Start).Line + 1} {e.Message}"));
            Assert.NotEmpty(tree.Statements);
        }
    }

    [Fact]
    public void The_roles_script_has_one_statement_a_line()
    {
        // Live executes it line by line, so that a role that is there already stops nothing.
        foreach (var script in PlatformSql.All.SelectMany(static p => p.Scripts).Where(static s => s.Kind == PlatformScriptKind.Roles))
        {
            var tree = SqlParser.Parse(new SourceText(script.Text, script.Path));
            Assert.All(tree.Statements, s => Assert.True(s is CreateRoleStatement or GrantRoleStatement, s.GetType().Name));
            Assert.All(tree.Statements, s => Assert.DoesNotContain('\n', tree.Source.GetText(s.Span)));
        }
    }
}
