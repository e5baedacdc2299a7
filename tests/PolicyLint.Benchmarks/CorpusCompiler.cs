using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PolicyLint.Benchmarks;

/// <summary>Makes compilations of repositories as they lie on the disk, without their build. A package that is a project of another repository is that project.</summary>
internal sealed class CorpusCompiler(IReadOnlyList<string> repositories, IReadOnlyList<MetadataReference> libraries)
{
    private static readonly CSharpParseOptions Options = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Preview);

    private static readonly SyntaxTree Usings = CSharpSyntaxTree.ParseText(
        string.Concat(((string[])["System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Net.Http", "System.Threading", "System.Threading.Tasks", "Microsoft.AspNetCore.Builder", "Microsoft.AspNetCore.Http",
            "Microsoft.AspNetCore.Routing", "Microsoft.Extensions.Configuration", "Microsoft.Extensions.DependencyInjection", "Microsoft.Extensions.Hosting", "Microsoft.Extensions.Logging"]).Select(name => $"global using {name};\n")),
        Options, "GlobalUsings.g.cs");

    private readonly Dictionary<string, List<string>> _projects = repositories.ToDictionary(repository => repository, ProjectFiles, StringComparer.Ordinal);
    private readonly Dictionary<string, Dictionary<string, CSharpCompilation>> _made = new(StringComparer.Ordinal);

    /// <summary>The projects of a repository, tests left out: they run SQL on databases of their own making, where it says nothing whose rows are in reach.</summary>
    public IReadOnlyCollection<CSharpCompilation> Compile(string repository) => Projects(repository).Values;

    private Dictionary<string, CSharpCompilation> Projects(string repository)
    {
        if (_made.TryGetValue(repository, out var made))
            return made;
        _made.Add(repository, made = new(StringComparer.Ordinal));
        var projects = _projects[repository];
        var folders = projects.ToDictionary(project => Path.GetDirectoryName(project)!, project => new List<SyntaxTree>(), StringComparer.Ordinal);
        folders.TryAdd(repository, []);
        foreach (var file in Directory.EnumerateFiles(repository, "*.cs", SearchOption.AllDirectories).Where(file => !IsTest(repository, file)).Order(StringComparer.Ordinal))
        {
            var owner = Path.GetDirectoryName(file)!;
            while (!folders.ContainsKey(owner))
                owner = Path.GetDirectoryName(owner)!;
            folders[owner].Add(CSharpSyntaxTree.ParseText(File.ReadAllText(file), Options, file));
        }
        foreach (var project in projects)
            Make(project, []);
        if (projects.All(project => Path.GetDirectoryName(project) != repository) && folders[repository] is { Count: > 0 } loose)
            made.Add(repository, Create(Path.GetFileName(repository), loose, []));
        return made;

        CSharpCompilation? Make(string project, HashSet<string> open)
        {
            if (made.TryGetValue(project, out var known))
                return known;
            if (!folders.TryGetValue(Path.GetDirectoryName(project)!, out var trees) || !open.Add(project))
                return null;
            var document = XDocument.Load(project);
            var siblings = Included(document, "ProjectReference").Select(path => Path.GetFullPath(path.Replace('\\', '/'), Path.GetDirectoryName(project)!)).Where(File.Exists).Select(sibling => Make(sibling, open));
            var packages = Included(document, "PackageReference").Select(package => Elsewhere(package, repository));
            var references = new HashSet<CSharpCompilation>();
            foreach (var compilation in siblings.Concat(packages).OfType<CSharpCompilation>())
            {
                references.Add(compilation);
                references.UnionWith(compilation.References.OfType<CompilationReference>().Select(reference => (CSharpCompilation)reference.Compilation));
            }
            return made[project] = Create(Path.GetFileNameWithoutExtension(project), trees, references);
        }
    }

    private CSharpCompilation? Elsewhere(string package, string repository)
    {
        foreach (var other in repositories)
        {
            if (other != repository && _projects[other].Find(project => Path.GetFileNameWithoutExtension(project) == package) is { } project)
                return Projects(other).GetValueOrDefault(project);
        }
        return null;
    }

    private CSharpCompilation Create(string name, List<SyntaxTree> trees, IEnumerable<CSharpCompilation> siblings) => CSharpCompilation.Create(
        name, [.. trees, Usings], [.. libraries, .. siblings.Select(sibling => sibling.ToMetadataReference())],
        new(trees.Any(tree => ((CompilationUnitSyntax)tree.GetRoot()).Members.Any(SyntaxKind.GlobalStatement)) ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));

    private static List<string> ProjectFiles(string repository) =>
        [.. Directory.EnumerateFiles(repository, "*.csproj", SearchOption.AllDirectories).Where(file => !IsTest(repository, file)).Order(StringComparer.Ordinal)];

    private static IEnumerable<string> Included(XDocument project, string item) => project.Descendants().Where(element => element.Name.LocalName == item).Select(element => (string?)element.Attribute("Include")).OfType<string>();

    private static bool IsTest(string repository, string file) =>
        Path.GetRelativePath(repository, file).Split('/', '\\').Any(part => part.Contains("Test", StringComparison.Ordinal) || part is "test" or "tests" or "perf" or "bin" or "obj");
}
