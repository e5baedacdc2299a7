using System.Collections.Immutable;
using System.Globalization;

namespace PolicyLint.BruteForce;

/// <summary>Evaluates in a world.</summary>
internal delegate int Code(World world);

/// <summary>What an operator takes and gives, how it is written, and what it means.</summary>
internal sealed record Operator(string Construct, Sort Sort, ImmutableArray<Sort> Operands, string Format, Func<Code[], Code> Make)
{
    private const int Null = Pool.Null;
    private static readonly Sort[] s_scalars = [Sort.Uuid, Sort.Integer, Sort.Text, Sort.Boolean];

    public static readonly Operator And = Of("AND", Sort.Boolean, [Sort.Boolean, Sort.Boolean], "({0} and {1})", static c => w => c[0](w) is var x && x == 0 ? 0 : Both(x, c[1](w)));
    public static readonly Operator Or = Of("OR", Sort.Boolean, [Sort.Boolean, Sort.Boolean], "({0} or {1})", static c => w => c[0](w) is var x && x == 1 ? 1 : Either(x, c[1](w)));
    public static readonly Operator Negation = Of("NOT", Sort.Boolean, [Sort.Boolean], "(not {0})", static c => w => Not(c[0](w)));
    public static readonly Operator True = Constant(Sort.Boolean, "true", 1);
    public static readonly Operator False = Constant(Sort.Boolean, "false", 0);
    public static readonly Operator UserId = Of("auth.uid()", Sort.Uuid, [], "auth.uid()", static _ => static w => Uuid(w, w.Session(SessionValue.Subject)));
    public static readonly Operator SelectedUserId = UserId with { Format = "(select auth.uid())", Construct = "(select auth.uid())" };
    public static readonly Operator Setting = Of("current_setting", Sort.Text, [], "current_setting('app.org', true)", static _ => static w => w.Session(SessionValue.Setting));
    public static readonly Operator SettingAsUuid = Of("setting as uuid", Sort.Uuid, [], "nullif(current_setting('app.org', true), '')::uuid", static _ => static w => w.Session(SessionValue.Setting) is var s && s != Null && w.Pool.TextOf(s).Length == 0 ? Null : Uuid(w, s));
    public static readonly Operator RoleClaim = Of("claim", Sort.Text, [], "(auth.jwt() ->> 'role')", static _ => static w => w.Session(SessionValue.Role));
    public static readonly Operator SubjectClaim = Of("claim", Sort.Text, [], "(auth.jwt() ->> 'sub')", static _ => static w => w.Session(SessionValue.Subject));
    public static readonly Operator OrgClaim = Of("claim as uuid", Sort.Uuid, [], "(auth.jwt() ->> 'org')::uuid", static _ => static w => Uuid(w, w.Session(SessionValue.Org)));

    /// <summary>All, by what they give.</summary>
    public static readonly ILookup<Sort, Operator> BySort = Everything().ToLookup(static o => o.Sort);

    public static Operator NullOf(Sort sort) => Of("NULL literal", sort, [], "null::" + Column.TypeOf(sort), static _ => static _ => Null);

    public static Operator Equality(Sort sort) => Of("=", Sort.Boolean, [sort, sort], "({0} = {1})", static c => w => Equal(c[0](w), c[1](w)));

    public static Operator Inequality(Sort sort) => Of("<>", Sort.Boolean, [sort, sort], "({0} <> {1})", static c => w => Not(Equal(c[0](w), c[1](w))));

    public static Operator IsNull(Sort sort) => Of("IS NULL", Sort.Boolean, [sort], "({0} is null)", static c => w => c[0](w) == Null ? 1 : 0);

    public static Operator IsNotNull(Sort sort) => Of("IS NOT NULL", Sort.Boolean, [sort], "({0} is not null)", static c => w => c[0](w) == Null ? 0 : 1);

    public static Operator Distinct(Sort sort) => Of("IS DISTINCT FROM", Sort.Boolean, [sort, sort], "({0} is distinct from {1})", static c => w => c[0](w) == c[1](w) ? 0 : 1);

    public static Operator NotDistinct(Sort sort) => Of("IS NOT DISTINCT FROM", Sort.Boolean, [sort, sort], "({0} is not distinct from {1})", static c => w => c[0](w) == c[1](w) ? 1 : 0);

    public static Operator Case(Sort sort) => Of("CASE", sort, [Sort.Boolean, sort, sort], "(case when {0} then {1} else {2} end)", static c => w => c[0](w) == 1 ? c[1](w) : c[2](w));

    public static Operator Coalesce(Sort sort) => Of("COALESCE", sort, [sort, sort], "coalesce({0}, {1})", static c => w => c[0](w) is not Null and var value ? value : c[1](w));

    public static Operator InList(Sort sort) => Of("IN (list)", Sort.Boolean, [sort, sort, sort], "({0} in ({1}, {2}))", static c => w => c[0](w) is var x ? Either(Equal(x, c[1](w)), Equal(x, c[2](w))) : 0);

    public static int Not(int value) => value == Null ? Null : 1 - value;

    public static int Both(int left, int right) => left == 0 || right == 0 ? 0 : left == Null || right == Null ? Null : 1;

    public static int Either(int left, int right) => left == 1 || right == 1 ? 1 : left == Null || right == Null ? Null : 0;

    public static int Equal(int left, int right) => left == Null || right == Null ? Null : left == right ? 1 : 0;

    private static int Less(int left, int right) => left == Null || right == Null ? Null : left < right ? 1 : 0;

    private static int Uuid(World world, int text)
    {
        if (text == Null)
            return Null;
        if (world.Pool.UuidOf(text) is { } uuid)
            return uuid;
        world.Raised = true;
        return Null;
    }

    private static int Text(World world, int value, Func<string, string> change) => value == Null ? Null : world.Pool.Of(change(world.Pool.TextOf(value)));

    private static IEnumerable<Operator> Everything()
    {
        foreach (var sort in s_scalars)
        {
            yield return Case(sort);
            yield return Coalesce(sort);
            yield return Of("CASE without ELSE", sort, [Sort.Boolean, sort], "(case when {0} then {1} end)", static c => w => c[0](w) == 1 ? c[1](w) : Null);
            yield return Of("CASE of a value", sort, [Sort.Integer, sort, sort], "(case {0} when 1 then {1} else {2} end)", static c => w => c[0](w) == 1 ? c[1](w) : c[2](w));
            yield return Of("NULLIF", sort, [sort, sort], "nullif({0}, {1})", static c => w => c[0](w) is var value && Equal(value, c[1](w)) == 1 ? Null : value);
            yield return NullOf(sort);
            yield return Equality(sort);
            yield return Inequality(sort);
            yield return IsNull(sort);
            yield return IsNotNull(sort);
            yield return Distinct(sort);
            yield return NotDistinct(sort);
            if (sort == Sort.Boolean)
                continue;
            yield return InList(sort);
            yield return Of("NOT IN (list)", Sort.Boolean, [sort, sort, sort], "({0} not in ({1}, {2}))", static c => w => c[0](w) is var x ? Not(Either(Equal(x, c[1](w)), Equal(x, c[2](w)))) : 0);
            yield return Of("IN (list with NULL)", Sort.Boolean, [sort, sort], "({0} in ({1}, null))", static c => w => Either(Equal(c[0](w), c[1](w)), Null));
            yield return Of("NOT IN (list with NULL)", Sort.Boolean, [sort, sort], "({0} not in ({1}, null))", static c => w => Not(Either(Equal(c[0](w), c[1](w)), Null)));
            yield return Of("= ANY (array)", Sort.Boolean, [sort, sort, sort], "({0} = any (array[{1}, {2}]))", static c => w => c[0](w) is var x ? Either(Equal(x, c[1](w)), Equal(x, c[2](w))) : 0);
            yield return Of("<> ALL (array)", Sort.Boolean, [sort, sort, sort], "({0} <> all (array[{1}, {2}]))", static c => w => c[0](w) is var x ? Not(Either(Equal(x, c[1](w)), Equal(x, c[2](w)))) : 0);
            yield return Of("row =", Sort.Boolean, [sort, Sort.Uuid, sort, Sort.Uuid], "(({0}, {1}) = ({2}, {3}))", static c => w => Both(Equal(c[0](w), c[2](w)), Equal(c[1](w), c[3](w))));
            yield return Of("row <>", Sort.Boolean, [sort, Sort.Uuid, sort, Sort.Uuid], "(({0}, {1}) <> ({2}, {3}))", static c => w => Not(Both(Equal(c[0](w), c[2](w)), Equal(c[1](w), c[3](w)))));
        }
        yield return And;
        yield return Or;
        yield return Negation;
        yield return True;
        yield return False;
        foreach (var (test, wanted) in new[] { ("true", 1), ("false", 0), ("unknown", Null) })
        {
            yield return Of("IS " + test.ToUpperInvariant(), Sort.Boolean, [Sort.Boolean], "({0} is " + test + ")", c => w => c[0](w) == wanted ? 1 : 0);
            yield return Of("IS NOT " + test.ToUpperInvariant(), Sort.Boolean, [Sort.Boolean], "({0} is not " + test + ")", c => w => c[0](w) == wanted ? 0 : 1);
        }
        yield return Of("= boolean", Sort.Boolean, [Sort.Boolean], "({0} = true)", static c => w => c[0](w));
        yield return Of("= boolean", Sort.Boolean, [Sort.Boolean], "({0} = false)", static c => w => Not(c[0](w)));
        yield return Of("<", Sort.Boolean, [Sort.Integer, Sort.Integer], "({0} < {1})", static c => w => Less(c[0](w), c[1](w)));
        yield return Of("<=", Sort.Boolean, [Sort.Integer, Sort.Integer], "({0} <= {1})", static c => w => Not(Less(c[1](w), c[0](w))));
        yield return Of(">", Sort.Boolean, [Sort.Integer, Sort.Integer], "({0} > {1})", static c => w => Less(c[1](w), c[0](w)));
        yield return Of(">=", Sort.Boolean, [Sort.Integer, Sort.Integer], "({0} >= {1})", static c => w => Not(Less(c[0](w), c[1](w))));
        yield return Of("BETWEEN", Sort.Boolean, [Sort.Integer, Sort.Integer, Sort.Integer], "({0} between {1} and {2})", static c => w => c[0](w) is var x ? Both(Not(Less(x, c[1](w))), Not(Less(c[2](w), x))) : 0);
        yield return Of("NOT BETWEEN", Sort.Boolean, [Sort.Integer, Sort.Integer, Sort.Integer], "({0} not between {1} and {2})", static c => w => c[0](w) is var x ? Not(Both(Not(Less(x, c[1](w))), Not(Less(c[2](w), x)))) : 0);
        yield return Of("LIKE", Sort.Boolean, [Sort.Text], "({0} like 'a%')", static c => w => Like(w, c[0](w)));
        yield return Of("NOT LIKE", Sort.Boolean, [Sort.Text], "({0} not like 'a%')", static c => w => Not(Like(w, c[0](w))));
        yield return Of("= ANY (array value)", Sort.Boolean, [Sort.Uuid, Sort.Uuids], "({0} = any ({1}))", static c => w => AnyOf(w, c[0](w), c[1](w)));
        yield return Of("<> ALL (array value)", Sort.Boolean, [Sort.Uuid, Sort.Uuids], "({0} <> all ({1}))", static c => w => Not(AnyOf(w, c[0](w), c[1](w))));
        yield return Of("@>", Sort.Boolean, [Sort.Uuids, Sort.Uuid], "({0} @> array[{1}])", static c => w => Contains(w, c[0](w), c[1](w)));
        yield return Of("cast boolean", Sort.Boolean, [Sort.Boolean], "({0})::text::boolean", static c => c[0]);

        yield return UserId;
        yield return SelectedUserId;
        yield return SettingAsUuid;
        yield return OrgClaim;
        yield return Of("claim as uuid", Sort.Uuid, [], "(auth.jwt() ->> 'sub')::uuid", static _ => static w => Uuid(w, w.Session(SessionValue.Subject)));
        foreach (var user in (string[])[World.User1, World.User2])
            yield return Of("uuid literal", Sort.Uuid, [], "'" + user + "'::uuid", _ => w => w.Pool.Of(user));
        yield return Of("uuid literal", Sort.Uuid, [], "'" + World.User1.ToUpperInvariant() + "'::uuid", static _ => static w => w.Pool.Of(World.User1));
        yield return Of("cast text to uuid", Sort.Uuid, [Sort.Text], "({0})::uuid", static c => w => Uuid(w, c[0](w)));
        yield return Of("cast uuid to text to uuid", Sort.Uuid, [Sort.Uuid], "({0})::text::uuid", static c => c[0]);

        yield return Setting;
        yield return RoleClaim;
        yield return SubjectClaim;
        foreach (var text in (string[])["a", "b", "A", ""])
            yield return Of("text literal", Sort.Text, [], "'" + text + "'::text", _ => w => w.Pool.Of(text));
        yield return Of("cast uuid to text", Sort.Text, [Sort.Uuid], "({0})::text", static c => c[0]);
        yield return Of("cast integer to text", Sort.Text, [Sort.Integer], "({0})::text", static c => w => c[0](w) is not Null and var n ? w.Pool.Of(n.ToString(CultureInfo.InvariantCulture)) : Null);
        yield return Of("cast boolean to text", Sort.Text, [Sort.Boolean], "({0})::text", static c => w => c[0](w) is not Null and var b ? w.Pool.Of(b == 1 ? "true" : "false") : Null);
        yield return Of("lower", Sort.Text, [Sort.Text], "lower({0})", static c => w => Text(w, c[0](w), static t => t.ToLowerInvariant()));
        yield return Of("upper", Sort.Text, [Sort.Text], "upper({0})", static c => w => Text(w, c[0](w), static t => t.ToUpperInvariant()));

        foreach (var number in (int[])[0, 1, 2])
            yield return Constant(Sort.Integer, number.ToString(CultureInfo.InvariantCulture), number);
        yield return Of("cast integer to text to integer", Sort.Integer, [Sort.Integer], "({0})::text::integer", static c => c[0]);
        yield return Of("arithmetic", Sort.Integer, [Sort.Integer], "({0} + 1)", static c => w => c[0](w) is not Null and var n ? n + 1 : Null);
    }

    private static int Like(World world, int value) => value == Null ? Null : world.Pool.TextOf(value).StartsWith('a') ? 1 : 0;

    private static int AnyOf(World world, int element, int array)
    {
        if (array == Null)
            return Null;
        var result = 0;
        foreach (var item in world.Pool.ItemsOf(array))
            result = Either(result, Equal(element, item));
        return result;
    }

    private static int Contains(World world, int array, int element)
    {
        if (array == Null)
            return Null;
        return element != Null && world.Pool.ItemsOf(array).Contains(element) ? 1 : 0;
    }

    private static Operator Constant(Sort sort, string text, int value) => Of(sort == Sort.Boolean ? "boolean literal" : "integer literal", sort, [], text, _ => _ => value);

    private static Operator Of(string construct, Sort sort, ImmutableArray<Sort> operands, string format, Func<Code[], Code> make) => new(construct, sort, operands, format, make);
}
