using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis.Text;

namespace PolicyLint.Analyzers;

/// <summary>
/// Reads and replays the same texts once for all compilations that have them: an editor makes a new compilation with each key and
/// hands on what did not change. Nothing is kept longer than the compiler keeps the texts.
/// </summary>
internal sealed class DatabaseCache
{
    private readonly ConditionalWeakTable<SourceText, Slot> _slots = new();

    /// <summary>What the files say, read again only where one of them is another text.</summary>
    public ProjectInput Read(IReadOnlyList<ProjectText> files)
    {
        var slot = _slots.GetOrCreateValue(files[0].Text);
        lock (slot)
        {
            return slot.Input is { } known && known.IsOf(files) ? known : slot.Input = ProjectInput.Read(files);
        }
    }

    private sealed class Slot
    {
        public ProjectInput? Input { get; set; }
    }
}

/// <summary>A file that the project gave the compiler.</summary>
/// <param name="Path">Its path.</param>
/// <param name="Text">Its text: the same object as long as nothing in it changes.</param>
internal readonly record struct ProjectText(string Path, SourceText Text);
