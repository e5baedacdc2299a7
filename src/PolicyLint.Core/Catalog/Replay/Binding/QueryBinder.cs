using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Catalog.Replay.Binding;

/// <summary>
/// Finds what the names in an expression or query mean, scope by scope as PostgreSQL's parse_relation.c does,
/// and the columns that a query puts out. What it finds goes to the overridable On… methods.
/// </summary>
internal partial class QueryBinder(ICatalog catalog) : SqlVisitor
{
    private readonly List<List<RangeEntry>> _scopes = [];
    private readonly List<KeyValuePair<string, QueryShape>> _commonTables = [];
    private HashSet<string>? _merged;
    private int _numbered;

    protected ICatalog Catalog { get; } = catalog;

    /// <summary>Binds an expression that sees the columns of one relation: a policy, check, index, default.</summary>
    public void BindOver(Relation relation, Expression? expression)
    {
        if (expression is null)
            return;
        _scopes.Add([EntryOf(relation, relation.Id.Name)]);
        Visit(expression);
        _scopes.RemoveAt(_scopes.Count - 1);
    }

    /// <summary>Binds a query and says what it puts out.</summary>
    public QueryShape Bind(QueryStatement query)
    {
        var commonTables = _commonTables.Count;
        BindCommonTables(query.With);
        var shape = query switch
        {
            SelectQuery select => BindSelect(select),
            SetOperationQuery set => BindSetOperation(set),
            ValuesQuery values => BindValues(values),
            _ => QueryShape.Unknown,
        };
        _commonTables.RemoveRange(commonTables, _commonTables.Count - commonTables);
        return shape;
    }

    public override void VisitSelectQuery(SelectQuery node) => Bind(node);

    public override void VisitSetOperationQuery(SetOperationQuery node) => Bind(node);

    public override void VisitValuesQuery(ValuesQuery node) => Bind(node);

    public override void VisitColumnReference(ColumnReference node)
    {
        if (node.IsStar)
        {
            OnStar(node, StarColumns(node, out var isKnown), isKnown);
            return;
        }
        if ((Resolve(node, out var entry) ?? Scalar(node, out entry)) is { } column)
            OnColumn(node, entry!, column);
    }

    public override void VisitFunctionCall(FunctionCall node)
    {
        OnFunction(node);
        base.VisitFunctionCall(node);
    }

    public override void VisitTypeName(TypeName node)
    {
        OnType(node);
        base.VisitTypeName(node);
    }

    /// <summary>A column name was found to mean a column of an item of FROM.</summary>
    protected virtual void OnColumn(ColumnReference node, RangeEntry entry, OutputColumn column)
    {
    }

    /// <summary>`*` or `t.*`, with the columns that it stands for and the names that qualify them.</summary>
    protected virtual void OnStar(ColumnReference node, IReadOnlyList<(string Alias, OutputColumn Column)> columns, bool isKnown)
    {
    }

    /// <summary>An item of FROM is a relation; null where it is not in the catalog.</summary>
    protected virtual void OnRelation(NamedTable node, Relation? relation)
    {
    }

    /// <summary>An item of FROM is a relation of the catalog, and this is how names see it.</summary>
    protected virtual void OnEntry(NamedTable node, RangeEntry entry)
    {
    }

    /// <summary>An item of FROM is a function or several, with the name and the columns that others see of it.</summary>
    protected virtual void OnFunctions(FunctionTable node, string alias, QueryShape shape)
    {
    }

    protected virtual void OnFunction(FunctionCall node)
    {
    }

    protected virtual void OnType(TypeName node)
    {
    }

    private static RangeEntry EntryOf(Relation relation, string alias) =>
        new(alias, relation.Id, new(new RelationColumns(relation), relation.AreColumnsKnown));

    private void BindCommonTables(WithClause? with)
    {
        if (with is null)
            return;
        foreach (var table in with.Tables)
        {
            if (with.IsRecursive)
                _commonTables.Add(new(table.Name.Text, RecursiveShape(table)));
            var shape = QueryShape.Unknown;
            if (table.Query is QueryStatement query)
                shape = Bind(query);
            else
                Visit(table.Query);
            shape = shape.Renamed(Lists.Texts(table.Columns));
            if (with.IsRecursive)
                _commonTables[_commonTables.Count - 1] = new(table.Name.Text, shape);
            else
                _commonTables.Add(new(table.Name.Text, shape));
        }
    }

    // Inside itself a recursive table has the columns of its first branch.
    private QueryShape RecursiveShape(CommonTableExpression table)
    {
        var first = table.Query;
        while (first is SetOperationQuery set)
            first = set.Left;
        var shape = first is QueryStatement query && !ReferenceEquals(first, table.Query) ? new QueryBinder(Catalog, this).Bind(query) : QueryShape.Unknown;
        return shape.Renamed(Lists.Texts(table.Columns));
    }

    // A binder that sees the same names and tells nobody.
    private QueryBinder(ICatalog catalog, QueryBinder outer)
        : this(catalog)
    {
        _scopes.AddRange(outer._scopes);
        _commonTables.AddRange(outer._commonTables);
    }

    private QueryShape BindSelect(SelectQuery select)
    {
        var outerMerged = _merged;
        _merged = null;
        _scopes.Add([]);
        foreach (var item in select.From)
            BindFrom(item);
        var shape = BindTargets(select);
        VisitAll(select.DistinctOn);
        Visit(select.Where);
        Visit(select.GroupBy);
        Visit(select.Having);
        VisitAll(select.Windows);
        foreach (var item in select.OrderBy)
        {
            if (!IsOutputName(item.Value, shape))
                Visit(item);
        }
        Visit(select.Limit);
        _scopes.RemoveAt(_scopes.Count - 1);
        _merged = outerMerged;
        return shape;
    }

    private QueryShape BindTargets(SelectQuery select)
    {
        var columns = new List<OutputColumn>(select.Targets.Length);
        var isKnown = true;
        foreach (var target in select.Targets)
        {
            if (target.Value is ColumnReference { IsStar: true } star)
            {
                var starColumns = StarColumns(star, out var isStarKnown);
                foreach (var (_, column) in starColumns)
                    columns.Add(column);
                isKnown &= isStarKnown;
            }
            else if (target.Value is FieldSelection { Field.IsEmpty: true })
                isKnown = false;
            else
                columns.Add(Output(target));
            Visit(target.Value);
        }
        return new(columns, isKnown);
    }

    private OutputColumn Output(SelectItem target)
    {
        var name = target.Alias.IsEmpty ? OutputNames.Of(target.Value) : target.Alias.Text;
        if (target.Value is ColumnReference reference && Resolve(reference, out _) is { } column)
            return column with { Name = name };
        return new(name, TypeOf(target.Value));
    }

    private QueryShape BindSetOperation(SetOperationQuery set)
    {
        var left = Bind(set.Left);
        var right = Bind(set.Right);
        Visit(set.Limit);
        if (!left.IsKnown || left.Columns.Count != right.Columns.Count)
            return new(left.Columns, left.IsKnown);
        var columns = new OutputColumn[left.Columns.Count];
        for (var i = 0; i < columns.Length; i++)
        {
            columns[i] = new(left.Columns[i].Name, OfBranches(left.Columns[i].Type, IsOpen(set.Left, i), right.Columns[i].Type, IsOpen(set.Right, i)));
        }
        return new(columns, true);
    }

    // Text and NULL between quotes take the type of the other branch, which then loses its modifiers.
    private static string OfBranches(string left, bool isLeftOpen, string right, bool isRightOpen)
    {
        if (isLeftOpen == isRightOpen)
            return CommonTypes.Of(left, right);
        return CommonTypes.WithoutModifiers(isLeftOpen ? right : left);
    }

    private static bool IsOpen(SqlNode query, int column) => query switch
    {
        SelectQuery select => column < select.Targets.Length && select.Targets[column].Value is Literal { Kind: LiteralKind.Null or LiteralKind.String },
        SetOperationQuery set => IsOpen(set.Left, column) && IsOpen(set.Right, column),
        _ => false,
    };

    private QueryShape BindValues(ValuesQuery values)
    {
        VisitAll(values.Rows);
        Visit(values.Limit);
        if (values.Rows.Length == 0)
            return QueryShape.Unknown;
        var items = values.Rows[0].Items;
        var columns = new OutputColumn[items.Length];
        for (var i = 0; i < columns.Length; i++)
            columns[i] = new("column" + (i + 1).ToString(System.Globalization.CultureInfo.InvariantCulture), TypeOf(items[i]));
        return new(columns, true);
    }

    private static bool IsOutputName(Expression value, QueryShape shape)
    {
        if (value is not ColumnReference { IsStar: false, Name.PartCount: 1 } reference)
            return value is Literal;
        foreach (var column in shape.Columns)
        {
            if (column.Name == reference.Name.Name.Text && column.Column is null)
                return true;
        }
        return false;
    }

    private List<RangeEntry> StarEntries(ColumnReference star)
    {
        if (_scopes.Count == 0)
            return [];
        var scope = _scopes[_scopes.Count - 1];
        if (star.Name.IsEmpty)
            return scope;
        for (var i = _scopes.Count - 1; i >= 0; i--)
        {
            foreach (var entry in _scopes[i])
            {
                if (entry.Alias == star.Name.Name.Text)
                    return [entry];
            }
        }
        return [];
    }

    private List<(string Alias, OutputColumn Column)> StarColumns(ColumnReference star, out bool isKnown)
    {
        var entries = StarEntries(star);
        var columns = new List<(string, OutputColumn)>();
        isKnown = entries.Count > 0;
        HashSet<string>? seen = null;
        foreach (var entry in entries)
        {
            isKnown &= entry.Shape.IsKnown;
            foreach (var column in entry.Shape.Columns)
            {
                // Columns joined with USING come out once (manual, 7.2.1.1).
                if (star.Name.IsEmpty && _merged?.Contains(column.Name) == true && !(seen ??= new(StringComparer.Ordinal)).Add(column.Name))
                    continue;
                columns.Add((entry.Alias, column));
            }
        }
        return columns;
    }

    private OutputColumn? Resolve(ColumnReference node, out RangeEntry? owner)
    {
        var name = node.Name.Name.Text;
        if (node.Name.PartCount > 1)
            return ResolveQualified(node, name, out owner);
        for (var i = _scopes.Count - 1; i >= 0; i--)
        {
            foreach (var entry in _scopes[i])
            {
                owner = entry;
                if (entry.Find(name) is { } column)
                    return column;
            }
            foreach (var entry in _scopes[i])
            {
                owner = entry;

                // What has columns that nobody listed is taken to have this one.
                if (!entry.Shape.IsKnown)
                    return new(name, "", entry.Relation, entry.Relation is null ? null : name);
            }
        }
        owner = null;
        return null;
    }

    // The name of an item that is a function of one value means that value.
    private OutputColumn? Scalar(ColumnReference node, out RangeEntry? owner)
    {
        owner = null;
        if (node.Name.PartCount > 1)
            return null;
        for (var i = _scopes.Count - 1; i >= 0; i--)
        {
            foreach (var entry in _scopes[i])
            {
                if (entry is not { Relation: null, Shape: { IsKnown: true, Columns: [var only] } } || entry.Alias != node.Name.Name.Text)
                    continue;
                owner = entry;
                return only;
            }
        }
        return null;
    }

    private OutputColumn? ResolveQualified(ColumnReference node, string name, out RangeEntry? owner)
    {
        var qualifier = node.Name.Qualifier.Text;
        var schema = node.Name.Outer.Count > 0 ? node.Name.Outer[node.Name.Outer.Count - 1].Text : null;
        for (var i = _scopes.Count - 1; i >= 0; i--)
        {
            foreach (var entry in _scopes[i])
            {
                if (entry.Alias != qualifier || (schema is not null && entry.Relation?.Schema != schema))
                    continue;
                owner = entry;
                if (entry.Find(name) is { } column)
                    return column;
                return entry.Shape.IsKnown ? null : new(name, "", entry.Relation, entry.Relation is null ? null : name);
            }
        }
        owner = null;
        return null;
    }
}
