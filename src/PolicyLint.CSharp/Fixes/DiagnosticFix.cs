using System.Collections.Immutable;
using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using PolicyLint.CSharp.Rules;

namespace PolicyLint.CSharp.Fixes;

/// <summary>An edit in a document of the diagnostic's project.</summary>
/// <param name="Path">The document's.</param>
/// <param name="Span">What is replaced.</param>
/// <param name="Text">What comes in its place.</param>
/// <param name="JoinsOthers">Another fix may put its own text at the same place.</param>
public sealed record DiagnosticEdit(string Path, TextSpan Span, string Text, bool JoinsOthers);

/// <summary>How a finding is made right, as its diagnostic carries it from the analyzer to the code fix.</summary>
/// <param name="Title">As a menu says it.</param>
/// <param name="Edits">In no order.</param>
public sealed record DiagnosticFix(string Title, IReadOnlyList<DiagnosticEdit> Edits)
{
    private const string TitleKey = "policylint.fix";

    /// <summary>The rules that may bring one.</summary>
    public static ImmutableArray<string> Ids { get; } = ImmutableArray.CreateRange(CSharpRuleCatalog.All.Where(rule => rule.Info.CodeFix.Length > 0).Select(rule => rule.Info.Id));

    /// <summary>Those of them that report in settings files, too.</summary>
    public static ImmutableArray<string> IdsOfSettings { get; } = ImmutableArray.CreateRange(CSharpRuleCatalog.All.Where(rule => rule is ProjectRule { ReadsSettings: true } && rule.Info.CodeFix.Length > 0).Select(rule => rule.Info.Id));

    /// <summary>The properties of a finding's diagnostic; empty where it has no fix.</summary>
    public static ImmutableDictionary<string, string?> Write(SiteFinding finding)
    {
        var properties = ImmutableDictionary<string, string?>.Empty;
        if (finding.Fix is not { } fix)
            return properties;
        properties = properties.Add(TitleKey, fix.Title);
        for (var i = 0; i < fix.Edits.Length; i++)
        {
            var edit = fix.Edits[i];
            properties = properties.Add(KeyOf(i), FormattableString.Invariant($"{edit.Span.Start} {edit.Span.Length} {(edit.JoinsOthers ? 1 : 0)} {edit.Path}\n{edit.Text}"));
        }
        return properties;
    }

    /// <summary>The fix of a diagnostic; null where it has none.</summary>
    public static DiagnosticFix? Read(Diagnostic diagnostic)
    {
        if (!diagnostic.Properties.TryGetValue(TitleKey, out var title))
            return null;
        var edits = new List<DiagnosticEdit>();
        while (diagnostic.Properties.TryGetValue(KeyOf(edits.Count), out var written))
        {
            var end = written!.IndexOf('\n');
            var parts = written.Substring(0, end).Split([' '], 4);
            edits.Add(new(parts[3], new(Number(parts[0]), Number(parts[1])), written.Substring(end + 1), parts[2] == "1"));
        }
        return new(title!, edits);
    }

    private static string KeyOf(int index) => TitleKey + "." + index.ToString(CultureInfo.InvariantCulture);

    private static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
