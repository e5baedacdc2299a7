using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Catalog.Replay;

/// <summary>CREATE INDEX.</summary>
internal sealed class IndexStatements(ReplayContext context, ConstraintBuilder constraints)
{
    private readonly TableParents _parents = new(context, constraints);

    public void Create(CreateIndexStatement statement)
    {
        var relation = context.Require(statement.Table);
        if (relation is not (Table or View))
            return;
        if (!statement.Name.IsEmpty && context.State.IsRelationName(new(relation.Id.Schema, statement.Name.Text)))
        {
            if (!statement.IfNotExists)
                context.Report($"relation \"{statement.Name}\" already exists", isError: true);
            return;
        }
        var index = IndexOf(relation, statement);
        if (relation is View view)
        {
            context.Alter(view, view with { Indexes = Lists.With(view.Indexes, index) }, ChangeKind.Created, ObjectKind.Index, index.Name, null, index);
            return;
        }
        var table = (Table)relation;
        var after = table with { Indexes = Lists.With(table.Indexes, index) };
        context.Alter(table, after, ChangeKind.Created, ObjectKind.Index, index.Name, null, index);
        if (table.Kind != TableKind.Partitioned || statement.IsOnly)
            return;
        CloneTo(after);
    }

    private void CloneTo(Table parent)
    {
        foreach (var child in TableParents.ChildrenOf(context.State, parent.Id))
        {
            _parents.CloneIndexes(child.Id, parent);
            if (child.Kind == TableKind.Partitioned && context.State.Relations[child.Id] is Table changed)
                CloneTo(changed);
        }
    }

    private TableIndex IndexOf(Relation relation, CreateIndexStatement statement)
    {
        var keys = new IndexKey[statement.Elements.Length];
        var names = new string[keys.Length];
        for (var i = 0; i < keys.Length; i++)
        {
            keys[i] = constraints.KeyOf(statement.Elements[i]);
            names[i] = ConstraintBuilder.NameOf(statement.Elements[i]);
            CheckColumn(relation, keys[i]);
        }
        return new TableIndex
        {
            Name = statement.Name.IsEmpty
                ? context.Names.Relation(relation.Id.Schema, relation.Id.Name, ObjectNames.Addition(Distinct(names)), "idx", isConstraint: false)
                : statement.Name.Text,
            Keys = keys,
            Include = Array.ConvertAll(statement.Include, static e => e.Column.Text),
            IsUnique = statement.IsUnique,
            Method = statement.Method.IsEmpty ? "btree" : statement.Method.Text,
            Predicate = statement.Where is { } where ? context.Fragment(where) : null,
            NullsNotDistinct = statement.NullsNotDistinct,
            CreatedAt = context.Here,
        };
    }

    private void CheckColumn(Relation relation, IndexKey key)
    {
        if (key.Column is { } column && relation.AreColumnsKnown && relation.Taints.Count == 0 && relation.FindColumn(column) is null)
            context.Report($"column \"{column}\" does not exist", isError: true);
    }

    // A second key of the same name is numbered (indexcmds.c, ChooseIndexColumnNames).
    private static string[] Distinct(string[] names)
    {
        var distinct = new string[names.Length];
        for (var i = 0; i < names.Length; i++)
        {
            var name = names[i];
            for (var number = 1; Array.IndexOf(distinct, name, 0, i) >= 0; number++)
                name = names[i] + number.ToString(System.Globalization.CultureInfo.InvariantCulture);
            distinct[i] = name;
        }
        return distinct;
    }
}
