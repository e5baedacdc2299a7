using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Catalog;

/// <summary>Finds the columns of a statement that their relations do not have. What is not wholly known has every column.</summary>
public static class UnknownColumns
{
    /// <summary>Calls back with each column and the relation that lacks it.</summary>
    /// <param name="statement">The statement.</param>
    /// <param name="catalog">The catalog that it runs on.</param>
    /// <param name="report">Takes the column as written, the relation's name, and the columns that could have been meant.</param>
    /// <param name="isConditional">The statement may not run: the project's own tables may look otherwise by then.</param>
    /// <param name="reportRelation">Takes the relations that the catalog does not have; null: they are passed over.</param>
    public static void Find(Statement statement, ICatalog catalog, Action<Name, string, IEnumerable<string>> report, bool isConditional = false, Action<ObjectName>? reportRelation = null) =>
        new ColumnSearch(catalog, report, isConditional, reportRelation).Visit(statement);

    /// <summary>The first column that its relation does not have, as written, and the relation's name; null where there is none.</summary>
    public static (Name Column, string Relation)? First(Statement statement, ICatalog catalog)
    {
        var search = new ColumnSearch(catalog, report: null, isConditional: false);
        search.Visit(statement);
        return search.First;
    }

    /// <summary>A relation as a FROM clause names it.</summary>
    private sealed class Source(string alias)
    {
        private readonly Table? _table;
        private readonly string? _shown;
        private readonly IReadOnlyCollection<string>? _columns;

        public Source(string alias, Table table)
            : this(alias) => _table = table;

        public Source(string alias, ObjectName name, IReadOnlyCollection<string> columns)
            : this(alias) => (_shown, _columns) = (name.ToString(), columns);

        public string Alias => alias;

        /// <summary>The relation behind it in the same FROM clause.</summary>
        public Source? Next { get; set; }

        public string Shown => _table is not null ? _table.Id.ToString() : _shown ?? alias;

        /// <summary>False where not all columns are known.</summary>
        public bool Lacks(string column) => _table is not null ? _table.FindColumn(column) is null : _columns is not null && !((HashSet<string>)_columns).Contains(column);

        public IEnumerable<string> Names => _table is not null ? _table.Columns.Select(static column => column.Name) : _columns ?? [];
    }

    /// <summary>A FROM clause's relations; one whose columns are not all known makes every unqualified name unknown.</summary>
    private sealed class Scope(Scope? outer)
    {
        public Scope? Outer { get; } = outer;

        public Source? First { get; private set; }

        public List<string>? OutputNames { get; private set; }

        private Source? Last { get; set; }

        public void Add(Source relation)
        {
            if (Last is null)
                First = relation;
            else
                Last.Next = relation;
            Last = relation;
        }

        public void AddOutputName(string name) => (OutputNames ??= []).Add(name);
    }

    private sealed class ColumnSearch(ICatalog catalog, Action<Name, string, IEnumerable<string>>? report, bool isConditional, Action<ObjectName>? reportRelation = null) : SqlVisitor
    {
        private static readonly HashSet<string> SystemColumns = new(StringComparer.Ordinal) { "ctid", "xmin", "xmax", "cmin", "cmax", "tableoid", "oid" };

        private List<string>? _withNames;
        private Scope? _scope;

        public (Name Column, string Relation)? First { get; private set; }

        public override void VisitSelectQuery(SelectQuery node)
        {
            Visit(node.With);
            var outer = _scope;
            _scope = ScopeOf(node);
            VisitAll(node.From);
            VisitAll(node.DistinctOn);
            VisitAll(node.Targets);
            Visit(node.Where);
            Visit(node.GroupBy);
            Visit(node.Having);
            VisitAll(node.Windows);
            VisitAll(node.OrderBy);
            Visit(node.Limit);
            _scope = outer;
        }

        public override void VisitWithClause(WithClause node)
        {
            foreach (var table in node.Tables)
                (_withNames ??= []).Add(table.Name.Text);
            base.VisitWithClause(node);
        }

        public override void VisitUpdateStatement(UpdateStatement node)
        {
            Visit(node.With);
            var scope = new Scope(_scope);
            Add(scope, node.Table);
            foreach (var item in node.From)
                Add(scope, item);
            foreach (var assignment in node.Assignments)
            {
                foreach (var target in assignment.Targets)
                    CheckTarget(scope.First!, target.Column);
            }
            _scope = scope;
            VisitAll(node.From);
            foreach (var assignment in node.Assignments)
                Visit(assignment.Value);
            Visit(node.Where);
            _scope = scope.Outer;
        }

        public override void VisitDeleteStatement(DeleteStatement node)
        {
            Visit(node.With);
            var scope = new Scope(_scope);
            Add(scope, node.Table);
            foreach (var item in node.Using)
                Add(scope, item);
            _scope = scope;
            VisitAll(node.Using);
            Visit(node.Where);
            _scope = scope.Outer;
        }

        public override void VisitInsertStatement(InsertStatement node)
        {
            Visit(node.With);
            var relation = Describe(node.Table, "");
            foreach (var target in node.Columns)
                CheckTarget(relation, target.Column);
            Visit(node.Source);
        }

        // Names in these belong to scopes that are not followed here.
        public override void VisitMergeStatement(MergeStatement node)
        {
        }

        public override void VisitCreateTableStatement(CreateTableStatement node)
        {
        }

        public override void VisitAlterTableStatement(AlterTableStatement node)
        {
        }

        public override void VisitCreateFunctionStatement(CreateFunctionStatement node)
        {
        }

        public override void VisitCreateTriggerStatement(CreateTriggerStatement node)
        {
        }

        public override void VisitCreateIndexStatement(CreateIndexStatement node)
        {
            var relation = Describe(node.Table, "");
            foreach (var element in node.Elements)
            {
                if (!element.Column.IsEmpty)
                    CheckTarget(relation, element.Column);
            }
        }

        public override void VisitCreatePolicyStatement(CreatePolicyStatement node)
        {
            var scope = new Scope(_scope);
            scope.Add(Describe(node.Table, node.Table.Name.Text));
            _scope = scope;
            Visit(node.Using);
            Visit(node.WithCheck);
            _scope = scope.Outer;
        }

        public override void VisitColumnReference(ColumnReference node)
        {
            if (_scope is null || node.IsStar || node.Name.Outer.Count > 0)
                return;
            var name = node.Name.Name.Text;
            if (SystemColumns.Contains(name))
                return;
            if (node.Name.Qualifier.IsEmpty)
                CheckUnqualified(node, name);
            else
                CheckQualified(node, name);
        }

        private void CheckQualified(ColumnReference node, string name)
        {
            for (var scope = _scope; scope is not null; scope = scope.Outer)
            {
                for (var relation = scope.First; relation is not null; relation = relation.Next)
                {
                    if (relation.Alias != node.Name.Qualifier.Text)
                        continue;
                    if (relation.Lacks(name))
                        Report(node.Name.Name, relation, relation.Names);
                    return;
                }
            }
        }

        private void CheckUnqualified(ColumnReference node, string name)
        {
            Source? lacking = null;
            for (var scope = _scope; scope is not null; scope = scope.Outer)
            {
                if (scope.OutputNames?.Contains(name) == true)
                    return;
                for (var relation = scope.First; relation is not null; relation = relation.Next)
                {
                    // A relation's own name stands for its whole row.
                    if (!relation.Lacks(name) || relation.Alias == name)
                        return;
                    lacking ??= relation;
                }
            }
            if (lacking is not null)
                Report(node.Name.Name, lacking, NamesIn(_scope));
        }

        private static IEnumerable<string> NamesIn(Scope? scope)
        {
            for (; scope is not null; scope = scope.Outer)
            {
                for (var relation = scope.First; relation is not null; relation = relation.Next)
                {
                    foreach (var name in relation.Names)
                        yield return name;
                }
            }
        }

        private void CheckTarget(Source relation, Name column)
        {
            if (relation.Lacks(column.Text))
                Report(column, relation, relation.Names);
        }

        private void Report(Name column, Source relation, IEnumerable<string> known)
        {
            First ??= (column, relation.Shown);
            report?.Invoke(column, relation.Shown, known);
        }

        private void Add(Scope scope, TableReference item)
        {
            var alias = item.Alias?.Name.Text ?? "";
            switch (item)
            {
                case NamedTable table when item.Alias is null or { Columns.Length: 0, Definitions.Length: 0 }:
                    scope.Add(Describe(table.Name, alias));
                    break;
                case JoinedTable join when item.Alias is null:
                    Add(scope, join.Left);
                    Add(scope, join.Right);
                    break;
                default:
                    scope.Add(new(alias));
                    break;
            }
        }

        // A query that adds no names, as `(SELECT auth.uid())`, has none of its own.
        private Scope? ScopeOf(SelectQuery query)
        {
            var scope = query.From.Length == 0 ? null : new Scope(_scope);
            foreach (var item in query.From)
                Add(scope!, item);
            foreach (var target in query.Targets)
            {
                if (!target.Alias.IsEmpty)
                    (scope ??= new(_scope)).AddOutputName(target.Alias.Text);
            }
            return scope ?? _scope;
        }

        private Source Describe(ObjectName name, string alias)
        {
            if (alias.Length == 0)
                alias = name.Name.Text;
            if (name.Outer.Count > 0 || (name.Schema is null && _withNames?.Contains(name.Name.Text) == true))
                return new(alias);
            if (catalog.FindRelation(name) is { } relation)
            {
                return relation is Table { AreColumnsKnown: true, IsAssumed: false, IsForeignOwned: false, Taints.Count: 0 } table && !isConditional
                    ? new(alias, table)
                    : new(alias);
            }
            if (SystemCatalogs.FindColumns(name.Schema, name.Name.Text) is { } columns)
                return new(alias, name, columns);
            reportRelation?.Invoke(name);
            return new(alias);
        }
    }
}
