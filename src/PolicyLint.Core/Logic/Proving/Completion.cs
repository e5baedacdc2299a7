using System.Globalization;
using PolicyLint.Core.Catalog;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Logic.Proving;

/// <summary>
/// Rows that a model needs and asks little of, such as parents of foreign keys, under the check constraints of their tables: columns that nothing asks
/// for take another value where the one made up is not allowed.
/// </summary>
internal sealed class Completion(Interpreter interpreter, TermTable types)
{
    private int _fresh;

    /// <summary>Changes made-up values until no check constraint is FALSE, as far as one column at a time gets there.</summary>
    public void Complete(Model model)
    {
        foreach (var row in model.Rows)
        {
            if (row.Relation is not Table table || row.MadeUp.Count == 0)
                continue;
            foreach (var constraint in table.Constraints)
            {
                if (interpreter.IsRefused(row, constraint))
                    Change(row, table, constraint.Condition!.Tree);
            }
        }
    }

    private void Change(ModelRow row, Table table, Expression condition)
    {
        var words = new Words();
        words.Visit(condition);
        foreach (var column in table.Columns)
        {
            if (!words.Columns.Contains(column.Name) || !row.MadeUp.Contains(column.Name) || IsReference(table, column.Name))
                continue;
            var before = row.Values[column.Name];
            foreach (var candidate in Candidates(types.TypeOf(column.Type), words.Literals))
            {
                row.Values[column.Name] = candidate;
                if (!IsForbidden(row, table))
                    return;
            }
            row.Values[column.Name] = before;
        }
    }

    private bool IsForbidden(ModelRow row, Table table)
    {
        foreach (var constraint in table.Constraints)
        {
            if (interpreter.IsRefused(row, constraint))
                return true;
        }
        return false;
    }

    private List<Datum> Candidates(string type, List<string> literals)
    {
        var candidates = new List<Datum>();
        var number = (++_fresh).ToString(CultureInfo.InvariantCulture);
        switch (type)
        {
            case TypeFamily.Integer or TypeFamily.Numeric:
                foreach (var literal in literals)
                {
                    if (!Constants.TryNumber(literal, out var value))
                        continue;
                    foreach (var near in (decimal[])[value, value + 1, value - 1])
                        candidates.Add(Datum.Of(type, Constants.Number(near)));
                }
                break;
            case TypeFamily.Boolean:
                candidates.AddRange([Datum.True, Datum.False]);
                break;
            case TypeFamily.Uuid:
                candidates.Add(Datum.Of(type, "bbbbbbbb-0000-4000-8000-" + _fresh.ToString("x12", CultureInfo.InvariantCulture)));
                break;
            case "timestamptz" or "timestamp" or "date":
                candidates.AddRange([Datum.Of(type, "2026-01-01"), Datum.Of(type, "2026-01-31")]);
                break;
            default:
                foreach (var literal in literals)
                    candidates.Add(Datum.Of(type, literal));
                if (type == TypeFamily.Text)
                    candidates.Add(Datum.Of(type, "other" + number));
                break;
        }
        return candidates;
    }

    // A row that it points to was made already, or is not needed.
    private static bool IsReference(Table table, string column)
    {
        foreach (var constraint in table.Constraints)
        {
            if (constraint.Kind == ConstraintKind.ForeignKey && constraint.Columns.Contains(column))
                return true;
        }
        return false;
    }

    private sealed class Words : SqlVisitor
    {
        public HashSet<string> Columns { get; } = new(StringComparer.Ordinal);

        public List<string> Literals { get; } = [];

        public override void VisitColumnReference(ColumnReference node)
        {
            Columns.Add(node.Name.Name.Text);
            base.VisitColumnReference(node);
        }

        public override void VisitLiteral(Literal node)
        {
            if (node.Kind is LiteralKind.String or LiteralKind.Integer or LiteralKind.Float)
                Literals.Add(node.GetText());
        }
    }
}
