using System.Text;

namespace PolicyLint.Sql.Parsing;

/// <summary>The text that a quoted string stands for, and where in the outer text each of its characters is from.</summary>
internal sealed class OffsetMap
{
    private readonly int[] _starts;
    private readonly int[] _ends;

    private OffsetMap(string text, int[] starts, int[] ends)
    {
        Text = text;
        _starts = starts;
        _ends = ends;
    }

    /// <summary>The decoded characters.</summary>
    public string Text { get; }

    /// <summary>Outer offset of what begins at a decoded offset.</summary>
    public int Start(int offset) => _starts[offset];

    /// <summary>Outer offset behind what ends at a decoded offset: behind its last character, not before the next one.</summary>
    public int End(int offset) => offset == 0 ? _starts[0] : _ends[offset - 1];

    /// <summary>A text whose characters can't be followed one by one: all of it stands at one place.</summary>
    public static OffsetMap At(string text, int place)
    {
        var offsets = new int[text.Length + 1];
        for (var i = 0; i < offsets.Length; i++)
            offsets[i] = place;
        return new OffsetMap(text, offsets, offsets);
    }

    /// <summary>Decodes the token of a '…', E'…' or U&amp;'…' string that lies at a place of a text.</summary>
    public static OffsetMap Create(string text, int start, int end)
    {
        var quote = text.IndexOf('\'', start, end - start);
        var hasEscapes = text[start] is 'e' or 'E';
        var characters = new StringBuilder();
        var starts = new List<int>();
        var ends = new List<int>();
        var position = quote + 1;
        while (position < end)
        {
            var from = position;
            var c = text[position];
            if (c == '\'')
            {
                if (position + 1 < end && text[position + 1] == '\'')
                {
                    characters.Append('\'');
                    position += 2;
                }
                else
                {
                    var next = Lexer.FindContinuation(text, position + 1, end);
                    if (next < 0)
                        break;
                    position = next + 1;
                }
            }
            else if (c == '\\' && hasEscapes)
            {
                position = UnicodeText.AppendEscape(text, position, end, characters);
            }
            else
            {
                characters.Append(c);
                position++;
            }
            while (starts.Count < characters.Length)
            {
                starts.Add(from);
                ends.Add(position);
            }
        }
        starts.Add(Math.Min(position, end));
        return new OffsetMap(characters.ToString(), starts.ToArray(), ends.ToArray());
    }
}
