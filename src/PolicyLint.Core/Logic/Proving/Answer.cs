using PolicyLint.Core.Catalog;

namespace PolicyLint.Core.Logic.Proving;

/// <summary>A verdict, and what else came of deciding it.</summary>
/// <param name="Verdict">The verdict.</param>
/// <param name="ReadsOwnTable">Other rows of the asked table bear on it.</param>
/// <param name="ReadsPolicies">Policies of the tables that it reads were looked up: another role may have another answer.</param>
/// <param name="Model">What refutes it; otherwise null.</param>
internal sealed record Answer(Verdict Verdict, bool ReadsOwnTable, bool ReadsPolicies, KeptModel? Model);

/// <summary>An answer that was found.</summary>
/// <param name="Answer">As it was given.</param>
internal sealed record FoundAnswer(Answer Answer)
{
    /// <summary>The names that others have taken the place of, where the answer speaks of them; otherwise null.</summary>
    public Dictionary<string, string>? Names { get; init; }

    /// <summary>Keeps the verdict under the other names.</summary>
    public Action<Verdict>? Tell { get; init; }
}

/// <summary>A model without the catalog that its rows are of.</summary>
internal sealed class KeptModel
{
    private readonly Model _model;
    private readonly List<(QualifiedId Id, ModelRow Row)> _rows = [];

    public KeptModel(Model model)
    {
        foreach (var row in model.Rows)
        {
            var kept = new ModelRow(row.Source, null) { IsVisible = row.IsVisible, IsParent = row.IsParent };
            foreach (var value in row.Values)
                kept.Values.Add(value.Key, value.Value);
            _rows.Add((row.Relation!.Id, kept));
        }
        _model = model with { Target = null, Others = [] };
    }

    /// <summary>The model in a catalog where some names are others; null where a table is not there.</summary>
    public Model? In(ICatalog catalog, Table table, Dictionary<string, string> names)
    {
        var rows = new List<ModelRow>();
        foreach (var (id, row) in _rows)
        {
            var renamed = new QualifiedId(id.Schema, New(id.Name));
            if (rows.Count > 0 && !catalog.Relations.ContainsKey(renamed))
                return null;
            var made = new ModelRow(renamed.ToString(), rows.Count == 0 ? table : catalog.Relations[renamed]) { IsVisible = row.IsVisible, IsParent = row.IsParent };
            foreach (var value in row.Values)
                made.Values[New(value.Key)] = value.Value;
            rows.Add(made);
        }
        return _model with { Target = rows[0], Others = rows.GetRange(1, rows.Count - 1) };

        string New(string name) => names.TryGetValue(name, out var other) ? other : name;
    }
}
