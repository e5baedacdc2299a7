using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Catalog.Replay.Binding;

/// <content>Items of FROM.</content>
internal partial class QueryBinder
{
    private void BindFrom(TableReference item)
    {
        switch (item)
        {
            case NamedTable table:
                BindNamed(table);
                break;
            case DerivedTable derived:
                AddEntry(derived, BindDerived(derived));
                break;
            case FunctionTable functions:
                BindFunctions(functions);
                break;
            case JoinedTable join:
                BindJoin(join);
                break;
            case XmlTable xml:
                xml.AcceptChildren(this);
                AddEntry(xml, new(Array.ConvertAll(xml.Columns, static c => new OutputColumn(c.Name.Text, "")), true));
                break;
            case JsonTable json:
                json.AcceptChildren(this);
                var columns = new List<OutputColumn>();
                Collect(json.Columns, columns);
                AddEntry(json, new(columns, true));
                break;
        }
    }

    private void BindNamed(NamedTable table)
    {
        Visit(table.Sample);
        var alias = table.Alias is { Name.IsEmpty: false } named ? named.Name.Text : table.Name.Name.Text;
        var names = Lists.Texts(table.Alias?.Columns ?? []);
        if (table.Name.PartCount == 1 && FindCommonTable(table.Name.Name.Text) is { } common)
        {
            Scope.Add(new(alias, null, common.Renamed(names)));
            return;
        }
        var relation = Catalog.FindRelation(table.Name);
        OnRelation(table, relation);
        if (relation is null)
        {
            Scope.Add(new(alias, null, QueryShape.Unknown.Renamed(names)));
            return;
        }
        var entry = EntryOf(relation, alias);
        entry = entry with { Shape = entry.Shape.Renamed(names), IsAliased = table.Alias is { Name.IsEmpty: false }, Number = ++_numbered };
        OnEntry(table, entry);
        Scope.Add(entry);
    }

    private List<RangeEntry> Scope => _scopes[_scopes.Count - 1];

    private QueryShape? FindCommonTable(string name)
    {
        for (var i = _commonTables.Count - 1; i >= 0; i--)
        {
            if (_commonTables[i].Key == name)
                return _commonTables[i].Value;
        }
        return null;
    }

    private QueryShape BindDerived(DerivedTable derived)
    {
        if (derived.IsLateral)
            return Bind(derived.Query);

        // Without LATERAL the other items of the same FROM are not visible.
        var hidden = Scope;
        _scopes.RemoveAt(_scopes.Count - 1);
        var shape = Bind(derived.Query);
        _scopes.Add(hidden);
        return shape;
    }

    private void BindFunctions(FunctionTable functions)
    {
        var columns = new List<OutputColumn>();
        var isKnown = true;
        foreach (var item in functions.Functions)
        {
            Visit(item.Function);
            if (item.Columns.Length > 0)
                AddDefinitions(item.Columns, columns);
            else if (functions.Alias is { Definitions.Length: > 0 } defined)
                AddDefinitions(defined.Definitions, columns);
            else
                isKnown &= AddFunctionColumns(item.Function, functions.Alias, columns);
        }
        if (functions.WithOrdinality)
            columns.Add(new("ordinality", "bigint"));
        var alias = functions.Alias is { Name.IsEmpty: false } named ? named.Name.Text
            : functions.Functions.Length > 0 ? OutputNames.Of(functions.Functions[0].Function) : "";
        var shape = new QueryShape(columns, isKnown).Renamed(Lists.Texts(functions.Alias?.Columns ?? []));
        OnFunctions(functions, alias, shape);
        Scope.Add(new(alias, null, shape));
    }

    private void AddDefinitions(ColumnDefinition[] definitions, List<OutputColumn> columns)
    {
        foreach (var definition in definitions)
            columns.Add(new(definition.Name.Text, definition.Type is { } type ? TypeText(type) : ""));
    }

    private bool AddFunctionColumns(Expression function, TableAlias? alias, List<OutputColumn> columns)
    {
        var scalarName = alias is { Name.IsEmpty: false } ? alias.Name.Text : OutputNames.Of(function);
        if (function is not FunctionCall call)
        {
            columns.Add(new(scalarName, TypeOf(function)));
            return true;
        }
        if (Catalog.FindFunctions(call.Name) is { Count: > 0 } overloads)
            return AddUserColumns(overloads[0], scalarName, columns);
        if (SystemFunctions.RowColumns(call.Name.Name.Text) is { } known)
        {
            columns.AddRange(known);
            return true;
        }
        columns.Add(new(scalarName, TypeOf(call)));
        return SystemFunctions.IsScalarSet(call.Name.Name.Text);
    }

    private bool AddUserColumns(Function function, string scalarName, List<OutputColumn> columns)
    {
        foreach (var column in function.ReturnColumns)
            columns.Add(new(column.Name, column.Type));
        foreach (var parameter in function.Parameters)
        {
            if (parameter.Mode is ParameterMode.Out or ParameterMode.InOut)
                columns.Add(new(parameter.Name, parameter.Type));
        }
        if (columns.Count > 0)
            return true;
        var type = function.Returns.StartsWith("setof ", StringComparison.Ordinal) ? function.Returns.Substring(6) : function.Returns;
        foreach (var relation in Catalog.Relations.Values)
        {
            if (relation.Id.Name != type && relation.Id.ToString() != type)
                continue;
            foreach (var column in relation.Columns)
                columns.Add(new(column.Name, column.Type));
            return relation.AreColumnsKnown;
        }
        columns.Add(new(scalarName, type));
        return type != "record";
    }

    private void BindJoin(JoinedTable join)
    {
        var first = Scope.Count;
        BindFrom(join.Left);
        var second = Scope.Count;
        BindFrom(join.Right);
        Merge(join, first, second);
        Visit(join.On);
        if (join.Alias is not { Name.IsEmpty: false } alias)
            return;

        // An alias of the whole join hides the names inside it.
        var columns = new List<OutputColumn>();
        var isKnown = true;
        for (var i = first; i < Scope.Count; i++)
        {
            columns.AddRange(Scope[i].Shape.Columns);
            isKnown &= Scope[i].Shape.IsKnown;
        }
        Scope.RemoveRange(first, Scope.Count - first);
        Scope.Add(new(alias.Name.Text, null, new QueryShape(columns, isKnown).Renamed(Lists.Texts(alias.Columns))));
    }

    private void Merge(JoinedTable join, int first, int second)
    {
        foreach (var name in join.Using)
            AddMerged(name.Text);
        if (!join.IsNatural)
            return;
        for (var i = first; i < second; i++)
        {
            foreach (var column in Scope[i].Shape.Columns)
            {
                for (var j = second; j < Scope.Count; j++)
                {
                    if (Scope[j].Find(column.Name) is not null)
                        AddMerged(column.Name);
                }
            }
        }
    }

    private void AddMerged(string name) => (_merged ??= new(StringComparer.Ordinal)).Add(name);

    private void AddEntry(TableReference item, QueryShape shape) =>
        Scope.Add(new(item.Alias?.Name.Text ?? "", null, shape.Renamed(Lists.Texts(item.Alias?.Columns ?? []))));

    private static void Collect(JsonTableColumn[] from, List<OutputColumn> columns)
    {
        foreach (var column in from)
        {
            if (column.Kind == JsonTableColumnKind.Nested)
                Collect(column.Nested, columns);
            else
                columns.Add(new(column.Name.Text, ""));
        }
    }
}
