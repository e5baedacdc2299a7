using PolicyLint.Configuration.Yaml;
using PolicyLint.Core.Verification;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Configuration;

/// <summary>One kind of expectation: its parameters, and how it is read for one target. Null where something is missing; that has been said.</summary>
internal sealed record ExpectationKind(string[] Parameters, Func<PlanArguments, YamlScalar, Expectation?> Read);

/// <summary>The kinds by the key that begins an item of a plan. A new kind is one entry here, a record, and a judge.</summary>
internal static class ExpectationKinds
{
    public static IReadOnlyDictionary<string, ExpectationKind> All { get; } = new SortedDictionary<string, ExpectationKind>(StringComparer.Ordinal)
    {
        ["table"] = new(["exists"], static (a, target) => a.Relation(target) is { } id ? new RelationExpected(id, a.Flag("exists", true)) { Span = target.Span } : null),
        ["rls"] = new(["enabled", "forced"], Rls),
        ["column"] = new(["exists", "type", "nullable", "default"], static (a, target) => a.Column(target) is var (table, column)
            ? new ColumnExpected(table, column, a.Flag("exists", true), a.Text("type"), a.Flag("nullable"), a.Sql("default")) { Span = target.Span } : null),
        ["index"] = new(["on", "exists", "columns", "unique", "where"], Index),
        ["foreign-key"] = new(["exists", "references", "on-delete"], static (a, target) => a.Column(target) is var (table, column)
            ? new ForeignKeyExpected(table, [column], a.Flag("exists", true), a.Relation("references"), OnDelete(a)) { Span = target.Span } : null),
        ["function"] = new(["exists", "definer", "search-path", "volatility", "callable-by", "not-callable-by"], Function),
        ["policy"] = new(["on", "exists", "for", "to", "permissive", "using", "check"], Policy),
        ["policies"] = new(["like", "for", "count"], static (a, target) => a.Relation(target) is { } id && Needs(a, "count")
            ? new PolicyCountExpected(id, a.Text("like"), Command(a), (int)Math.Min(a.Number("count") ?? 0, int.MaxValue)) { Span = target.Span } : null),
        ["view"] = new(["invoker"], static (a, target) => a.Relation(target) is { } id ? new ViewExpected(id, a.Flag("invoker", true)) { Span = target.Span } : null),
        ["trigger"] = new(["on", "exists"], static (a, target) => Needs(a, "on") && a.Relation("on") is { } id
            ? new TriggerExpected(id, target.Value, a.Flag("exists", true)) { Span = target.Span } : null),
        ["grants"] = new(["to", "are"], Grants),
        ["no-bypass"] = new([], static (_, target) => new NoBypassExpected(target.Value) { Span = target.Span }),
        ["valid"] = new([], static (_, target) => new AllValidExpected(target.Value) { Span = target.Span }),
        ["no-nulls"] = new(["where", "at-most"], static (a, target) => a.Column(target) is var (table, column)
            ? new FilledExpected(table, column, 100, a.Number("at-most") ?? 0, a.Sql("where")) { Span = target.Span } : null),
        ["backfill"] = new(["where", "at-least"], static (a, target) => a.Column(target) is var (table, column)
            ? new FilledExpected(table, column, a.Percent("at-least", 100), null, a.Sql("where")) { Span = target.Span } : null),
        ["no-orphans"] = new(["references", "where"], static (a, target) => a.Column(target) is var (table, column) && Needs(a, "references") && a.Column("references") is var (other, key)
            ? new NoOrphansExpected(table, column, other, key, a.Sql("where")) { Span = target.Span } : null),
        ["no-duplicates"] = new(["where"], static (a, target) => a.Column(target) is var (table, column)
            ? new NoDuplicatesExpected(table, [column], a.Sql("where")) { Span = target.Span } : null),
        ["rows"] = new(["where", "count", "at-least", "at-most"], static (a, target) => a.Relation(target) is { } id
            ? new RowsExpected(id, a.Sql("where"), Least(a) ?? (a.Has("at-most") ? null : 1), Most(a)) { Span = target.Span } : null),
        ["each"] = new(["has", "on", "count", "at-least", "at-most", "where"], static (a, target) => a.Relation(target) is { } id && Needs(a, "has") && Needs(a, "on") && a.Relation("has") is { } other
            ? new EachHasExpected(id, other, a.Sql("on"), Least(a) ?? 1, Most(a), a.Sql("where")) { Span = target.Span } : null),
        ["bucket"] = new(["exists", "public", "size-limit", "mime-types"], static (a, target) =>
            new BucketExpected(target.Value, a.Flag("exists", true), a.Flag("public"), a.Number("size-limit"), a.Texts("mime-types")) { Span = target.Span }),
        ["query"] = new(["title", "rows"], static (a, target) => a.CheckQuery(target)
            ? new QueryExpected(target.Value, a.Text("title"), a.Rows("rows")) { Span = target.Span } : null),
        ["plan-uses"] = new(["query"], static (a, target) => Needs(a, "query") ? new PlanUsesExpected(target.Value, a.Text("query")) { Span = target.Span } : null),
        ["no-long-transaction"] = new([], static (a, target) => a.Duration(target) is { } limit ? new NoLongTransactionExpected(limit) { Span = target.Span } : null),
        ["size"] = new(["at-most"], static (a, target) => Needs(a, "at-most") && a.Bytes("at-most") is { } bytes && (target.Value == "database" || a.Relation(target) is not null)
            ? new SizeExpected(target.Value == "database" ? null : a.Relation(target), bytes) { Span = target.Span } : null),
    };

    private static RlsExpected? Rls(PlanArguments arguments, YamlScalar target)
    {
        if (arguments.Relation(target) is not { } table)
            return null;
        var enabled = arguments.Flag("enabled", true);
        if (!enabled && arguments.Text("reason").Trim().Length == 0)
            arguments.Missing("a `reason` where row-level security is meant to be off");
        return new(table, enabled, arguments.Flag("forced")) { Span = target.Span };
    }

    // `index: orders_tenant_idx` with `on`, or `index: public.orders` with `columns` and no name.
    private static IndexExpected? Index(PlanArguments arguments, YamlScalar target)
    {
        var columns = arguments.Texts("columns");
        var isNamed = arguments.Has("on");
        if ((isNamed ? arguments.Relation("on") : arguments.Relation(target)) is not { } table)
            return null;
        if (!isNamed && columns.Count == 0)
        {
            arguments.Missing("`on` (the table of the index that it names), or `columns` (of any index on the table that it names)");
            return null;
        }
        return new(table, isNamed ? target.Value : "", arguments.Flag("exists", true), columns, arguments.Flag("unique"), arguments.Sql("where")) { Span = target.Span };
    }

    private static FunctionExpected? Function(PlanArguments arguments, YamlScalar target)
    {
        if (arguments.Relation(target) is not { } id)
            return null;
        var volatility = arguments.OneOf("volatility", "immutable", "stable", "volatile") switch
        {
            "immutable" => Volatility.Immutable,
            "stable" => Volatility.Stable,
            "volatile" => Volatility.Volatile,
            _ => Volatility.Unspecified,
        };
        var path = arguments.Has("search-path") ? arguments.Text("search-path") : null;
        return new(id, arguments.Flag("exists", true), arguments.Flag("definer"), path, volatility, arguments.Texts("callable-by"), arguments.Texts("not-callable-by")) { Span = target.Span };
    }

    private static PolicyExpected? Policy(PlanArguments arguments, YamlScalar target) => Needs(arguments, "on") && arguments.Relation("on") is { } table
        ? new(table, target.Value, arguments.Flag("exists", true), Command(arguments), arguments.Texts("to"), arguments.Flag("permissive"), arguments.Sql("using"), arguments.Sql("check")) { Span = target.Span }
        : null;

    private static GrantsExpected? Grants(PlanArguments arguments, YamlScalar target)
    {
        if (!Needs(arguments, "to") || !Needs(arguments, "are") || arguments.Relation(target) is not { } table)
            return null;
        var privileges = arguments.Texts("are");
        privileges.Sort(StringComparer.Ordinal);
        return new(table, arguments.Text("to"), privileges) { Span = target.Span };
    }

    private static bool Needs(PlanArguments arguments, string parameter)
    {
        if (!arguments.Has(parameter))
            arguments.Missing($"`{parameter}`");
        return arguments.Has(parameter);
    }

    private static long? Least(PlanArguments arguments) => arguments.Number("count") ?? arguments.Number("at-least");

    private static long? Most(PlanArguments arguments) => arguments.Number("count") ?? arguments.Number("at-most");

    private static string Command(PlanArguments arguments) => arguments.OneOf("for", "all", "select", "insert", "update", "delete");

    private static ReferentialAction OnDelete(PlanArguments arguments) => arguments.OneOf("on-delete", "no action", "restrict", "cascade", "set null", "set default") switch
    {
        "no action" => ReferentialAction.NoAction,
        "restrict" => ReferentialAction.Restrict,
        "cascade" => ReferentialAction.Cascade,
        "set null" => ReferentialAction.SetNull,
        "set default" => ReferentialAction.SetDefault,
        _ => ReferentialAction.Unspecified,
    };
}
