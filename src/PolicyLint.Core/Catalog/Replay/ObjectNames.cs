using System.Text;

namespace PolicyLint.Core.Catalog.Replay;

/// <summary>Names that PostgreSQL chooses (indexcmds.c ChooseRelationName, pg_constraint.c ChooseConstraintName).</summary>
internal sealed class ObjectNames(CatalogState state)
{
    private const int Limit = 63;

    /// <summary>A free name for an index or sequence.</summary>
    public string Relation(string schema, string first, string? second, string label, bool isConstraint)
    {
        for (var pass = 0; ; pass++)
        {
            var name = Make(first, second, pass == 0 ? label : label + Number(pass));
            var id = new QualifiedId(schema, name);
            if (!state.IsRelationName(id) && !(isConstraint && state.IsConstraintName(id)))
                return name;
        }
    }

    /// <summary>A free name for a check or foreign key of a table that may have constraints which the catalog does not know yet.</summary>
    public string Constraint(Table table, string? second, string label)
    {
        for (var pass = 0; ; pass++)
        {
            var name = Make(table.Id.Name, second, pass == 0 ? label : label + Number(pass));
            if (!IsConstraintOf(table, name) && !state.IsConstraintName(new(table.Id.Schema, name)))
                return name;
        }
    }

    /// <summary>Whether the table has a constraint of that name.</summary>
    public static bool IsConstraintOf(Table table, string name)
    {
        var constraints = table.Constraints;
        for (var i = 0; i < constraints.Count; i++)
        {
            if (constraints[i].Name == name)
                return true;
        }
        return false;
    }

    /// <summary>What stands between the table's name and the label: column names joined (ChooseIndexNameAddition).</summary>
    public static string Addition(IReadOnlyList<string> columns)
    {
        if (columns.Count == 1)
            return columns[0];
        var text = new StringBuilder();
        foreach (var column in columns)
        {
            if (text.Length > 0)
                text.Append('_');
            text.Append(column);
            if (text.Length > Limit)
                break;
        }
        return text.ToString();
    }

    private static string Number(int pass) => pass.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static string Make(string first, string? second, string label)
    {
        var rest = label.Length + 1 + (second is null ? 0 : 1);
        var available = Limit - rest;
        var left = Bytes(first);
        var right = second is null ? 0 : Bytes(second);
        while (left + right > available)
        {
            if (left > right)
                left--;
            else
                right--;
        }
        return second is null ? Clip(first, left) + "_" + label : Clip(first, left) + "_" + Clip(second, right) + "_" + label;
    }

    private static int Bytes(string text) => Encoding.UTF8.GetByteCount(text);

    private static string Clip(string text, int bytes)
    {
        if (Bytes(text) <= bytes)
            return text;
        var end = Math.Min(text.Length, bytes);
        while (end > 0 && (Bytes(text.Substring(0, end)) > bytes || char.IsHighSurrogate(text[end - 1])))
            end--;
        return text.Substring(0, end);
    }
}
