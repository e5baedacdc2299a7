namespace PolicyLint.Core.Catalog;

/// <summary>A catalog that no longer changes.</summary>
public sealed class DatabaseCatalog : ICatalog
{
    // Nearly every rule goes through all of them.
    private IReadOnlyList<Table>? _tablesInOrder;

    public IReadOnlyDictionary<QualifiedId, Relation> Relations { get => field ?? None<QualifiedId, Relation>.Items; init; }

    public IReadOnlyDictionary<QualifiedId, IReadOnlyList<Function>> Functions { get => field ?? None<QualifiedId, IReadOnlyList<Function>>.Items; init; }

    public IReadOnlyDictionary<string, Schema> Schemas { get => field ?? None<string, Schema>.Items; init; }

    public IReadOnlyDictionary<string, Role> Roles { get => field ?? None<string, Role>.Items; init; }

    public IReadOnlyDictionary<QualifiedId, UserType> Types { get => field ?? None<QualifiedId, UserType>.Items; init; }

    public IReadOnlyList<DefaultPrivilege> DefaultPrivileges { get; init; } = [];

    public IReadOnlyCollection<string> Extensions { get; init; } = [];

    public IReadOnlyList<string> SearchPath { get; init; } = ["public"];

    public IReadOnlyList<Origin> UnknownEffects { get; init; } = [];

    public string Platform { get; init; } = "plain";

    public bool IsLive { get; init; }

    internal IReadOnlyList<Table> TablesInOrder => _tablesInOrder ??= CatalogLookup.OrderedTables(this);

    /// <summary>No objects of a kind.</summary>
    private static class None<TKey, TValue>
        where TKey : notnull
    {
        public static readonly IReadOnlyDictionary<TKey, TValue> Items = new Dictionary<TKey, TValue>();
    }
}
