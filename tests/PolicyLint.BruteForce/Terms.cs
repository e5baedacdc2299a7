using System.Collections.Immutable;
using System.Text;

namespace PolicyLint.BruteForce;

/// <summary>An expression of the grammar. Terms are made well-typed and every change keeps them so.</summary>
internal abstract class Term(Sort sort, ImmutableArray<Term> parts)
{
    public Sort Sort { get; } = sort;

    public ImmutableArray<Term> Parts { get; } = parts;

    /// <summary>What the term counts as in the tally of constructs.</summary>
    public abstract string Construct { get; }

    public abstract Term With(ImmutableArray<Term> parts);

    public abstract void Print(StringBuilder text, Naming naming);

    public IEnumerable<Term> All() => [this, .. Parts.SelectMany(static part => part.All())];

    public override string ToString()
    {
        var text = new StringBuilder();
        Print(text, new Naming());
        return text.ToString();
    }
}

/// <summary>Aliases in sight, from the outermost query in: what a column may be called there.</summary>
internal sealed class Naming
{
    private readonly List<List<(string Alias, Shape Shape)>> _levels = [];

    public void Enter() => _levels.Add([]);

    public void Leave() => _levels.RemoveAt(_levels.Count - 1);

    public void Add(string alias, Shape shape) => _levels[^1].Add((alias, shape));

    /// <summary>Whether the column's bare name means this one: the innermost level that has the name has it once.</summary>
    public bool IsClear(string alias, string column)
    {
        for (var i = _levels.Count - 1; i >= 0; i--)
        {
            var found = _levels[i].Where(item => item.Shape.IndexOf(column) >= 0).ToList();
            if (found.Count > 0)
                return found.Count == 1 && found[0].Alias == alias;
        }
        return false;
    }

    public bool Has(string alias, Shape shape)
    {
        for (var i = _levels.Count - 1; i >= 0; i--)
        {
            foreach (var item in _levels[i])
            {
                if (item.Alias == alias)
                    return item.Shape == shape;
            }
        }
        return false;
    }
}

/// <summary>A column of a row in sight.</summary>
internal sealed class ColumnTerm(string alias, Shape shape, Column column, bool isBare) : Term(column.Sort, [])
{
    public string Alias => alias;

    public Shape Shape => shape;

    public Column Column => column;

    public override string Construct => "column";

    public override Term With(ImmutableArray<Term> parts) => this;

    public override void Print(StringBuilder text, Naming naming)
    {
        if (!isBare || !naming.IsClear(alias, column.Name))
            text.Append(alias).Append('.');
        text.Append(column.Name);
    }
}

/// <summary>A parameter of a function's body.</summary>
internal sealed class ParameterTerm(string name, int position, Sort sort) : Term(sort, [])
{
    public int Position => position;

    public override string Construct => "parameter";

    public override Term With(ImmutableArray<Term> parts) => this;

    public override void Print(StringBuilder text, Naming naming) => text.Append(name);
}

/// <summary>An operator, a literal or a value of the session.</summary>
internal sealed class Operation(Operator @operator, ImmutableArray<Term> parts) : Term(@operator.Sort, parts)
{
    public Operator Operator => @operator;

    public override string Construct => @operator.Construct;

    public override Term With(ImmutableArray<Term> parts) => new Operation(@operator, parts);

    public override void Print(StringBuilder text, Naming naming)
    {
        var format = @operator.Format;
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] == '{' && i + 2 < format.Length && format[i + 2] == '}' && char.IsAsciiDigit(format[i + 1]))
            {
                Parts[format[i + 1] - '0'].Print(text, naming);
                i += 2;
            }
            else
                text.Append(format[i]);
        }
    }
}

/// <summary>A call of a function of the case.</summary>
internal sealed class CallTerm(string name, Sort sort, ImmutableArray<Term> parts) : Term(sort, parts)
{
    public string Name => name;

    public override string Construct => "function " + name;

    public override Term With(ImmutableArray<Term> parts) => new CallTerm(name, Sort, parts);

    public override void Print(StringBuilder text, Naming naming)
    {
        text.Append(name).Append('(');
        for (var i = 0; i < Parts.Length; i++)
        {
            if (i > 0)
                text.Append(", ");
            Parts[i].Print(text, naming);
        }
        text.Append(')');
    }
}

internal enum SubqueryForm
{
    Exists,
    In,
    NotIn,
    Any,
    NotAll,
    AnyArray,
    RowIn,
    Scalar,
}

/// <summary>What is asked of a query's rows; of the parts, the first are compared with the query's targets.</summary>
internal sealed class SubqueryTerm(SubqueryForm form, Sort sort, ImmutableArray<Term> operands, Query query) : Term(sort, [.. operands, .. query.Terms])
{
    public SubqueryForm Form => form;

    public Query Query => query;

    public ImmutableArray<Term> Operands => operands;

    public override string Construct => form switch
    {
        SubqueryForm.Exists => "EXISTS",
        SubqueryForm.In => "IN (query)",
        SubqueryForm.NotIn => "NOT IN (query)",
        SubqueryForm.Any => "= ANY (query)",
        SubqueryForm.NotAll => "<> ALL (query)",
        SubqueryForm.AnyArray => "= ANY (ARRAY(query))",
        SubqueryForm.RowIn => "row IN (query)",
        _ => "scalar subquery",
    };

    public override Term With(ImmutableArray<Term> parts) => new SubqueryTerm(form, Sort, [.. parts.Take(operands.Length)], query.With([.. parts.Skip(operands.Length)]));

    /// <summary>The same with another query.</summary>
    public SubqueryTerm With(Query other) => new(form, Sort, operands, other);

    public override void Print(StringBuilder text, Naming naming)
    {
        text.Append('(');
        if (operands.Length > 1)
            text.Append("row(");
        for (var i = 0; i < operands.Length; i++)
        {
            if (i > 0)
                text.Append(", ");
            operands[i].Print(text, naming);
        }
        if (operands.Length > 1)
            text.Append(')');
        text.Append(form switch
        {
            SubqueryForm.Exists => "exists (",
            SubqueryForm.In or SubqueryForm.RowIn => " in (",
            SubqueryForm.NotIn => " not in (",
            SubqueryForm.Any => " = any (",
            SubqueryForm.NotAll => " <> all (",
            SubqueryForm.AnyArray => " = any (array(",
            _ => "",
        });
        query.Print(text, naming);
        text.Append(form switch { SubqueryForm.Scalar => ")", SubqueryForm.AnyArray => ")))", _ => "))" });
    }
}

internal enum JoinForm
{
    Comma,
    Inner,
    Left,
    Right,
}

internal sealed record Source(Shape Shape, string Alias, JoinForm Join, Term? On);

/// <summary>A query over tables, or over what a function of the case returns.</summary>
internal sealed class Query(ImmutableArray<Source> sources, Term? where, ImmutableArray<Term> targets, string? setFunction, Query? union, string tail)
{
    public ImmutableArray<Source> Sources => sources;

    public Term? Where => where;

    public ImmutableArray<Term> Targets => targets;

    /// <summary>`select f()` of a function that returns rows.</summary>
    public string? SetFunction => setFunction;

    public Query? Union => union;

    /// <summary>DISTINCT, ORDER BY or LIMIT where they change nothing.</summary>
    public string Tail => tail;

    public IEnumerable<Term> Terms =>
        [.. sources.Where(static s => s.On is not null).Select(static s => s.On!), .. where is null ? ImmutableArray<Term>.Empty : [where], .. targets, .. union?.Terms ?? []];

    public Query With(ImmutableArray<Term> terms)
    {
        var at = 0;
        return With(terms, ref at);
    }

    /// <summary>The same without one of its sources, its conditions or its second half.</summary>
    public IEnumerable<Query> Smaller()
    {
        if (union is not null)
        {
            yield return new Query(sources, where, targets, setFunction, null, tail);
            yield return union;
        }
        if (tail.Length > 0)
            yield return new Query(sources, where, targets, setFunction, union, "");
        if (where is not null)
            yield return new Query(sources, null, targets, setFunction, union, tail);
        for (var i = 0; i < sources.Length && sources.Length > 1; i++)
        {
            var rest = sources.RemoveAt(i);
            yield return new Query(rest.SetItem(0, rest[0] with { Join = JoinForm.Comma, On = null }), where, targets, setFunction, union, tail);
        }
        for (var i = 1; i < sources.Length; i++)
        {
            if (sources[i].Join != JoinForm.Inner && sources[i].On is not null)
                yield return new Query(sources.SetItem(i, sources[i] with { Join = JoinForm.Inner }), where, targets, setFunction, union, tail);
        }
    }

    public void Print(StringBuilder text, Naming naming)
    {
        naming.Enter();
        foreach (var source in sources)
            naming.Add(source.Alias, source.Shape);
        text.Append("select ").Append(tail == "distinct" ? "distinct " : "");
        if (setFunction is not null)
            text.Append(setFunction).Append("()");
        else if (targets.Length == 0)
            text.Append('1');
        for (var i = 0; i < targets.Length; i++)
        {
            if (i > 0)
                text.Append(", ");
            targets[i].Print(text, naming);
        }
        for (var i = 0; i < sources.Length; i++)
        {
            var source = sources[i];
            text.Append(i == 0 ? " from " : source.Join switch { JoinForm.Comma => ", ", JoinForm.Inner => " join ", JoinForm.Left => " left join ", _ => " right join " });
            text.Append(source.Shape.Name);
            if (source.Alias != source.Shape.Name)
                text.Append(' ').Append(source.Alias);
            if (source.On is not null)
            {
                text.Append(" on ");
                source.On.Print(text, naming);
            }
        }
        if (where is not null)
        {
            text.Append(" where ");
            where.Print(text, naming);
        }
        if (tail is not ("" or "distinct"))
            text.Append(' ').Append(tail);
        naming.Leave();
        if (union is null)
            return;
        text.Append(" union ");
        union.Print(text, naming);
    }

    private Query With(ImmutableArray<Term> terms, ref int at)
    {
        var changed = ImmutableArray.CreateBuilder<Source>();
        foreach (var source in sources)
            changed.Add(source.On is null ? source : source with { On = terms[at++] });
        var condition = where is null ? null : terms[at++];
        var values = ImmutableArray.CreateBuilder<Term>();
        for (var i = 0; i < targets.Length; i++)
            values.Add(terms[at++]);
        return new(changed.ToImmutable(), condition, values.ToImmutable(), setFunction, union?.With(terms, ref at), tail);
    }
}
