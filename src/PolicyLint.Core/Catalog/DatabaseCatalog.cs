namespace PolicyLint.Core.Catalog;

/// <summary>A catalog that no longer changes.</summary>
public sealed class DatabaseCatalog : ICatalog
{
    // Nearly every rule goes through all of them.
    private IReadOnlyList<Table>? _tablesInOrder;

    public IReadOnlyDictionary<QualifiedId, Relation> Relations { get; init; } = new Dictionary<QualifiedId, Relation>();

    public IReadOnlyDictionary<QualifiedId, IReadOnlyList<Function>> Functions { get; init; } = new Dictionary<QualifiedId, IReadOnlyList<Function>>();

    public IReadOnlyDictionary<string, Schema> Schemas { get; init; } = new Dictionary<string, Schema>();

    public IReadOnlyDictionary<string, Role> Roles { get; init; } = new Dictionary<string, Role>();

    public IReadOnlyDictionary<QualifiedId, UserType> Types { get; init; } = new Dictionary<QualifiedId, UserType>();

    public IReadOnlyList<DefaultPrivilege> DefaultPrivileges { get; init; } = [];

    public IReadOnlyCollection<string> Extensions { get; init; } = [];

    public IReadOnlyList<string> SearchPath { get; init; } = ["public"];

    public IReadOnlyList<Origin> UnknownEffects { get; init; } = [];

    public string Platform { get; init; } = "plain";

    public bool IsLive { get; init; }

    internal IReadOnlyList<Table> TablesInOrder => _tablesInOrder ??= CatalogLookup.OrderedTables(this);
}
