using PolicyLint.Core.Access;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Logic.Proving;
using PolicyLint.Sql;
using PolicyLint.Sql.Text;
using PolicyLint.Sql.Tree;

namespace PolicyLint.BruteForce;

/// <summary>The interpreter that every refutation passes before it is reported, on the worlds of the grammar.</summary>
internal sealed class Interpreted
{
    private readonly State _state;
    private readonly DatabaseCatalog _catalog;
    private readonly EffectivePolicies _policies;
    private readonly Reading _reading;
    private readonly TermTable _types;

    public Interpreted(State state, IEnumerable<Term> asked)
    {
        _state = state;
        _catalog = Judgement.Replay(state, asked);
        _policies = new(_catalog);
        _reading = new(_catalog, new RoleReading(_policies, "app"));
        _types = new(_catalog);
    }

    /// <summary>Whether a statement may touch the target row or leave it behind; null where the interpreter does not know.</summary>
    public bool? Statement(World world, StatementForm form, PolicyClause clause)
    {
        var value = Evaluate(world, _policies.Of(_catalog.FindTable(new(new Name("docs")))!, form, "app", clause)!);
        return value.Kind == DatumKind.Open ? null : value.IsTrue;
    }

    /// <summary>A condition's value, as the compiled one gives it; null where the interpreter does not know.</summary>
    public int? Condition(World world, Term term, bool seesAll)
    {
        var value = Evaluate(world, new Claim.Condition(SqlParser.ParseExpression(new SourceText(Case.PrintOf(term), "condition"), out _)!, seesAll ? Sight.Everything : Sight.Role));
        return value.Kind == DatumKind.Open ? null : value.IsTrue ? 1 : value.IsFalse ? 0 : Pool.Null;
    }

    private Datum Evaluate(World world, Claim claim)
    {
        var rows = world.Rows().Select(row => (row.Row, Made: Row(world, row.Shape, row.Values))).ToList();
        var session = new Dictionary<string, Datum>(StringComparer.Ordinal)
        {
            [SessionKeys.UserId] = Datumize(world, Sort.Uuid, world.Session(SessionValue.Subject)),
            ["jwt:sub"] = Datumize(world, Sort.Text, world.Session(SessionValue.Subject)),
            ["jwt:role"] = Datumize(world, Sort.Text, world.Session(SessionValue.Role)),
            ["jwt:org"] = Datumize(world, Sort.Text, world.Session(SessionValue.Org)),
            ["guc:app.org"] = Datumize(world, Sort.Text, world.Session(SessionValue.Setting)),
        };
        var assumed = new Dictionary<string, Datum>(StringComparer.Ordinal);
        for (var opaque = 0; opaque < Function.Opaque.Count; opaque++)
        {
            // A function that was changed is another one.
            var number = opaque + (_state.IsOpaqueChanged && !Function.IsUuid(opaque) ? Function.Opaque.Count : 0);
            foreach (var argument in new[] { Pool.Null, world.Pool.Of(World.User1), world.Pool.Of(World.User2) })
                assumed[Model.CallOf("opaque:public." + Function.Opaque[opaque], [Datumize(world, Sort.Uuid, argument)])] = Datumize(world, Function.IsUuid(opaque) ? Sort.Uuid : Sort.Boolean, argument == Pool.Null && opaque == 2 ? Pool.Null : world.Opaque(number, argument));
        }
        var model = new Model(rows.First(row => row.Row == world.Target).Made, world.IsTargetNew, [.. rows.Where(row => row.Row != world.Target).Select(static row => row.Made)], session) { Assumed = assumed };
        return new Interpreter(_reading, _types, model).Evaluate(claim);
    }

    private ModelRow Row(World world, Shape shape, int[] values)
    {
        var row = new ModelRow("public." + shape.Name, _catalog.FindTable(new(new Name(shape.Name))));
        for (var i = 0; i < values.Length; i++)
            row.Values[shape.Columns[i].Name] = Datumize(world, shape.Columns[i].Sort, values[i]);
        return row;
    }

    private static Datum Datumize(World world, Sort sort, int value) => value == Pool.Null ? Datum.Null : sort switch
    {
        Sort.Boolean => Datum.Of(value == 1),
        Sort.Integer => Datum.Of(TypeFamily.Integer, world.Pool.Print(sort, value)),
        Sort.Text => Datum.Of(TypeFamily.Text, world.Pool.TextOf(value)),
        Sort.Uuid => Datum.Of(TypeFamily.Uuid, world.Pool.TextOf(value)),
        _ => new Datum(DatumKind.Value, "array", "") { Items = [.. world.Pool.ItemsOf(value).Select(item => Datumize(world, Sort.Uuid, item))] },
    };
}
