namespace PolicyLint.Core.Logic.Proving;

/// <summary>What is known of terms that stand for the value that a subquery finds.</summary>
internal sealed class Definitions(TermTable terms)
{
    private readonly Dictionary<int, Prop> _all = [];

    /// <summary>Keeps what defines a term. A term is named by all that its definition says: another one says the same of other names for its rows.</summary>
    public void Add(int term, Prop definition) => _all[term] = definition;

    /// <summary>
    /// What defines the terms that a formula speaks of, and those that are spoken of then. Nothing need be said of others: whatever rows there are,
    /// there is a value that fits.
    /// </summary>
    public Prop Of(Prop formula)
    {
        if (_all.Count == 0)
            return Prop.True;
        var needed = new List<Prop>();
        var seen = new HashSet<int>();
        Read(formula);
        return Prop.And([.. needed]);

        void Read(Prop prop)
        {
            foreach (var item in prop.Items)
                Read(item);
            if (prop.Items.Length > 0 || prop.Kind is PropKind.Row or PropKind.Visible)
                return;
            if (prop.A >= 0)
                ReadTerm(prop.A);
            if (prop.B >= 0)
                ReadTerm(prop.B);
        }

        void ReadTerm(int term)
        {
            if (!seen.Add(term))
                return;
            foreach (var argument in terms[term].Arguments)
                ReadTerm(argument);
            if (!_all.TryGetValue(term, out var definition))
                return;
            needed.Add(definition);
            Read(definition);
        }
    }
}
