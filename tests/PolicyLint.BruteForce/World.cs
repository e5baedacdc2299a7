using System.Text;

namespace PolicyLint.BruteForce;

/// <summary>
/// A small database, a session, and what opaque functions say. A value is chosen when it is first read, so that going through all choices goes
/// through every world that can make a difference and through no two that cannot be told apart.
/// </summary>
internal sealed class World
{
    public const string User1 = "aaaaaaaa-0000-4000-8000-000000000001";
    public const string User2 = "aaaaaaaa-0000-4000-8000-000000000002";
    public const int OpaqueFunctions = 8;
    public const int Coins = 12;
    private const int ArgumentClasses = 4;
    private const int FirstOpaque = 4;
    private const int FirstCoin = FirstOpaque + (OpaqueFunctions * ArgumentClasses);
    private const int FirstRow = FirstCoin + Coins;

    private readonly int[] _values;
    private readonly int[][] _domains;
    private readonly int[] _choices;
    private readonly List<int> _trail = [];
    private readonly List<int>[] _rows = [[], [], []];
    private readonly List<(int Base, Shape Shape)> _all = [];
    private readonly int _user1;
    private readonly int _user2;
    private int _coin;

    public World(Pool pool, bool isTargetNew, int docs, int orgs, int members, Func<Shape, Column, bool> isNotNull, bool hasOrgKey)
    {
        Pool = pool;
        IsTargetNew = isTargetNew;
        var size = FirstRow + ((docs + 1) * 8) + (orgs * 4) + (members * 4);
        _values = new int[size];
        _choices = new int[size];
        _domains = new int[size][];
        Array.Fill(_values, Pool.Unset);
        (_user1, _user2) = (pool.Of(User1), pool.Of(User2));
        int a = pool.Of("a"), b = pool.Of("b"), empty = pool.Of("");
        _domains[(int)SessionValue.Subject] = [_user1, _user2, Pool.Null];
        _domains[(int)SessionValue.Role] = [a, b, Pool.Null];
        _domains[(int)SessionValue.Org] = [_user1, _user2, Pool.Null];
        _domains[(int)SessionValue.Setting] = [_user1, Pool.Null, empty, _user2];
        for (var i = 0; i < OpaqueFunctions * ArgumentClasses; i++)
            _domains[FirstOpaque + i] = Function.IsUuid(i / ArgumentClasses) ? [_user1, _user2, Pool.Null] : [1, 0, Pool.Null];
        for (var i = 0; i < Coins; i++)
            _domains[FirstCoin + i] = [1, 0, Pool.Null];
        int[] texts = [a, b, pool.Of("A"), _user1, empty, Pool.Null];
        int[] arrays = [pool.Of([_user1]), Pool.Null, pool.Of([]), pool.Of([_user1, _user2]), pool.Of([Pool.Null]), pool.Of([_user2, Pool.Null])];
        var at = FirstRow;
        Target = Add(Shape.Docs, isTargetNew);
        _domains[Target] = [1];
        _domains[Target + 1] = [1];
        for (var i = 0; i < docs; i++)
            _domains[Add(Shape.Docs, false) + 1] = isTargetNew ? [2, 1] : [2];
        for (var i = 0; i < orgs; i++)
        {
            var row = Add(Shape.Orgs, false);
            if (hasOrgKey && orgs == 2)
                _domains[row + 1] = [i == 0 ? _user1 : _user2];
        }
        for (var i = 0; i < members; i++)
            Add(Shape.Members, false);

        int Add(Shape shape, bool isApart)
        {
            var row = at;
            at += shape.Columns.Length + 1;
            _domains[row] = [1, 0];
            for (var i = 0; i < shape.Columns.Length; i++)
            {
                int[] domain = shape.Columns[i].Sort switch
                {
                    Sort.Boolean => [1, 0, Pool.Null],
                    Sort.Integer => [1, 0, 2, 3, Pool.Null],
                    Sort.Text => texts,
                    Sort.Uuid => [_user1, _user2, Pool.Null],
                    _ => arrays,
                };
                _domains[row + 1 + i] = isNotNull(shape, shape.Columns[i]) ? [.. domain.Where(static value => value != Pool.Null)] : domain;
            }
            if (!isApart)
                _rows[shape.Number].Add(row);
            _all.Add((row, shape));
            return row;
        }
    }

    public Pool Pool { get; }

    public bool IsTargetNew { get; }

    public int Target { get; }

    /// <summary>The row that each alias stands for; negative for the row of an outer join that has no partner.</summary>
    public int[] Slots { get; } = new int[512];

    public int[] Locals { get; } = new int[512];

    /// <summary>Something was evaluated that raises an error.</summary>
    public bool Raised { get; set; }

    /// <summary>Makes choices at random instead of one after the other.</summary>
    public Random? Random { get; set; }

    /// <summary>Places of the rows that stand in a table, whether there or not.</summary>
    public List<int> RowsOf(Shape shape) => _rows[shape.Number];

    public bool Exists(int row) => Read(row) == 1;

    public int Session(SessionValue value) => Read((int)value);

    public int Opaque(int function, int argument) =>
        Read(FirstOpaque + (function * ArgumentClasses) + (argument == Pool.Null ? 0 : argument == _user1 ? 1 : argument == _user2 ? 2 : 3));

    /// <summary>The volatile function is taken to say the same for the same arguments.</summary>
    public bool IsVolatileSteady { get; init; }

    /// <summary>What a volatile function says this time.</summary>
    public int Coin() => Read(FirstCoin + (_coin++ % Coins));

    public int Read(int place)
    {
        var value = _values[place];
        if (value != Pool.Unset)
            return value;
        var domain = _domains[place];
        _choices[place] = Random is null ? 0 : Random.Next(domain.Length);
        _trail.Add(place);
        return _values[place] = domain[_choices[place]];
    }

    public void Start()
    {
        _coin = 0;
        Raised = false;
    }

    /// <summary>The next world; false after the last.</summary>
    public bool Next()
    {
        for (var i = _trail.Count - 1; i >= 0; i--)
        {
            var place = _trail[i];
            if (Random is null && ++_choices[place] < _domains[place].Length)
            {
                _values[place] = _domains[place][_choices[place]];
                return true;
            }
            _values[place] = Pool.Unset;
            _trail.RemoveAt(i);
        }
        return Random is not null;
    }

    public void Set(SessionValue place, int value) => _values[(int)place] = value;

    public void SetRow(int row, int[] values)
    {
        _values[row] = 1;
        values.CopyTo(_values, row + 1);
    }

    /// <summary>Opaque functions say what the given one does.</summary>
    public void SetOpaque(Func<int, int, int> value)
    {
        for (var i = 0; i < OpaqueFunctions * ArgumentClasses; i++)
            _values[FirstOpaque + i] = value(i / ArgumentClasses, (i % ArgumentClasses) switch { 0 => Pool.Null, 1 => _user1, 2 => _user2, _ => Pool.Unset });
    }

    /// <summary>Chooses everything that is still open.</summary>
    public void Complete()
    {
        for (var place = 0; place < _values.Length; place++)
            Read(place);
    }

    /// <summary>The rows that there are, with their values in order of columns; the target first.</summary>
    public IEnumerable<(Shape Shape, int Row, int[] Values)> Rows()
    {
        foreach (var (row, shape) in _all)
        {
            if (_values[row] == 1)
                yield return (shape, row, _values[(row + 1)..(row + 1 + shape.Columns.Length)]);
        }
    }

    /// <summary>What has been read.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var value in Enum.GetValues<SessionValue>())
        {
            if (_values[(int)value] != Pool.Unset)
                text.Append(value).Append(" = ").Append(Pool.Print(Sort.Text, _values[(int)value])).Append("; ");
        }
        for (var i = 0; i < OpaqueFunctions * ArgumentClasses; i++)
        {
            if (_values[FirstOpaque + i] is not Pool.Unset and var said)
                text.Append(Function.OpaqueName(i / ArgumentClasses)).Append('(').Append((i % ArgumentClasses) switch { 0 => "NULL", 1 => "user 1", 2 => "user 2", _ => "another" }).Append(") = ").Append(Pool.Print(Function.IsUuid(i / ArgumentClasses) ? Sort.Uuid : Sort.Boolean, said)).Append("; ");
        }
        foreach (var (shape, _, values) in Rows())
            text.Append(shape.Name).Append('(').AppendJoin(", ", values.Select((value, i) => shape.Columns[i].Name + " = " + (value == Pool.Unset ? "any" : Pool.Print(shape.Columns[i].Sort, value)))).Append("); ");
        return text.ToString();
    }
}
