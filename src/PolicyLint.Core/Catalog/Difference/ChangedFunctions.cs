using PolicyLint.Sql;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Catalog.Difference;

/// <summary>Functions that two catalogs hold differently, and which policies call them.</summary>
internal sealed class ChangedFunctions
{
    private readonly ICatalog _before;
    private readonly Dictionary<QualifiedId, Function> _changed = [];

    public ChangedFunctions(ICatalog before, ICatalog after)
    {
        _before = before;
        if (ReferenceEquals(before.Functions, after.Functions))
            return;
        foreach (var pair in before.Functions)
        {
            if (after.Functions.TryGetValue(pair.Key, out var overloads) && overloads.Count > 0 && !AreSame(pair.Value, overloads))
                _changed.Add(pair.Key, overloads[overloads.Count - 1]);
        }
    }

    public bool IsEmpty => _changed.Count == 0;

    public IReadOnlyCollection<QualifiedId> Ids => _changed.Keys;

    /// <summary>The first changed function that the policies call, directly or through the bodies of others; null: none.</summary>
    public Function? CalledBy(IReadOnlyList<Policy> policies)
    {
        if (_changed.Count == 0)
            return null;
        var calls = new Calls(_before);
        foreach (var policy in policies)
        {
            calls.Visit(policy.Using?.Tree);
            calls.Visit(policy.WithCheck?.Tree);
        }
        foreach (var id in calls.Called)
        {
            if (_changed.TryGetValue(id, out var function))
                return function;
        }
        return null;
    }

    private static bool AreSame(IReadOnlyList<Function> left, IReadOnlyList<Function> right)
    {
        if (left.Count != right.Count)
            return false;
        for (var i = 0; i < left.Count; i++)
        {
            Function a = left[i], b = right[i];
            if (!ReferenceEquals(a, b)
                && (a.Body?.ToString() != b.Body?.ToString() || a.IsSecurityDefiner != b.IsSecurityDefiner || a.IsStrict != b.IsStrict || a.Language != b.Language
                    || a.Returns != b.Returns || a.IsTainted != b.IsTainted || string.Join(",", a.InputTypes) != string.Join(",", b.InputTypes)))
                return false;
        }
        return true;
    }

    private sealed class Calls(ICatalog catalog) : SqlVisitor
    {
        private const int DeepestCall = 16;
        private readonly HashSet<QualifiedId> _entered = [];
        private int _depth;

        public List<QualifiedId> Called { get; } = [];

        public override void VisitFunctionCall(FunctionCall node)
        {
            foreach (var function in catalog.FindFunctions(node.Name))
            {
                if (_depth >= DeepestCall || !_entered.Add(function.Id))
                    continue;
                Called.Add(function.Id);
                _depth++;
                VisitBody(function);
                _depth--;
            }
            base.VisitFunctionCall(node);
        }

        private void VisitBody(Function function)
        {
            switch (function.Body?.Tree)
            {
                case StringBody body when function.Language == "sql":
                    foreach (var statement in SqlBodyParser.Parse(body.Text).Statements)
                        Visit(statement);
                    break;
                case StringBody body when function.Language == "plpgsql":
                    Visit(PlPgSqlParser.Parse(body.Text).Block);
                    break;
                case ReturnBody or AtomicBody:
                    Visit(function.Body.Tree);
                    break;
            }
        }
    }
}
