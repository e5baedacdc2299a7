using System.Globalization;
using System.Text;

namespace PolicyLint.Core.Logic.Proving;

/// <summary>A text that is the same for formulas that say the same of rows by other names.</summary>
/// <param name="terms">The terms.</param>
/// <param name="own">Rows that the formula asks for itself.</param>
internal sealed class PropKey(TermTable terms, HashSet<int> own)
{
    private readonly StringBuilder _text = new();
    private readonly Dictionary<int, int> _names = [];
    private readonly HashSet<int> _outer = [];

    public override string ToString() => _text.ToString();

    /// <summary>Whether it speaks of a row from outside that is not the given one.</summary>
    public bool HasOuterVariable(int target) => _outer.Count > (_outer.Contains(target) ? 1 : 0);

    public void Add(Prop prop)
    {
        _text.Append((int)prop.Kind).Append('(');
        foreach (var row in prop.Rows)
        {
            own.Add(row);
            // A row that nothing is asked of must be there, too.
            AddRow(row);
        }
        foreach (var item in prop.Items)
            Add(item);
        if (prop.Kind is PropKind.Row or PropKind.Visible)
        {
            AddRow(prop.A);
        }
        else if (prop.A >= 0)
        {
            // Terms stand in the order in which they were made: here by what they are.
            var isSwapped = prop.Kind == PropKind.Same && Compare(prop.A, prop.B) > 0;
            Add(isSwapped ? prop.B : prop.A);
            if (prop.B >= 0)
                Add(isSwapped ? prop.A : prop.B);
        }
        _text.Append(')');
    }

    public void Add(int term)
    {
        var node = terms[term];
        // A name may hold any character: its length says where it ends.
        _text.Append((int)node.Kind).Append(node.Type).Append('\'').Append(node.Name.Length).Append(':').Append(node.Name);
        if (node.Kind == ValueKind.Column)
            AddRow(node.Row);
        foreach (var argument in node.Arguments)
            Add(argument);
        _text.Append(';');
    }

    public void AddRow(int row)
    {
        if (!own.Contains(row))
            _outer.Add(row);
        if (!_names.TryGetValue(row, out var name))
            _names.Add(row, name = own.Contains(row) ? _names.Count : -1 - row);
        _text.Append('@').Append(terms.SourceOf(row).Key).Append(name.ToString(CultureInfo.InvariantCulture));
    }

    private int Compare(int left, int right)
    {
        TermNode a = terms[left], b = terms[right];
        return a.Kind != b.Kind ? a.Kind.CompareTo(b.Kind) : string.CompareOrdinal(a.Name, b.Name);
    }
}
