using PolicyLint.Core.Catalog;

namespace PolicyLint.Core.Logic.Proving;

/// <summary>
/// Decides whether a claim about a row of a table follows from another (PROVER 2): is "premise TRUE and goal not TRUE" satisfiable?
/// Proven: it is not. Refuted: the interpreter confirms the model. Everything else is Unknown with its reason.
/// </summary>
internal sealed class Prover(ICatalog catalog, IPolicySource policies, int steps, CancellationToken cancellation)
{
    private const int MaximumParts = 64;

    /// <summary>Replaces the encoded premise: for the test that a wrong encoding is caught before it is reported.</summary>
    internal Func<Prop, Prop>? Tamper { get; init; }

    /// <summary>Whether the goal is true of every row of which the premise is.</summary>
    /// <param name="table">Whose rows.</param>
    /// <param name="premise">What is given.</param>
    /// <param name="goal">What must follow.</param>
    /// <param name="isNew">The row is about to be written: it is not in its table yet.</param>
    public Verdict Decide(Table table, Claim premise, Claim goal, bool isNew)
    {
        try
        {
            return DecideCore(table, premise, goal, isNew);
        }
        catch (UndecidedException undecided)
        {
            return new Verdict.Unknown(undecided.Reason, undecided.Message, undecided.Span);
        }
    }

    private Verdict DecideCore(Table table, Claim premise, Claim goal, bool isNew)
    {
        if (table.Taints.Count > 0)
            return new Verdict.Unknown(UnknownReason.Tainted, table.Id + " may have been changed by a statement that could not be read");
        var terms = new TermTable(catalog);
        var encoder = new Encoder(catalog, policies, terms);
        var target = terms.NewRow(terms.Source(table.Id.ToString(), table));
        var given = encoder.Encode(premise, target, table.Id.Name);
        var wanted = encoder.Encode(goal, target, table.Id.Name);
        if (Tamper is not null)
            given = Tamper(given);
        var sessions = new List<Prop>();
        var columns = new List<Prop>();
        for (var term = 0; term < terms.Count; term++)
        {
            if (terms[term].Kind == ValueKind.Session)
                sessions.Add(Prop.IsNotNull(terms, term));
            else if (terms[term].Kind == ValueKind.Column && terms[term].Row == target)
                columns.Add(Prop.IsNotNull(terms, term));
        }
        var isOpen = false;
        foreach (var part in Split(given))
        {
            var question = Prop.And(part, Prop.Not(wanted));
            if (Solve(question, false) is null)
                continue;
            isOpen = true;
            // A signed-in user and a full row tell more than an anonymous session and NULLs; what holds whatever opaque functions say tells most.
            foreach (var wish in (Prop[])[Prop.And([.. sessions, .. columns]), Prop.And([.. sessions]), Prop.True])
            {
                if (Solve(Prop.And(question, wish), true) is { } model && Confirm(model) is { } witness)
                    return new Verdict.Refuted(witness);
            }
        }
        if (!isOpen)
            return new Verdict.Proven([.. encoder.Assumptions]);
        return encoder.Opaque.Count > 0
            ? new Verdict.Unknown(UnknownReason.OpaqueFunction, "it depends on " + string.Join(", ", encoder.Opaque))
            : new Verdict.Unknown(UnknownReason.ModelReplayFailed, "a counterexample was found and could not be confirmed");

        Model? Solve(Prop question, bool isCautious)
        {
            var grounder = new Grounder(catalog, terms, encoder.EncodeCheck, cancellation) { IsCautious = isCautious };
            var solver = new Solver(terms, grounder.Run(question, target, isNew), steps, cancellation);
            return solver.IsSatisfiable() ? new ModelBuilder(catalog, terms, solver).Build(grounder.Rows, isNew) : null;
        }

        Witness? Confirm(Model model)
        {
            var interpreter = new Interpreter(catalog, policies, terms, model);
            if (!interpreter.Evaluate(premise).IsTrue || interpreter.Evaluate(goal) is { Kind: DatumKind.Open } or { IsTrue: true })
                return null;
            // Rows of a view, or of a table that no file makes, may not be possible.
            foreach (var row in model.Others)
            {
                if (row.Relation is not Table { IsAssumed: false })
                    return null;
            }
            return interpreter.SatisfiesConstraints() ? Describe(model) : null;
        }
    }

    /// <summary>The disjuncts that carry EXISTS, so that only one of them has its rows at a time (PROVER 2.5).</summary>
    private static List<Prop> Split(Prop prop)
    {
        if (!prop.HasQuantifier || prop.Kind is not (PropKind.Or or PropKind.And))
            return [prop];
        if (prop.Kind == PropKind.Or)
        {
            var parts = new List<Prop>();
            foreach (var item in prop.Items)
                parts.AddRange(Split(item));
            return parts.Count <= MaximumParts ? parts : [prop];
        }
        var products = new List<Prop> { Prop.True };
        foreach (var item in prop.Items)
        {
            var choices = item.HasQuantifier ? Split(item) : [item];
            if (products.Count * choices.Count > MaximumParts)
                choices = [item];
            var next = new List<Prop>();
            foreach (var product in products)
            {
                foreach (var choice in choices)
                    next.Add(Prop.And(product, choice));
            }
            products = next;
        }
        return products;
    }

    private static Witness Describe(Model model)
    {
        var session = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in model.Session)
            session[SessionName(pair.Key)] = Print(pair.Value);
        var rows = new List<WitnessRow> { Describe(model.Target) };
        foreach (var row in model.Others)
            rows.Add(Describe(row));
        return new(new Dictionary<string, string>(session, StringComparer.Ordinal), rows, []);
    }

    private static WitnessRow Describe(ModelRow row)
    {
        var values = new Dictionary<string, string>();
        if (row.Relation is { AreColumnsKnown: true })
        {
            foreach (var column in row.Relation.Columns)
                values[column.Name] = row.Values.TryGetValue(column.Name, out var value) ? Print(value) : "NULL";
        }
        else
        {
            foreach (var pair in row.Values)
                values[pair.Key] = Print(pair.Value);
        }
        return new(row.Relation?.Id.Name ?? row.Source.TrimStart('?'), values);
    }

    private static string SessionName(string key)
    {
        if (key.StartsWith("guc:", StringComparison.Ordinal))
            return "current_setting('" + key.Substring(4) + "')";
        if (key.StartsWith("jwt:", StringComparison.Ordinal))
            return key.IndexOf('/') < 0 ? "auth.jwt() ->> '" + key.Substring(4) + "'" : "auth.jwt() #>> '{" + key.Substring(4).Replace('/', ',') + "}'";
        return key.StartsWith("@", StringComparison.Ordinal) ? key.Substring(1) : key;
    }

    private static string Print(Datum value)
    {
        if (value.Kind != DatumKind.Value)
            return value.Text;
        if (value.Items is { } items)
        {
            var text = "ARRAY[";
            for (var i = 0; i < items.Count; i++)
                text += (i == 0 ? "" : ", ") + Print(items[i]);
            return text + "]";
        }
        return TypeFamily.IsNumber(value.Type) || value.Type == TypeFamily.Boolean ? value.Text : "'" + value.Text.Replace("'", "''") + "'";
    }
}
