namespace PolicyLint.Core.Catalog.Replay;

/// <summary>The catalog in the middle of a replay. Its objects are immutable records; what changes is which of them it holds.</summary>
internal sealed class CatalogState : ICatalog
{
    public const string TemporarySchema = "pg_temp";

    private readonly UndoDictionary<QualifiedId, Relation> _relations;
    private readonly UndoDictionary<QualifiedId, IReadOnlyList<Function>> _functions;
    private readonly UndoDictionary<string, Schema> _schemas;
    private readonly UndoDictionary<string, Role> _roles;
    private readonly UndoDictionary<QualifiedId, UserType> _types;
    private readonly UndoDictionary<string, string> _extensions;
    private readonly UndoDictionary<QualifiedId, QualifiedId> _indexes;
    private readonly UndoDictionary<QualifiedId, int> _constraintNames;
    private readonly UndoDictionary<QualifiedId, Origin> _dropped;
    private readonly UndoValue<IReadOnlyList<DefaultPrivilege>> _defaultPrivileges;
    private readonly UndoValue<IReadOnlyList<Origin>> _unknownEffects;
    private readonly UndoValue<IReadOnlyList<string>> _searchPath;
    private IReadOnlyList<string>? _effectivePath;
    private QualifiedId _lastId = new("", "");
    private int _temporaryRelations;
    private DatabaseCatalog? _snapshot;
    private object? _snapshotExtensions;

    public CatalogState(string platform, IReadOnlyList<string> defaultPath)
    {
        Platform = platform;
        DefaultPath = defaultPath;
        _relations = new(Log);
        _functions = new(Log);
        _schemas = new(Log, StringComparer.Ordinal);
        _roles = new(Log, StringComparer.Ordinal);
        _types = new(Log);
        _extensions = new(Log, StringComparer.Ordinal);
        _indexes = new(Log);
        _constraintNames = new(Log);
        _dropped = new(Log);
        _defaultPrivileges = new(Log, []);
        _unknownEffects = new(Log, []);
        _searchPath = new(Log, defaultPath);
    }

    public UndoLog Log { get; } = new();

    /// <summary>The search path that sessions start with, `$user` left out.</summary>
    public IReadOnlyList<string> DefaultPath { get; }

    public IReadOnlyDictionary<QualifiedId, Relation> Relations => _relations.Items;

    public IReadOnlyDictionary<QualifiedId, IReadOnlyList<Function>> Functions => _functions.Items;

    public IReadOnlyDictionary<string, Schema> Schemas => _schemas.Items;

    public IReadOnlyDictionary<string, Role> Roles => _roles.Items;

    public IReadOnlyDictionary<QualifiedId, UserType> Types => _types.Items;

    public IReadOnlyList<DefaultPrivilege> DefaultPrivileges => _defaultPrivileges.Value;

    public IReadOnlyCollection<string> Extensions => _extensions.Items.Keys;

    /// <summary>Extensions and the schema that each was put into.</summary>
    public IReadOnlyDictionary<string, string> ExtensionSchemas => _extensions.Items;

    public IReadOnlyList<Origin> UnknownEffects => _unknownEffects.Value;

    public string Platform { get; }

    public bool IsLive => false;

    /// <summary>The relation that an index belongs to; an index lies in the schema of its relation.</summary>
    public IReadOnlyDictionary<QualifiedId, QualifiedId> IndexOwners => _indexes.Items;

    /// <summary>Objects that were there and that a statement dropped or renamed: using them is an error for certain.</summary>
    public IReadOnlyDictionary<QualifiedId, Origin> Dropped => _dropped.Items;

    /// <summary>Something used was never created in what was read, so absence proves little.</summary>
    public bool IsIncomplete { get; set; }

    public IReadOnlyList<string> SearchPath => _effectivePath ??= EffectivePath();

    /// <summary>search_path as set, before schemas that do not exist are passed over.</summary>
    public IReadOnlyList<string> SearchPathSetting
    {
        get => _searchPath.Value;
        set
        {
            if (ReferenceEquals(_searchPath.Value, value))
                return;
            _searchPath.Value = value;
            _effectivePath = null;
        }
    }

    /// <summary>Rolls back to a mark of the log.</summary>
    public void RollBackTo(int mark)
    {
        Log.RollBackTo(mark);
        _effectivePath = null;
        _temporaryRelations = 0;
        foreach (var id in _relations.Items.Keys)
            _temporaryRelations += id.Schema == TemporarySchema ? 1 : 0;
    }

    /// <summary>The session has made temporary relations.</summary>
    public bool HasTemporaryRelations => _temporaryRelations > 0;

    /// <summary>The session may have made temporary functions.</summary>
    public bool HasTemporaryFunctions { get; set; }

    /// <summary>The id of a name. Most statements in a row are about one relation, whose id is made once.</summary>
    public QualifiedId IdOf(string schema, string name)
    {
        var id = _lastId;
        if (id.Name != name || id.Schema != schema)
            _lastId = id = new(schema, name);
        return id;
    }

    /// <summary>Whether the name is taken among relations and indexes.</summary>
    public bool IsRelationName(QualifiedId id) => _relations.ContainsKey(id) || _indexes.ContainsKey(id);

    /// <summary>Whether a constraint of that name is in the schema.</summary>
    public bool IsConstraintName(QualifiedId id) => _constraintNames.TryGetValue(id, out var count) && count > 0;

    /// <summary>Puts a relation in the place of one before it; null for none on either side.</summary>
    public void Replace(Relation? before, Relation? after)
    {
        if (before is not null && (after is null || after.Id != before.Id))
        {
            _relations.Remove(before.Id);
            Count(before.Id, -1);
        }
        if (after is not null)
        {
            if (before is null || after.Id != before.Id)
                Count(after.Id, 1);
            _relations.Set(after.Id, after);
        }
        ReplaceNames(before, after);
    }

    public void SetFunctions(QualifiedId id, IReadOnlyList<Function> overloads)
    {
        HasTemporaryFunctions |= id.Schema == TemporarySchema;
        if (overloads.Count == 0)
            _functions.Remove(id);
        else
            _functions.Set(id, overloads);
    }

    public void SetSchema(Schema schema)
    {
        _schemas.Set(schema.Name, schema);
        _effectivePath = null;
    }

    public void RemoveSchema(string name)
    {
        _schemas.Remove(name);
        _effectivePath = null;
    }

    public void SetRole(Role role) => _roles.Set(role.Name, role);

    public void RemoveRole(string name) => _roles.Remove(name);

    public void SetType(UserType type) => _types.Set(type.Id, type);

    public void RemoveType(QualifiedId id) => _types.Remove(id);

    public void SetExtension(string name, string schema) => _extensions.Set(name, schema);

    public void RemoveExtension(string name) => _extensions.Remove(name);

    public void SetDefaultPrivileges(IReadOnlyList<DefaultPrivilege> privileges) => _defaultPrivileges.Value = privileges;

    public void AddUnknownEffect(Origin origin) => _unknownEffects.Value = Lists.With(_unknownEffects.Value, origin);

    public void MarkDropped(QualifiedId id, Origin origin) => _dropped.Set(id, origin);

    /// <summary>Starts from what another catalog holds: the platform's.</summary>
    public void Load(DatabaseCatalog seed)
    {
        foreach (var relation in seed.Relations.Values)
            Replace(null, relation);
        foreach (var functions in seed.Functions)
            _functions.Set(functions.Key, functions.Value);
        foreach (var schema in seed.Schemas.Values)
            SetSchema(schema);
        foreach (var role in seed.Roles.Values)
            SetRole(role);
        foreach (var type in seed.Types.Values)
            SetType(type);
        foreach (var extension in seed.Extensions)
            SetExtension(extension, "extensions");
        _defaultPrivileges.Value = seed.DefaultPrivileges;
        Log.Forget();
    }

    /// <summary>The catalog as it is now, in an order that depends on names alone.</summary>
    public DatabaseCatalog Freeze()
    {
        var relations = new Dictionary<QualifiedId, Relation>(_relations.Items.Count);
        foreach (var id in Sorted(_relations.Items.Keys))
            relations.Add(id, _relations.Items[id]);
        var functions = new Dictionary<QualifiedId, IReadOnlyList<Function>>(_functions.Items.Count);
        foreach (var id in Sorted(_functions.Items.Keys))
            functions.Add(id, _functions.Items[id]);
        var types = new Dictionary<QualifiedId, UserType>(_types.Items.Count);
        foreach (var id in Sorted(_types.Items.Keys))
            types.Add(id, _types.Items[id]);
        return new DatabaseCatalog
        {
            Relations = relations,
            Functions = functions,
            Types = types,
            Schemas = SortedCopy(_schemas.Items),
            Roles = SortedCopy(_roles.Items),
            DefaultPrivileges = DefaultPrivileges,
            Extensions = [.. SortedCopy(_extensions.Items).Keys],
            SearchPath = SearchPath,
            UnknownEffects = UnknownEffects,
            Platform = Platform,
        };
    }

    /// <summary>
    /// The same without order, for the many catalogs around scripts and statements: they are looked into by name, and share what did not change.
    /// One object until something changes.
    /// </summary>
    public DatabaseCatalog Snapshot()
    {
        var (relations, functions, types) = (_relations.Snapshot(), _functions.Snapshot(), _types.Snapshot());
        var (schemas, roles, extensions) = (_schemas.Snapshot(), _roles.Snapshot(), _extensions.Snapshot());
        if (_snapshot is { } last && last.Relations == relations && last.Functions == functions && last.Types == types && last.Schemas == schemas && last.Roles == roles
            && _snapshotExtensions == extensions && last.DefaultPrivileges == DefaultPrivileges && last.SearchPath == SearchPath && last.UnknownEffects == UnknownEffects)
            return last;
        _snapshotExtensions = extensions;
        return _snapshot = new()
        {
            Relations = relations,
            Functions = functions,
            Types = types,
            Schemas = schemas,
            Roles = roles,
            DefaultPrivileges = DefaultPrivileges,
            Extensions = [.. _extensions.Items.Keys],
            SearchPath = SearchPath,
            UnknownEffects = UnknownEffects,
            Platform = Platform,
        };
    }

    private static QualifiedId[] Sorted<T>(Dictionary<QualifiedId, T>.KeyCollection keys)
    {
        var ids = new QualifiedId[keys.Count];
        keys.CopyTo(ids, 0);
        Array.Sort(ids, CatalogLookup.CompareIds);
        return ids;
    }

    private static Dictionary<string, T> SortedCopy<T>(Dictionary<string, T> items)
    {
        var names = new string[items.Count];
        items.Keys.CopyTo(names, 0);
        Array.Sort(names, string.CompareOrdinal);
        var copy = new Dictionary<string, T>(items.Count, StringComparer.Ordinal);
        foreach (var name in names)
            copy.Add(name, items[name]);
        return copy;
    }

    private void Count(QualifiedId id, int step)
    {
        if (id.Schema != TemporarySchema)
            return;
        _temporaryRelations += step;
        _effectivePath = null;
    }

    private IReadOnlyList<string> EffectivePath()
    {
        var setting = _searchPath.Value;
        var path = new List<string>(setting.Count + 1);
        if (_temporaryRelations > 0 && !Lists.Has(setting, TemporarySchema))
            path.Add(TemporarySchema);
        string? missing = null;
        for (var i = 0; i < setting.Count; i++)
        {
            var name = setting[i];
            if (name == "pg_catalog")
                continue;
            if (_schemas.ContainsKey(name) || name == TemporarySchema)
                path.Add(name);
            else
                missing ??= name;
        }

        // A path of which nothing is known to exist means a schema that other files make.
        if (missing is not null && (path.Count == 0 || (path.Count == 1 && path[0] == TemporarySchema)))
            path.Add(missing);
        return path;
    }

    private void ReplaceNames(Relation? before, Relation? after)
    {
        var isMoved = before is null || after is null || before.Id != after.Id;
        var oldIndexes = IndexesOf(before);
        var newIndexes = IndexesOf(after);
        var same = isMoved ? 0 : CommonStart(oldIndexes, newIndexes);
        for (var i = same; i < oldIndexes.Count; i++)
            _indexes.Remove(new(before!.Id.Schema, oldIndexes[i].Name));
        for (var i = same; i < newIndexes.Count; i++)
            _indexes.Set(new(after!.Id.Schema, newIndexes[i].Name), after.Id);
        var oldConstraints = (before as Table)?.Constraints ?? [];
        var newConstraints = (after as Table)?.Constraints ?? [];
        same = isMoved ? 0 : CommonStart(oldConstraints, newConstraints);
        for (var i = same; i < oldConstraints.Count; i++)
            CountConstraint(new(before!.Id.Schema, oldConstraints[i].Name), -1);
        for (var i = same; i < newConstraints.Count; i++)
            CountConstraint(new(after!.Id.Schema, newConstraints[i].Name), 1);
    }

    // Most lists change at their end.
    private static int CommonStart<T>(IReadOnlyList<T> before, IReadOnlyList<T> after)
        where T : class
    {
        if (ReferenceEquals(before, after))
            return before.Count;
        var same = 0;
        while (same < before.Count && same < after.Count && ReferenceEquals(before[same], after[same]))
            same++;
        return same;
    }

    private void CountConstraint(QualifiedId id, int step)
    {
        _constraintNames.TryGetValue(id, out var count);
        _constraintNames.Set(id, count + step);
    }

    private static IReadOnlyList<TableIndex> IndexesOf(Relation? relation) =>
        relation switch { Table table => table.Indexes, View view => view.Indexes, _ => [] };
}
