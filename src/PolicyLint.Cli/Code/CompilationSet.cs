using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;
using PolicyLint.Cli.Projects;

namespace PolicyLint.Cli.Code;

/// <summary>Compilations of projects, each made once; one that refers to another gets that one and not what was last built of it.</summary>
internal sealed class CompilationSet
{
    private const int MostBytes = 1 << 26;

    private readonly IFileTree _tree;
    private readonly Dictionary<string, CompilerCall> _calls = new(StringComparer.Ordinal);
    private readonly Dictionary<CompilerCall, CSharpCompilation> _compilations = [];
    private readonly Dictionary<string, PortableExecutableReference> _references = new(StringComparer.Ordinal);
    private readonly HashSet<CompilerCall> _open = [];

    /// <summary>A set of projects whose sources stand in a tree.</summary>
    public CompilationSet(IEnumerable<CompilerCall> calls, IFileTree tree)
    {
        _tree = tree;
        foreach (var call in calls)
            _calls.TryAdd(OutputKey(call), call);
    }

    /// <summary>The compilation of a project, with what it refers to and could not be found.</summary>
    public CSharpCompilation Compile(CompilerCall call, List<string> missing)
    {
        if (_compilations.TryGetValue(call, out var known))
            return known;
        _open.Add(call);
        var arguments = call.Arguments;
        var references = new List<MetadataReference>();
        foreach (var reference in arguments.MetadataReferences)
        {
            var path = Path.GetFullPath(reference.Reference, arguments.BaseDirectory ?? "");
            if (_calls.TryGetValue(Path.GetFileNameWithoutExtension(path), out var project) && IsOutputOf(project, path) && !_open.Contains(project))
                references.Add(Compile(project, missing).ToMetadataReference(reference.Properties.Aliases, reference.Properties.EmbedInteropTypes));
            else if (File.Exists(path))
            {
                if (!_references.TryGetValue(path, out var file))
                    _references.Add(path, file = MetadataReference.CreateFromFile(path));
                references.Add(reference.Properties.Aliases.IsEmpty ? file : file.WithAliases(reference.Properties.Aliases));
            }
            else
                missing.Add(path);
        }
        // A compiler newer than this one may have been asked for.
        var parseOptions = arguments.Errors.IsEmpty ? arguments.ParseOptions : arguments.ParseOptions.WithLanguageVersion(LanguageVersion.Preview);
        var trees = arguments.SourceFiles.AsParallel().AsOrdered().Select(file => Parse(file.Path, parseOptions)).OfType<SyntaxTree>();
        var options = arguments.CompilationOptions.WithSyntaxTreeOptionsProvider(ConfiguredSeverities.Read(arguments.AnalyzerConfigPaths));
        var compilation = CSharpCompilation.Create(arguments.CompilationName ?? Path.GetFileNameWithoutExtension(call.ProjectFile), trees, references, options);
        _open.Remove(call);
        _compilations.Add(call, compilation);
        return compilation;
    }

    // What the build writes is in no commit.
    private SyntaxTree? Parse(string path, CSharpParseOptions options)
    {
        var tree = _tree.FileExists(path) ? _tree : path.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal) && File.Exists(path) ? DiskTree.Instance : null;
        if (tree?.Read(path, MostBytes) is not { } bytes)
            return null;
        using var stream = new MemoryStream(bytes);
        return CSharpSyntaxTree.ParseText(SourceText.From(stream, Encoding.UTF8), options, path);
    }

    private static string OutputKey(CompilerCall call) => Path.GetFileNameWithoutExtension(call.Arguments.OutputFileName ?? call.ProjectFile);

    private static bool IsOutputOf(CompilerCall call, string path) =>
        path.StartsWith(Path.GetDirectoryName(call.ProjectFile)! + Path.DirectorySeparatorChar, StringComparison.Ordinal)
        || !File.Exists(path) || Path.GetDirectoryName(path)!.EndsWith($"{Path.DirectorySeparatorChar}ref", StringComparison.Ordinal);
}
