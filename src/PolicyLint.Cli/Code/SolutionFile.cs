using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;

namespace PolicyLint.Cli.Code;

/// <summary>The C# projects that a solution lists.</summary>
internal static partial class SolutionFile
{
    /// <summary>Whether a path is that of a project or solution.</summary>
    public static bool IsCode(string path) => Path.GetExtension(path).ToLowerInvariant() is ".sln" or ".slnx" or ".csproj";

    /// <summary>Full paths of the projects, in order of the solution; the project itself where it is one.</summary>
    public static IReadOnlyList<string> ProjectsOf(string file)
    {
        var folder = Path.GetDirectoryName(file)!;
        IEnumerable<string> paths = Path.GetExtension(file).ToLowerInvariant() switch
        {
            ".sln" => ListedProject().Matches(File.ReadAllText(file)).Select(match => match.Groups["path"].Value),
            ".slnx" => Listed(file),
            _ => [Path.GetFileName(file)],
        };
        return [.. paths.Where(path => path.EndsWith(".csproj", StringComparison.OrdinalIgnoreCase)).Select(path => Path.GetFullPath(path.Replace('\\', Path.DirectorySeparatorChar), folder)).Distinct(StringComparer.Ordinal)];
    }

    private static IEnumerable<string> Listed(string file)
    {
        try
        {
            return [.. XDocument.Load(file).Descendants("Project").Select(project => (string?)project.Attribute("Path")).OfType<string>()];
        }
        catch (XmlException e)
        {
            throw new IOException("this is no solution: " + e.Message, e);
        }
    }

    // Project("{type}") = "name", "path", "{id}"
    [GeneratedRegex("""^Project\("[^"]*"\)\s*=\s*"[^"]*",\s*"(?<path>[^"]+)",""", RegexOptions.Multiline)]
    private static partial Regex ListedProject();
}
