using PolicyLint.Live.Scratch;

namespace PolicyLint.Live.Tests.Scratch;

public sealed class PostgresBinariesTests
{
    [Theory]
    [InlineData("/usr/lib/postgresql/15", 15)]
    [InlineData("/usr/pgsql-9.6", 9.6)]
    [InlineData("/opt/homebrew/opt/postgresql@17", 17)]
    [InlineData("/opt/homebrew/opt/postgresql", 0)]
    public void The_version_is_the_number_at_the_end_of_the_folder(string folder, double version) =>
        Assert.Equal(version, PostgresBinaries.VersionIn(folder));

    [SkippableFact]
    public void PATH_comes_first_and_the_places_of_packages_follow()
    {
        Skip.If(OperatingSystem.IsWindows(), "The places are those of Unix.");
        var places = PostgresBinaries.UsualPlaces("/one:relative:/two");
        Assert.Equal(["/one", "/two"], places.Take(2));
        Assert.Contains(places, static p => p.StartsWith("/usr/lib/postgresql/", StringComparison.Ordinal));
        Assert.Contains(places, static p => p.StartsWith("/opt/homebrew/opt/", StringComparison.Ordinal));
        Assert.DoesNotContain("relative", places);
    }

    [SkippableFact]
    public void A_folder_counts_when_it_has_both_programs()
    {
        Skip.If(OperatingSystem.IsWindows(), "The programs have other names there.");
        var root = Directory.CreateTempSubdirectory("plint-places").FullName;
        var half = Directory.CreateDirectory(Path.Combine(root, "half")).FullName;
        var whole = Directory.CreateDirectory(Path.Combine(root, "whole", "bin")).FullName;
        File.WriteAllText(Path.Combine(half, "postgres"), "");
        File.WriteAllText(Path.Combine(whole, "postgres"), "");
        File.WriteAllText(Path.Combine(whole, "initdb"), "");
        try
        {
            Assert.Equal(whole, PostgresBinaries.First([half, whole])?.Folder);
            Assert.Equal(whole, PostgresBinaries.Find(Path.Combine(root, "whole")).Folder);
            Assert.Contains(half, Assert.Throws<ScratchException>(() => PostgresBinaries.Find(half)).Message, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }
}
