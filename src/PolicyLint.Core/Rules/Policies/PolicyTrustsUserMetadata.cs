using PolicyLint.Core.Catalog;
using PolicyLint.Core.Findings;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Rules.Policies;

internal sealed class PolicyTrustsUserMetadata : CatalogRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "PL2008",
        Name = "policy-trusts-user-metadata",
        Severity = Severity.Error,
        Title = "Policy that trusts what users write about themselves",
        What = "Reports a policy that reads `user_metadata` from the token or `raw_user_meta_data` from auth.users, itself or in a function of the project that it calls.",
        Why = "Every signed-in user changes their own metadata with one call of the client library. A role, an organisation or a plan that stands there is whatever the user says it is.",
        Fix = "Keep what decides about access in `app_metadata`, which only the service may write, or in a table with policies of its own.",
        Bad = """
            create table public.reports (id uuid primary key, body text);
            alter table public.reports enable row level security;
            create policy admins on public.reports for select to authenticated
              using ((select auth.jwt()) -> 'user_metadata' ->> 'role' = 'admin');
            --       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PL2008: The policy admins on public.reports decides by user_metadata
            """,
        Good = """
            create table public.reports (id uuid primary key, body text);
            alter table public.reports enable row level security;
            create policy admins on public.reports for select to authenticated
              using ((select auth.jwt()) -> 'app_metadata' ->> 'role' = 'admin');
            """,
        Sources = ["splinter 0015", "pgrls SEC033"],
        IsLive = true,
    };

    public override void Check(CatalogRuleContext context) => context.CheckEachPolicy(context.Tables, (table, policy) =>
    {
        if (!policy.IsTainted && !CheckPredicate(context, table, policy, policy.Using))
            CheckPredicate(context, table, policy, policy.WithCheck);
    });

    private bool CheckPredicate(CatalogRuleContext context, Table table, Policy policy, SqlFragment<Expression>? predicate)
    {
        if (predicate is null)
            return false;
        var search = new MetadataSearch(context.Catalog);
        search.Visit(predicate.Tree);
        if (search.Found is not { } found)
            return false;
        var way = search.Through is null ? "" : $", which {search.Through.Id} reads";
        IReadOnlyList<RelatedLocation> related = search.Through is null ? [] : [new(Location.Of(search.Through.DefinedAt), "the function")];
        context.Report(
            this, Location.Within(policy.ChangedAt, predicate.Source, found.Span), $"{table.Id}/{policy.Name}",
            $"The policy {policy.Name} on {table.Id} decides by user_metadata{way}: users write that themselves", related);
        return true;
    }

    private sealed class MetadataSearch(ICatalog catalog) : SqlVisitor
    {
        private const int DeepestCall = 4;
        private readonly List<ColumnReference> _columns = [];
        private bool _readsUsers;
        private FunctionCall? _call;
        private Function? _function;
        private int _depth;
        private SqlNode? _path;

        /// <summary>The place in the policy: the path into the token, the column, or the call of the function that reads either.</summary>
        public SqlNode? Found => _path ?? (_readsUsers && _columns.Count > 0 ? (SqlNode?)_call ?? _columns[0] : null);

        /// <summary>The function that reads it, where the policy does not itself.</summary>
        public Function? Through => Found is FunctionCall ? _function : null;

        public override void Visit(SqlNode? node)
        {
            if (Found is null)
                base.Visit(node);
        }

        public override void VisitOperatorExpression(OperatorExpression node)
        {
            if (node.Left is not null && node.Operator.Name.Text is "->" or "->>" or "#>" or "#>>" && FirstKey(node.Right) == "user_metadata")
                _path = (SqlNode?)_call ?? node;
            base.VisitOperatorExpression(node);
        }

        public override void VisitSubscript(Subscript node)
        {
            if (node.Upper is not null && FirstKey(node.Upper) == "user_metadata")
                _path = (SqlNode?)_call ?? node;
            base.VisitSubscript(node);
        }

        public override void VisitColumnReference(ColumnReference node)
        {
            if (node.Name.Name == "raw_user_meta_data")
                _columns.Add(node);
        }

        public override void VisitNamedTable(NamedTable node)
        {
            _readsUsers |= catalog.FindRelation(node.Name) is { IsForeignOwned: true, Id: { Schema: "auth", Name: "users" } };
            base.VisitNamedTable(node);
        }

        public override void VisitFunctionCall(FunctionCall node)
        {
            if (node.Name.Name.Text is "jsonb_extract_path" or "jsonb_extract_path_text" or "json_extract_path" or "json_extract_path_text"
                && node.Arguments.Length > 1 && FirstKey(node.Arguments[1]) == "user_metadata")
                _path = (SqlNode?)_call ?? node;
            foreach (var function in catalog.FindFunctions(node.Name))
            {
                if (function.IsForeignOwned || function.IsTainted || _depth >= DeepestCall)
                    continue;
                var isOutermost = _call is null;
                if (isOutermost)
                    (_call, _function) = (node, function);
                _depth++;
                foreach (var root in FunctionBodies.Of(function) ?? [])
                    Visit(root);
                _depth--;
                if (isOutermost && Found is null)
                {
                    (_call, _function, _readsUsers) = (null, null, false);
                    _columns.Clear();
                }
            }
            base.VisitFunctionCall(node);
        }

        // `'user_metadata'`, `'{user_metadata,role}'`, `array['user_metadata', 'role']`.
        private static string? FirstKey(Expression key)
        {
            switch (key)
            {
                case CastExpression cast:
                    return FirstKey(cast.Operand);
                case ArrayConstructor { Items.Length: > 0 } array:
                    return FirstKey(array.Items[0]);
                case Literal { Kind: LiteralKind.String } literal:
                    var text = literal.GetText();
                    return text.StartsWith("{", StringComparison.Ordinal) ? text.TrimStart('{').Split(',', '}')[0].Trim().Trim('"') : text;
                default:
                    return null;
            }
        }
    }
}
