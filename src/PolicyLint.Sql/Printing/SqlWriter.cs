using System.Text;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Sql.Printing;

/// <summary>Writes a tree into one string: blanks, names, lists and literals; the other parts of the class write the nodes.</summary>
internal sealed partial class SqlWriter : SqlVisitor
{
    private readonly StringBuilder _text = new();

    // The next word follows without a blank: `-1`, `a::int`.
    private bool _joined;

    public override string ToString() => _text.ToString();

    // A blank goes before a word unless an opening delimiter stands there.
    private void Blank()
    {
        if (!_joined && _text.Length > 0 && _text[_text.Length - 1] is not (' ' or '(' or '[' or '.'))
            _text.Append(' ');
        _joined = false;
    }

    private void Word(string word)
    {
        Blank();
        _text.Append(word);
    }

    private void WordIf(bool condition, string word)
    {
        if (condition)
            Word(word);
    }

    private void Raw(string text) => _text.Append(text);

    private void Raw(char character) => _text.Append(character);

    private void Write(Name name)
    {
        if (!name.IsEmpty)
            Identifier(name.Text);
    }

    private void Write(string keyword, Name name)
    {
        if (name.IsEmpty)
            return;
        Word(keyword);
        Identifier(name.Text);
    }

    private void Identifier(string text)
    {
        Blank();
        PrintedNames.Append(_text, text);
    }

    // A word of the statement's own grammar that the tree keeps as a name: as it was written, so quoted only where it was.
    private void KeywordName(Name name)
    {
        if (name.IsQuoted)
            Identifier(name.Text);
        else
            Word(name.Text.ToUpperInvariant());
    }

    private void Write(ObjectName name)
    {
        if (name.IsEmpty)
            return;
        Blank();
        foreach (var part in name.Outer)
        {
            PrintedNames.Append(_text, part.Text);
            _text.Append('.');
        }
        if (!name.Qualifier.IsEmpty)
        {
            PrintedNames.Append(_text, name.Qualifier.Text);
            _text.Append('.');
        }
        PrintedNames.Append(_text, name.Name.Text);
    }

    private void Write(string keyword, ObjectName name)
    {
        if (name.IsEmpty)
            return;
        Word(keyword);
        Write(name);
    }

    private void Names(Name[] names)
    {
        for (var i = 0; i < names.Length; i++)
        {
            if (i > 0)
                Raw(',');
            Identifier(names[i].Text);
        }
    }

    private void NamesInParentheses(Name[] names)
    {
        if (names.Length == 0)
            return;
        Word("(");
        Names(names);
        Raw(')');
    }

    private void ObjectNames(ObjectName[] names)
    {
        for (var i = 0; i < names.Length; i++)
        {
            if (i > 0)
                Raw(',');
            Write(names[i]);
        }
    }

    private void List(SqlNode?[] nodes)
    {
        for (var i = 0; i < nodes.Length; i++)
        {
            if (i > 0)
                Raw(',');
            Visit(nodes[i]);
        }
    }

    private void InParentheses(SqlNode?[] nodes)
    {
        Word("(");
        List(nodes);
        Raw(')');
    }

    private void Sequence(SqlNode[] nodes)
    {
        foreach (var node in nodes)
            Visit(node);
    }

    // standard_conforming_strings is on in every server since 9.1: a backslash is a character like any other.
    private void String(string text)
    {
        Blank();
        _text.Append('\'').Append(text.Replace("'", "''")).Append('\'');
    }

    private void Operator(ObjectName name, bool isOperatorSyntax)
    {
        if (!isOperatorSyntax)
        {
            Word(name.Name.Text);
            return;
        }
        Word("OPERATOR(");
        foreach (var part in name.Outer)
        {
            PrintedNames.Append(_text, part.Text);
            Raw('.');
        }
        if (!name.Qualifier.IsEmpty)
        {
            PrintedNames.Append(_text, name.Qualifier.Text);
            Raw('.');
        }
        Raw(name.Name.Text);
        Raw(')');
    }

    private void Write(DropBehavior behavior)
    {
        if (behavior != DropBehavior.Default)
            Word(behavior == DropBehavior.Cascade ? "CASCADE" : "RESTRICT");
    }

    private void IfExists(bool condition) => WordIf(condition, "IF EXISTS");

    private void IfNotExists(bool condition) => WordIf(condition, "IF NOT EXISTS");
}
