using PolicyLint.Core.Access;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Findings;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Rules.WaysAround;

internal sealed class AuthUsersExposed : CatalogRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "PL4008",
        Name = "auth-users-exposed",
        Severity = Severity.Error,
        Title = "View or function that shows the platform's users to the API",
        What = "Reports a view that an API role may read, or a SECURITY DEFINER function that it may call and that returns rows, which reads auth.users and nothing of the session. Views with security_invoker are left alone, for the API roles hold no right on auth.users, and so are those that show no more than ids and times.",
        Why = "auth.users holds the e-mail address, phone number and metadata of everyone who signed up, and the schema is closed for that reason. A view that runs as its owner opens it to whoever has the public key.",
        Fix = "Keep what others may see in a profiles table with policies of its own; where the view must stay, filter it by `auth.uid()` and revoke it from `anon`.",
        Bad = """
            create view public.people as select u.id, u.email from auth.users u;
            -- ^^^ PL4008: public.people shows auth.users to anon, authenticated
            """,
        Good = """
            create view public.me as select u.id, u.email from auth.users u where u.id = auth.uid();
            """,
        Sources = ["splinter 0002", "pgrls SEC052"],
        IsLive = true,
    };

    public override void Check(CatalogRuleContext context)
    {
        if (context.Catalog.Platform != "supabase")
            return;
        foreach (var view in context.Catalog.ViewsInOrder())
        {
            if (view.Query is null || view.Taints.Count > 0 || (view.SecurityInvoker.Value && !view.IsMaterialized) || !view.SecurityInvoker.IsKnown)
                continue;
            if (!context.Tenancy.IsExposed(view) || Readers(context, view) is not { } readers || SessionTerms.Contains(view.Query.Tree) || !Shows(context.Catalog, view.Query.Tree))
                continue;
            context.Report(this, Location.Of(view.CreatedAt), view.Id.ToString(), $"{view.Id} shows auth.users to {readers}");
        }
        var reach = new FunctionReach(context.Catalog, context.Tenancy);
        foreach (var function in context.Catalog.FunctionsInOrder())
        {
            if (!function.IsSecurityDefiner || !reach.MayBeCalled(function) || !ReturnsRows(function) || FunctionBodies.Of(function) is not { } roots || reach.MayAskForCaller(function))
                continue;
            foreach (var root in roots)
            {
                if (!Shows(context.Catalog, root))
                    continue;
                context.Report(
                    this, Location.Of(function.DefinedAt), $"{function.Id}({string.Join(",", function.InputTypes)})",
                    $"{function.Id} returns rows of auth.users to anyone who may call it");
                break;
            }
        }
    }

    private static bool ReturnsRows(Function function) =>
        function.Returns is "table" or "json" or "jsonb" || function.Returns.StartsWith("setof ", StringComparison.Ordinal);

    private static string? Readers(CatalogRuleContext context, View view)
    {
        var readers = new List<string>();
        foreach (var grant in view.Grants)
        {
            if (grant.Privilege == "select" && (grant.Grantee == "public" || context.Tenancy.ApplicationRoles.Contains(grant.Grantee)) && !readers.Contains(grant.Grantee))
                readers.Add(grant.Grantee);
        }
        return readers.Count == 0 ? null : string.Join(", ", readers);
    }

    private static bool Shows(ICatalog catalog, SqlNode root)
    {
        var search = new UserColumns(catalog);
        search.Visit(root);
        return search.Found;
    }

    // A SELECT from auth.users that puts out one of its columns other than the key.
    private sealed class UserColumns(ICatalog catalog) : SqlVisitor
    {
        public bool Found { get; private set; }

        public override void VisitSelectQuery(SelectQuery node)
        {
            foreach (var item in node.From)
            {
                if (ReadsUsers(item, out var alias))
                    Found |= PutsOut(node, alias);
            }
            base.VisitSelectQuery(node);
        }

        private bool ReadsUsers(TableReference item, out string alias)
        {
            alias = "";
            switch (item)
            {
                case JoinedTable join:
                    return ReadsUsers(join.Left, out alias) || ReadsUsers(join.Right, out alias);
                case NamedTable named when catalog.FindTable(named.Name) is { IsForeignOwned: true, Id: { Schema: "auth", Name: "users" } }:
                    alias = named.Alias is { } given ? given.Name.Text : named.Name.Name.Text;
                    return true;
                default:
                    return false;
            }
        }

        private static bool PutsOut(SelectQuery query, string alias)
        {
            foreach (var target in query.Targets)
            {
                if (target.Value is ColumnReference { IsStar: true } star && (star.Name.IsEmpty || star.Name.Name == alias))
                    return true;
                var search = new ColumnsOf(alias, query.From.Length == 1 && query.From[0] is NamedTable);
                search.Visit(target.Value);
                if (search.Found)
                    return true;
            }
            return false;
        }
    }

    private sealed class ColumnsOf(string alias, bool isAlone) : SqlVisitor
    {
        public bool Found { get; private set; }

        public override void VisitColumnReference(ColumnReference node)
        {
            var name = node.Name.Name.Text;
            var isOwn = node.Name.Qualifier.IsEmpty ? isAlone : node.Name.Qualifier == alias;
            Found |= isOwn && (name is "email" or "phone" or "raw_user_meta_data" or "raw_app_meta_data" or "encrypted_password" or "email_change" or "phone_change");
        }

        // What is counted or compared is not shown.
        public override void VisitFunctionCall(FunctionCall node)
        {
            if (node.Name.Name.Text is not ("count" or "sum" or "avg"))
                base.VisitFunctionCall(node);
        }

        public override void VisitScalarSubquery(ScalarSubquery node)
        {
        }
    }
}
