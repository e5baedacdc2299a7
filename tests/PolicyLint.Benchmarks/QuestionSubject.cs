using PolicyLint.Core.Access;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Logic;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Benchmarks;

/// <summary>
/// Whether the files say all that a question is about, told before it is asked: each relation, column and function that its policies read, through the
/// policies of the tables that these read, the bodies of functions and views, is in the catalog, and no statement that could not be read may have
/// changed it. The prover has no part in it. What may be PostgreSQL's own (a function without a schema), and columns inside of functions, count as
/// there: a question too many rather than one too few.
/// </summary>
internal sealed class QuestionSubject(ICatalog catalog, AccessModel access, string role) : SqlVisitor
{
    private readonly HashSet<(QualifiedId, PolicyCommand)> _entered = [];
    private readonly HashSet<QualifiedId> _functions = [];
    private readonly HashSet<string> _common = new(StringComparer.Ordinal);
    private bool _readsAll;

    /// <summary>What no file makes, or what may not be as the files say; null: nothing.</summary>
    public string? Missing { get; private set; }

    /// <summary>What the policies for a statement read.</summary>
    public void Enter(Table table, StatementForm form)
    {
        Enter(table, form switch
        {
            StatementForm.Insert => PolicyCommand.Insert,
            StatementForm.Update or StatementForm.BlindUpdate => PolicyCommand.Update,
            StatementForm.Delete or StatementForm.BlindDelete => PolicyCommand.Delete,
            _ => PolicyCommand.Select,
        });
        if (form is StatementForm.Update or StatementForm.Delete)
            Enter(table, PolicyCommand.Select);
    }

    private void Enter(Table table, PolicyCommand command)
    {
        if (!_entered.Add((table.Id, command)))
            return;
        Look(table);
        if (!table.RowSecurityEnabled.IsKnown)
            Missing ??= "whether row-level security is enabled on " + table.Id;
        if (access.IsUnbound(table, role))
            return;
        foreach (var policy in access.PoliciesFor(table, command, role))
        {
            if (policy.IsTainted)
                Missing ??= "policy " + policy.Name + " as a statement that could not be read left it";
            Read(table, policy.Using?.Tree, policy.WithCheck?.Tree);
        }
    }

    /// <summary>What the tenancy condition of the table reads: whatever the role may see.</summary>
    public void EnterGoal(Table table, Tenancy tenancy)
    {
        if (access.Own(table) is null)
            Missing ??= "a tenancy condition";
        _readsAll = true;
        foreach (var key in tenancy.KeysOf(table))
            Read(table, key.Goal?.Tree, null);
        _readsAll = false;
    }

    public override void VisitWithClause(WithClause node)
    {
        foreach (var table in node.Tables)
            _common.Add(table.Name.Text);
        base.VisitWithClause(node);
    }

    public override void VisitNamedTable(NamedTable node)
    {
        if (node.Name.Schema is null && _common.Contains(node.Name.Name.Text))
            return;
        switch (catalog.FindRelation(node.Name))
        {
            case Table table when _readsAll:
                Look(table);
                break;
            case Table table:
                Enter(table, PolicyCommand.Select);
                break;
            case View view:
                Look(view);
                if (_entered.Add((view.Id, PolicyCommand.Select)))
                    Visit(view.Query?.Tree);
                break;
            case null when SystemCatalogs.FindColumns(node.Name.Schema, node.Name.Name.Text) is null:
                Missing ??= node.Name.ToString();
                break;
        }
    }

    public override void VisitFunctionCall(FunctionCall node)
    {
        var functions = catalog.FindFunctions(node.Name);
        if (functions.Count == 0 && node.Name.Schema is not (null or "pg_catalog"))
            Missing ??= node.Name + "()";
        foreach (var function in functions)
        {
            if (function.IsTainted || function.IsAssumed)
                Missing ??= node.Name + "()";
        }
        if (functions.Count > 0 && _functions.Add(functions[0].Id))
        {
            foreach (var root in functions.SelectMany(static function => FunctionBodies.Of(function) ?? []))
                Visit(root);
        }
        base.VisitFunctionCall(node);
    }

    private void Read(Table table, Expression? first, Expression? second)
    {
        var policy = new CreatePolicyStatement { Table = new(new Name(table.Id.Name), new Name(table.Id.Schema)), Using = first, WithCheck = second };
        UnknownColumns.Find(policy, catalog, (column, relation, _) => Missing ??= "column " + relation + "." + column.Text);
        Visit(first);
        Visit(second);
    }

    private void Look(Relation relation)
    {
        if (relation.IsAccessTainted)
            Missing ??= relation.Id + " as " + Place(relation.Taints.First(taint => !relation.SideTaints.Contains(taint))) + " left it";
        else if (relation is Table && (relation.IsAssumed || !relation.AreColumnsKnown))
            Missing ??= relation.Id.ToString();
    }

    private static string Place(Origin origin) =>
        origin.Source is { } source ? source.Path + ":" + (source.GetPosition(origin.Span.Start).Line + 1) : origin.Description;
}
