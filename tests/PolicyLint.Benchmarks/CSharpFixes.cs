using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;
using PolicyLint.Analyzers;
using PolicyLint.Core.Options;
using PolicyLint.CSharp;
using PolicyLint.CSharp.Fixes;
using PolicyLint.CSharp.Rules;

namespace PolicyLint.Benchmarks;

/// <summary>The code fixes that are offered in C# repositories, each made alone: the code compiles as it did, and the finding is gone.</summary>
internal static class CSharpFixes
{
    /// <summary>Makes the fixes of each repository below the folder, or of those of that name; what each changes goes to the file where one is given.</summary>
    public static int Run(string folder, string name, string? diffsFile)
    {
        using var diffs = diffsFile is null ? null : new StreamWriter(diffsFile);
        var repositories = Directory.GetDirectories(folder).Order(StringComparer.Ordinal).ToList();
        var compiler = new CorpusCompiler(repositories, CSharpCorpus.Libraries);
        var failures = 0;
        foreach (var repository in repositories.Where(repository => Path.GetFileName(repository).Contains(name, StringComparison.OrdinalIgnoreCase)))
        {
            var compilations = compiler.Compile(repository);
            var (database, _) = CSharpCorpus.Database(repository, compilations);
            var findings = new Dictionary<string, (int All, int Fixed)>(StringComparer.Ordinal);
            var broken = new List<string>();
            foreach (var compilation in compilations)
            {
                foreach (var finding in Findings(compilation, database, null))
                {
                    var (all, made) = findings.GetValueOrDefault(finding.Id);
                    var fix = DiagnosticFix.Read(finding);
                    findings[finding.Id] = (all + 1, made + (fix is null ? 0 : 1));
                    if (fix is not null && Apply(compilation, database, finding, fix, diffs) is { } reason)
                        broken.Add($"{finding.Location.GetLineSpan().Path}:{finding.Location.GetLineSpan().StartLinePosition.Line + 1} {finding.Id}: {reason}");
                }
            }
            Console.WriteLine($"{Path.GetFileName(repository),-42} {broken.Count,4} failed  {string.Join(", ", findings.Where(rule => DiagnosticFix.Ids.Contains(rule.Key)).OrderBy(rule => rule.Key, StringComparer.Ordinal).Select(rule => $"{rule.Key} {rule.Value.Fixed}/{rule.Value.All}"))}");
            foreach (var line in broken)
                Console.WriteLine("  " + line);
            failures += broken.Count;
        }
        return failures == 0 ? 0 : 1;
    }

    // Why the fix is wrong; null where it is right.
    private static string? Apply(CSharpCompilation compilation, JudgedDatabase database, Diagnostic finding, DiagnosticFix fix, StreamWriter? diffs)
    {
        var made = compilation;
        foreach (var edits in fix.Edits.GroupBy(edit => edit.Path))
        {
            if (compilation.SyntaxTrees.FirstOrDefault(tree => tree.FilePath == edits.Key) is not { } tree)
                continue;
            var before = tree.GetText();
            var after = before.WithChanges(edits.OrderBy(edit => edit.Span.Start).Select(edit => new TextChange(edit.Span, edit.Text)));
            made = made.ReplaceSyntaxTree(tree, tree.WithChangedText(after));
            diffs?.WriteLine($"{finding.Id} {Path.GetFileName(edits.Key)}:{finding.Location.GetLineSpan().StartLinePosition.Line + 1}");
            Write(diffs, "- ", before, after);
            Write(diffs, "+ ", after, before);
        }
        diffs?.Flush();
        if (Errors(made) is var errors && errors > Errors(compilation))
            return $"does not compile: {errors} errors";
        // What is said of the project as a whole is said at its end.
        var path = CSharpRuleCatalog.All.Any(rule => rule is ProjectRule && rule.Info.Id == finding.Id) ? null : finding.Location.SourceTree!.FilePath;
        var left = Findings(made, database, path).Count(other => other.Id == finding.Id);
        return left < Findings(compilation, database, path).Count(other => other.Id == finding.Id) ? null : "the finding is still there";

        int Errors(CSharpCompilation code) => fix.Edits.Select(edit => edit.Path).Distinct().Sum(path =>
            code.SyntaxTrees.Where(tree => tree.FilePath == path).Sum(tree => code.GetSemanticModel(tree).GetDiagnostics().Count(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)));
    }

    private static void Write(StreamWriter? diffs, string sign, SourceText text, SourceText other)
    {
        var known = other.Lines.Select(line => line.ToString()).ToHashSet(StringComparer.Ordinal);
        foreach (var line in text.Lines.Select(line => line.ToString()).Where(line => !known.Contains(line)))
            diffs?.WriteLine(sign + line.Trim());
    }

    // Of all files, or of one.
    private static List<Diagnostic> Findings(CSharpCompilation compilation, JudgedDatabase database, string? path)
    {
        var host = CSharpCorpus.Host(compilation, CSharpCorpus.Analyzer(compilation, database));
        var found = path is null
            ? host.GetAnalyzerDiagnosticsAsync()
            : host.GetAnalyzerSemanticDiagnosticsAsync(compilation.GetSemanticModel(compilation.SyntaxTrees.First(tree => tree.FilePath == path)), null, default);
        return [.. found.GetAwaiter().GetResult().Where(diagnostic => diagnostic.Location.SourceTree is not null)];
    }
}
