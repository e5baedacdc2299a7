using PolicyLint.Core.Catalog;
using PolicyLint.Core.Catalog.Replay;

namespace PolicyLint.Live.Catalog;

/// <summary>What a server holds.</summary>
/// <param name="Catalog">The same catalog that a replay makes; origins name the objects.</param>
/// <param name="Issues">Texts of the server that our parser could not read. Their objects are tainted, so that questions about them answer Unknown.</param>
public sealed record CatalogReading(DatabaseCatalog Catalog, IReadOnlyList<ReplayIssue> Issues);
