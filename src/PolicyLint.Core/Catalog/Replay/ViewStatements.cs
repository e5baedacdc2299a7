using PolicyLint.Core.Catalog.Replay.Binding;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Catalog.Replay;

/// <summary>CREATE VIEW and CREATE MATERIALIZED VIEW.</summary>
internal sealed class ViewStatements(ReplayContext context, DefaultGrants defaults)
{
    public void Create(CreateViewStatement statement)
    {
        var id = context.IdForNew(statement.View, statement.Persistence);

        // A view of a temporary relation is temporary itself (view.c, DefineView).
        if (context.State.HasTemporaryRelations && statement.Query is { } query && ReadsTemporary(query))
            id = new(CatalogState.TemporarySchema, id.Name);
        var existing = Existing(id, statement.OrReplace, ifNotExists: false, out var isFree);
        if (!isFree)
            return;
        var view = Make(id, statement.Query, Lists.Texts(statement.Columns), existing);
        view = WithOptions(context, view with { SecurityInvoker = Off, SecurityBarrier = Off }, statement.Options, isReset: false);
        Store(existing, view);
    }

    private bool ReadsTemporary(QueryStatement query)
    {
        foreach (var relation in Uses.Of(context.State, query).Relations)
        {
            if (relation.Schema == CatalogState.TemporarySchema)
                return true;
        }
        return false;
    }

    public void CreateMaterialized(CreateTableAsStatement statement)
    {
        var id = context.IdForNew(statement.Table);
        var existing = Existing(id, orReplace: false, statement.IfNotExists, out var isFree);
        if (isFree)
            Store(existing, Make(id, statement.Query as QueryStatement, Lists.Texts(statement.Columns), null) with { IsMaterialized = true });
    }

    /// <summary>The view with storage parameters set or reset.</summary>
    public static View WithOptions(ReplayContext context, View view, OptionItem[] options, bool isReset)
    {
        foreach (var option in options)
        {
            var fact = new Fact<bool>(!isReset && IsTrue(option), context.Here);
            if (option.Name == "security_invoker")
                view = view with { SecurityInvoker = fact };
            else if (option.Name == "security_barrier")
                view = view with { SecurityBarrier = fact };
        }
        return view;
    }

    private static Fact<bool> Off => new(false, Origin.Default);

    private static bool IsTrue(OptionItem option)
    {
        if (!option.ValueName.IsEmpty)
            return IsTrueWord(option.ValueName.Text);
        return option.Value switch
        {
            null => true,
            Literal { Kind: LiteralKind.True } => true,
            Literal { Kind: LiteralKind.String } text => IsTrueWord(text.GetText()),
            Literal { Kind: LiteralKind.Integer } number => number.Source.GetText(number.Span) == "1",
            ColumnReference word => IsTrueWord(word.Name.Name.Text),
            _ => false,
        };
    }

    private static bool IsTrueWord(string word) => word.ToLowerInvariant() is "true" or "on" or "yes" or "1" or "t" or "y" or "tru" or "tr" or "ye";

    private View? Existing(QualifiedId id, bool orReplace, bool ifNotExists, out bool isFree)
    {
        isFree = true;
        if (!context.State.Relations.TryGetValue(id, out var relation))
            return null;
        if (orReplace && relation is View { IsMaterialized: false } view)
            return view;
        if (relation.IsAssumed && !ifNotExists)
        {
            context.State.Replace(relation, null);
            return null;
        }
        isFree = false;
        if (!ifNotExists)
            context.Report($"relation \"{id.Name}\" already exists", isError: relation.Taints.Count == 0);
        return null;
    }

    private View Make(QualifiedId id, QueryStatement? query, IReadOnlyList<string> names, View? existing)
    {
        var shape = query is null ? QueryShape.Unknown : new QueryBinder(context.State).Bind(query).Renamed(names);
        var stored = query is null ? null : StoredNames.Of(context, query);
        return new View
        {
            Id = id,
            CreatedAt = context.Here,
            Owner = existing?.Owner ?? context.CurrentRole,
            IsForeignOwned = context.IsSeeding,
            Comment = existing?.Comment,
            Grants = existing?.Grants ?? defaults.For(ObjectKind.Table, id.Schema, context.CurrentRole),
            Columns = TableStatements.ColumnsOf(shape, context.Here),
            AreColumnsKnown = shape.IsKnown,
            Query = stored is null ? null : context.Fragment(query!, stored),
            SecurityInvoker = Off,
            SecurityBarrier = Off,
        };
    }

    private void Store(View? existing, View view)
    {
        if (existing is null)
            context.Create(view);
        else
            context.Alter(existing, view);
    }
}
