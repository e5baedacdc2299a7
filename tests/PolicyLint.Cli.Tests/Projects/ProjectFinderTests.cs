using System.Text;
using PolicyLint.Cli.Projects;

namespace PolicyLint.Cli.Tests.Projects;

public sealed class ProjectFinderTests
{
    [Fact]
    public void A_folder_with_a_configuration_is_one_database_and_each_document_another()
    {
        using var folder = new TemporaryFolder()
            .With("a/policylint.yml", "platform: supabase\n")
            .With("a/migrations/1.sql", "select 1;")
            .With("b/2.sql", "select 2;")
            .With("b/node_modules/x.sql", "select 3;")
            .With("docs/run.md", "```sql\nselect 4;\n```\n")
            .With("docs/prose.md", "no block\n");

        var (projects, problems) = ProjectFinder.Find(["."], folder.Root);

        Assert.Empty(problems);
        Assert.Equal(
            [". b/2.sql", "a a/migrations/1.sql", "docs/run.md docs/run.md"],
            projects.Select(p => p.Name + " " + string.Join(" ", p.Input.Files.Select(f => f.Source.Path))));
        Assert.Equal("supabase", projects[1].Input.Options.Platform);
    }

    [Fact]
    public void What_cannot_be_read_is_a_problem_and_the_rest_is_still_checked()
    {
        using var folder = new TemporaryFolder()
            .With("bad.sql", [0x50, 0, 0x4B, 3])
            .With("latin.sql", Encoding.Latin1.GetBytes("-- größe\nselect 1;"))
            .With("utf16.sql", [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes("select 2;")])
            .With("empty/readme.txt", "nothing");

        var (projects, problems) = ProjectFinder.Find([".", "missing.sql", "empty"], folder.Root);

        Assert.Equal(["latin.sql", "utf16.sql"], Assert.Single(projects).Input.Files.Select(f => f.Source.Path));
        Assert.Collection(
            problems,
            binary => Assert.Contains("NUL", binary.Message, StringComparison.Ordinal),
            empty => Assert.Equal("empty", empty.Path),
            missing => Assert.Equal("missing.sql", missing.Path));
    }

    [Fact]
    public void An_error_in_the_configuration_names_its_line_and_column()
    {
        using var folder = new TemporaryFolder().With("policylint.yml", "# x\nplatfrom: plain\n").With("1.sql", "select 1;");

        var (projects, problems) = ProjectFinder.Find(["."], folder.Root);

        Assert.Single(projects);
        Assert.Equal("policylint.yml:2:1", Assert.Single(problems).Path);
    }
}
