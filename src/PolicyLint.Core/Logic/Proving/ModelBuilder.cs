using System.Globalization;
using PolicyLint.Core.Catalog;

namespace PolicyLint.Core.Logic.Proving;

/// <summary>Makes rows and a session of classes of equal terms. What it makes is a proposal: the interpreter confirms it or not.</summary>
internal sealed class ModelBuilder(ICatalog catalog, TermTable terms, Solver solver)
{
    private const int MaximumParents = 20;

    private readonly Dictionary<int, Datum> _values = [];
    private readonly Dictionary<int, string> _types = [];
    private readonly Theory _theory = solver.Theory;
    private int _fresh;

    public Model Build(IReadOnlyList<int> rows, bool hasTarget, bool isTargetNew)
    {
        var count = terms.Count;
        for (var term = 0; term < count; term++)
        {
            if (terms[term].Type is not (TypeFamily.Any or ""))
                _types[_theory.Find(term)] = terms[term].Type;
        }
        AssignOrdered(areDates: false);
        AssignOrdered(areDates: true);
        AssignTexts(count);
        var target = hasTarget ? MakeRow(rows[0]) : null;
        var others = new List<ModelRow>();
        for (var i = hasTarget ? 1 : 0; i < rows.Count; i++)
        {
            if (solver.ValueOf(PropKind.Row, rows[i]) != true)
                continue;
            var row = MakeRow(rows[i]);
            if ((isTargetNew || target is null || !IsSameRow(row, target)) && !others.Exists(other => IsSameRow(row, other)))
                others.Add(row);
        }
        AddParents(target, isTargetNew, others);
        var session = new Dictionary<string, Datum>(StringComparer.Ordinal);
        for (var term = 0; term < count; term++)
        {
            if (terms[term].Kind == ValueKind.Session)
                session[terms[term].Name] = ValueOf(term);
        }
        return new(target, isTargetNew, others, session) { Assumed = AssumedOf(count) };
    }

    private Dictionary<string, Datum> AssumedOf(int count)
    {
        var assumed = new Dictionary<string, Datum>(StringComparer.Ordinal);
        for (var term = 0; term < count; term++)
        {
            var node = terms[term];
            if (node.Kind != ValueKind.Function || !node.Name.StartsWith("opaque:", StringComparison.Ordinal) || !solver.IsRelevant(term))
                continue;
            var value = node.Type == "set" ? ArrayOf(_theory.Find(term)) : ValueOf(term);
            assumed[Model.CallOf(node.Name, Array.ConvertAll(node.Arguments, ValueOf))] = value;
        }
        return assumed;
    }

    private Datum ValueOf(int term)
    {
        var representative = _theory.Find(term);
        if (_values.TryGetValue(representative, out var known))
            return known;
        var node = terms[representative];
        var type = terms[term].Type;
        Datum value;
        if (node.Kind == ValueKind.Null)
            return Datum.Null;
        if (node.Kind == ValueKind.Constant)
            value = Datum.Of(node.Type == TypeFamily.Any ? type : node.Type, node.Name);
        else
        {
            // What has no type of its own takes that of what it is equal to.
            if (type == TypeFamily.Any && _types.TryGetValue(representative, out var shared))
                type = shared;
            value = TypeFamily.IsArray(type) ? ArrayOf(representative) : Fresh(type);
        }
        _values[representative] = value;
        return value;
    }

    private Datum ArrayOf(int representative)
    {
        var items = new List<Datum>();
        foreach (var atom in solver.TrueAtoms())
        {
            if (atom.Kind == PropKind.Member && _theory.Find(atom.B) == representative)
                items.Add(ValueOf(atom.A));
            else if (atom.Kind == PropKind.HasNull && _theory.Find(atom.A) == representative)
                items.Add(Datum.Null);
        }
        return new Datum(DatumKind.Value, "array", "") { Items = items };
    }

    private Datum Fresh(string type)
    {
        var number = ++_fresh;
        if (type.StartsWith("enum:", StringComparison.Ordinal))
            return FreshLabel(type);
        return type switch
        {
            TypeFamily.Uuid => Datum.Of(type, "aaaaaaaa-0000-4000-8000-" + number.ToString("x12", CultureInfo.InvariantCulture)),
            TypeFamily.Integer or TypeFamily.Numeric => Datum.Of(type, (1000 + number).ToString(CultureInfo.InvariantCulture)),
            TypeFamily.Text => Datum.Of(type, "value" + number.ToString(CultureInfo.InvariantCulture)),
            "jsonb" or "json" => Datum.Of(type, "{}"),
            TypeFamily.Any => Datum.Of(type, "x" + number.ToString(CultureInfo.InvariantCulture)),
            TypeFamily.Boolean => Datum.False,
            "timestamptz" or "timestamp" or "date" => Datum.Of(type, "2026-01-" + (10 + (number % 18)).ToString(CultureInfo.InvariantCulture)),
            _ => Datum.Open,
        };
    }

    private Datum FreshLabel(string type)
    {
        var used = new HashSet<string>(StringComparer.Ordinal);
        for (var term = 0; term < terms.Count; term++)
        {
            if (terms[term].Kind == ValueKind.Constant && terms[term].Type == type)
                used.Add(terms[term].Name);
        }
        foreach (var candidate in catalog.Types.Values)
        {
            if (candidate.Kind != TypeKind.Enum || "enum:" + candidate.Id.Name != type)
                continue;
            foreach (var label in candidate.Labels)
            {
                if (!used.Contains(label))
                    return Datum.Of(type, label);
            }
        }
        return Datum.Open;
    }

    // Numbers and dates that are compared by order: a small search over values around the constants.
    private void AssignOrdered(bool areDates)
    {
        var orders = new List<(int Less, int Greater, bool IsTrue)>();
        var open = new List<int>();
        var candidates = new SortedSet<decimal>();
        var isNull = _theory.Find(TermTable.Null);
        foreach (var (atom, isTrue) in solver.AssignedAtoms())
        {
            if (atom.Kind != PropKind.Less)
                continue;
            int a = _theory.Find(atom.A), b = _theory.Find(atom.B);
            if (a == isNull || b == isNull || (IsDate(a) || IsDate(b)) != areDates)
                continue;
            orders.Add((a, b, isTrue));
            foreach (var term in (int[])[a, b])
            {
                var node = terms[term];
                if (node.Kind == ValueKind.Constant)
                {
                    if (!Constants.TryNumber(node.Name, out var number))
                        return;
                    candidates.UnionWith([number - 2, number - 1, number - 0.5m, number, number + 0.5m, number + 1, number + 2]);
                }
                else if (!open.Contains(term))
                    open.Add(term);
            }
        }
        if (open.Count is 0 or > 8)
            return;
        if (areDates)
            candidates.Clear();
        for (var i = 1; i <= open.Count + 1; i++)
            candidates.Add(i);
        var chosen = new Dictionary<int, decimal>();
        if (!Choose(0))
            return;
        foreach (var pair in chosen)
        {
            var type = terms[pair.Key].Type;
            _values[pair.Key] = areDates
                ? Datum.Of(type, "2026-01-" + ((int)pair.Value).ToString("00", CultureInfo.InvariantCulture))
                : Datum.Of(TypeFamily.IsNumber(type) ? type : TypeFamily.Numeric, Constants.Number(pair.Value));
        }

        bool IsDate(int term) => terms[term].Type is "timestamptz" or "timestamp" or "date";

        bool Choose(int position)
        {
            if (position == open.Count)
                return true;
            foreach (var candidate in candidates)
            {
                if ((terms[open[position]].Type == TypeFamily.Integer || areDates) && decimal.Truncate(candidate) != candidate)
                    continue;
                if (chosen.ContainsValue(candidate))
                    continue;
                chosen[open[position]] = candidate;
                if (Fits() && Choose(position + 1))
                    return true;
                chosen.Remove(open[position]);
            }
            return false;
        }

        bool Fits()
        {
            foreach (var (less, greater, isTrue) in orders)
            {
                if (Number(less) is { } x && Number(greater) is { } y && x < y != isTrue)
                    return false;
            }
            return true;
        }

        decimal? Number(int term) =>
            chosen.TryGetValue(term, out var value) ? value : terms[term].Kind == ValueKind.Constant && Constants.TryNumber(terms[term].Name, out var number) ? number : null;
    }

    // A text that is cast, or that a function gives, must be written so that it comes out right.
    private void AssignTexts(int count)
    {
        var hasCanonical = false;
        for (var term = 0; term < count; term++)
            hasCanonical |= terms[term].Name == "cast:uuid>text";
        for (var term = 0; term < count; term++)
        {
            var node = terms[term];
            if (node.Kind != ValueKind.Function || _values.ContainsKey(_theory.Find(term)) || terms[_theory.Find(term)].Kind is ValueKind.Null or ValueKind.Constant)
                continue;
            if (node.Name is "cast:uuid>text" or "cast:integer>text" or "cast:boolean>text")
                _values[_theory.Find(term)] = ValueOf(node.Arguments[0]) is { Kind: DatumKind.Value } value ? Datum.Of(TypeFamily.Text, value.Text) : Datum.Open;
        }
        for (var term = 0; term < count; term++)
        {
            var node = terms[term];
            if (node.Kind != ValueKind.Function || node.Arguments.Length != 1)
                continue;
            var argument = _theory.Find(node.Arguments[0]);
            if (_values.ContainsKey(argument) || terms[argument].Kind is ValueKind.Null or ValueKind.Constant)
                continue;
            var result = ValueOf(term);
            switch (node.Name)
            {
                case "cast:text>uuid" or "cast:any>uuid":
                    _values[argument] = Datum.Of(TypeFamily.Text, result.Kind != DatumKind.Value ? "none" : hasCanonical ? result.Text.ToUpperInvariant() : result.Text);
                    break;
                case "cast:text>integer" or "cast:text>boolean":
                    _values[argument] = Datum.Of(TypeFamily.Text, result.Kind == DatumKind.Value ? result.Text : "none");
                    break;
                case var cast when cast.StartsWith("cast:text>", StringComparison.Ordinal) && result.Items is { } items:
                    _values[argument] = Datum.Of(TypeFamily.Text, "{" + string.Join(",", items.Select(static item => item.Text)) + "}");
                    break;
                case var cast when cast.StartsWith("cast:text>enum:", StringComparison.Ordinal) && result.Kind == DatumKind.Value:
                    _values[argument] = Datum.Of(TypeFamily.Text, result.Text);
                    break;
                case "total:lower" or "total:upper" when result.Kind == DatumKind.Value:
                    _values[argument] = Datum.Of(TypeFamily.Text, Swapped(result.Text));
                    break;
            }
        }
    }

    private string Swapped(string text)
    {
        var upper = text.ToUpperInvariant();
        var swapped = string.Equals(upper, text, StringComparison.Ordinal) ? text.ToLowerInvariant() : upper;
        foreach (var value in _values.Values)
        {
            if (value.Text == swapped)
                return text.Length > 0 ? char.ToUpperInvariant(text[0]) + text.Substring(1).ToLowerInvariant() : text;
        }
        return swapped;
    }

    private ModelRow MakeRow(int row)
    {
        var source = terms.SourceOf(row);
        var made = new ModelRow(source.Key, source.Relation) { IsVisible = solver.ValueOf(PropKind.Visible, row) ?? true };
        foreach (var column in source.Columns)
        {
            if (solver.IsRelevant(terms.Column(row, column)))
                made.Values[column] = ValueOf(terms.Column(row, column));
        }
        Complete(made);
        return made;
    }

    private void Complete(ModelRow row)
    {
        if (row.Relation is null)
            return;
        foreach (var column in row.Relation.Columns)
        {
            if (!row.Values.ContainsKey(column.Name))
                row.MadeUp.Add(column.Name);
        }
        foreach (var column in row.Relation.Columns)
        {
            if (row.Values.TryGetValue(column.Name, out var value) && value.Kind != DatumKind.Null)
                continue;
            var type = terms.TypeOf(column.Type);
            row.Values[column.Name] = !column.IsNotNull.Value ? Datum.Null
                : row.Relation is Table table && UsualValue.Of(table, column) is { } literal && Constants.Coerce(literal, type) is { } text ? Datum.Of(type, text)
                : Fitting(Fresh(type), column.Type);
        }
    }

    // What is made up for a column keeps to the limits of its type, too: `numeric(5,2)`, `varchar(3)`.
    private static Datum Fitting(Datum value, string type)
    {
        var open = type.IndexOf('(');
        if (open < 0 || value.Kind != DatumKind.Value)
            return value;
        if (type.StartsWith("numeric", StringComparison.Ordinal))
            return Datum.Of(value.Type, "0");
        var end = type.IndexOfAny([')', ','], open);
        return type.StartsWith("character", StringComparison.Ordinal) && int.TryParse(type.Substring(open + 1, end - open - 1), NumberStyles.Integer, CultureInfo.InvariantCulture, out var length) && value.Text.Length > length
            ? Datum.Of(value.Type, value.Text.Substring(value.Text.Length - length))
            : value;
    }

    private static bool IsSameRow(ModelRow left, ModelRow right)
    {
        if (left.Source != right.Source || left.Relation is not Table table)
            return false;
        foreach (var key in TableKeys.Of(table))
        {
            var isSame = true;
            foreach (var column in key)
                isSame &= left.Values.TryGetValue(column, out var a) && right.Values.TryGetValue(column, out var b) && a.Kind == DatumKind.Value && a == b;
            if (isSame)
                return true;
        }
        return false;
    }

    // Foreign keys of rows that nothing asked about still need their parents.
    private void AddParents(ModelRow? target, bool isTargetNew, List<ModelRow> others)
    {
        for (var i = target is null ? 0 : -1; i < others.Count && others.Count < MaximumParents; i++)
        {
            var child = i < 0 ? target! : others[i];
            if (child.Relation is not Table table)
                continue;
            foreach (var constraint in table.Constraints)
            {
                if (constraint is not { Kind: ConstraintKind.ForeignKey, IsValidated: true, ReferencedTable: { } referenced } || constraint.ReferencedColumns.Count != constraint.Columns.Count
                    || !catalog.Relations.TryGetValue(referenced, out var relation) || relation is not Table parentTable)
                    continue;
                var parent = new ModelRow(referenced.ToString(), parentTable) { IsParent = !IsRead(referenced.ToString()) };
                var isComplete = true;
                for (var c = 0; c < constraint.Columns.Count; c++)
                {
                    var value = child.Values.TryGetValue(constraint.Columns[c], out var known) ? known : Datum.Null;
                    isComplete &= value.Kind == DatumKind.Value;
                    parent.Values[constraint.ReferencedColumns[c]] = value;
                }
                if (!isComplete || (!isTargetNew && target is not null && Has(target, parent)) || others.Exists(other => Has(other, parent)))
                    continue;
                PointBack(parentTable, parent, others);
                Complete(parent);
                others.Add(parent);
            }
        }
    }

    private bool IsRead(string source)
    {
        for (var row = 0; row < terms.RowCount; row++)
        {
            if (terms.SourceOf(row).Key == source)
                return true;
        }
        return false;
    }

    // A parent that must have a parent itself takes one of the rows that are there: keys that form a circle come to an end.
    private static void PointBack(Table table, ModelRow parent, List<ModelRow> others)
    {
        foreach (var constraint in table.Constraints)
        {
            if (constraint is not { Kind: ConstraintKind.ForeignKey, Columns.Count: 1, ReferencedColumns.Count: 1, ReferencedTable: { } referenced })
                continue;
            var column = constraint.Columns[0];
            if (parent.Values.ContainsKey(column) || table.FindColumn(column) is not { IsNotNull.Value: true } || TableKeys.Of(table).Any(key => key.Count == 1 && key[0] == column))
                continue;
            var known = others.Find(other => other.Source == referenced.ToString() && other.Values.TryGetValue(constraint.ReferencedColumns[0], out var key) && key.Kind == DatumKind.Value);
            if (known is not null)
                parent.Values[column] = known.Values[constraint.ReferencedColumns[0]];
        }
    }

    private static bool Has(ModelRow row, ModelRow keys)
    {
        if (row.Source != keys.Source)
            return false;
        foreach (var pair in keys.Values)
        {
            if (!row.Values.TryGetValue(pair.Key, out var value) || value.Text != pair.Value.Text)
                return false;
        }
        return true;
    }
}
