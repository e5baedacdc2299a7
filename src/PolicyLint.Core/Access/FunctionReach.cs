using PolicyLint.Core.Catalog;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Access;

/// <summary>Which functions a role of the application may call by itself, and whether they look at who calls them.</summary>
internal sealed class FunctionReach(ICatalog catalog, Tenancy tenancy)
{
    private const int DeepestCall = 6;

    /// <summary>EXECUTE is granted to PUBLIC or to a role of the application, in a schema that it reaches. A trigger function cannot be called.</summary>
    public bool MayBeCalled(Function function) => MayBeCalledBy(function, publicOnly: false);

    /// <summary>EXECUTE is left to PUBLIC, in a schema that the application reaches.</summary>
    public bool MayBeCalledByPublic(Function function) => MayBeCalledBy(function, publicOnly: true);

    /// <summary>
    /// Whether the function's result or effect may depend on who calls it: it reads the session, itself or in what it calls, or does
    /// something that cannot be read.
    /// </summary>
    public bool MayAskForCaller(Function function) => MayAskForCaller(catalog, function);

    /// <summary>The same, whoever may call it.</summary>
    public static bool MayAskForCaller(ICatalog catalog, Function function)
    {
        var search = new CallerSearch(catalog);
        search.Enter(function);
        return search.Found;
    }

    private bool MayBeCalledBy(Function function, bool publicOnly)
    {
        if (function.IsForeignOwned || function.IsAssumed || function.IsTainted || function.Returns is "trigger" or "event_trigger" || !tenancy.IsServedSchema(function.Id.Schema))
            return false;
        foreach (var grant in function.Grants)
        {
            if (grant.Privilege == "execute" && (grant.Grantee == "public" || (!publicOnly && tenancy.ApplicationRoles.Contains(grant.Grantee))))
                return true;
        }
        return false;
    }

    private sealed class CallerSearch(ICatalog catalog) : SqlVisitor
    {
        private readonly HashSet<Function> _entered = [];
        private int _depth;

        public bool Found { get; private set; }

        public void Enter(Function function)
        {
            if (!_entered.Add(function))
                return;
            if (_depth >= DeepestCall || FunctionBodies.Of(function) is not { } roots)
            {
                Found = true;
                return;
            }
            _depth++;
            foreach (var root in roots)
                Visit(root);
            _depth--;
        }

        public override void Visit(SqlNode? node)
        {
            if (!Found)
                base.Visit(node);
        }

        public override void VisitFunctionCall(FunctionCall node)
        {
            Found |= SessionTerms.IsSessionFunction(node);
            foreach (var function in catalog.FindFunctions(node.Name))
            {
                if (!function.IsForeignOwned)
                    Enter(function);
            }
            base.VisitFunctionCall(node);
        }

        public override void VisitSqlValueFunction(SqlValueFunction node) => Found |= SessionTerms.IsSessionExpression(node);

        public override void VisitPlExecute(PlExecute node) => Found = true;

        public override void VisitPlForExecute(PlForExecute node) => Found = true;

        public override void VisitPlReturn(PlReturn node)
        {
            Found |= node.Dynamic is not null;
            base.VisitPlReturn(node);
        }

        // A statement whose rows a view filters by the caller asks, too.
        public override void VisitNamedTable(NamedTable node)
        {
            if (catalog.FindRelation(node.Name) is View view)
                Visit(view.Query?.Tree);
            base.VisitNamedTable(node);
        }
    }
}
