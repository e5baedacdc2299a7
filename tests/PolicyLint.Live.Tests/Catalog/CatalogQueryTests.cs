using PolicyLint.Core.Platforms;

namespace PolicyLint.Live.Tests.Catalog;

[Collection(PostgresCollection.Name)]
public sealed class CatalogQueryTests(PostgresFixture postgres)
{
    [SkippableTheory]
    [InlineData("roles")]
    [InlineData("schemas")]
    [InlineData("relations")]
    [InlineData("parts")]
    [InlineData("functions")]
    [InlineData("types")]
    public async Task Every_query_is_accepted(string query)
    {
        await using var database = await postgres.Cluster.CreateDatabaseAsync("queries", PlatformSql.Supabase);
        await using var session = await SafeSession.OpenAsync(database.Target);
        Assert.NotEmpty(await session.QueryAsync(ResourceText.Read($"Catalog/Queries/{query}.sql"), static r => r.GetString(r.FieldCount - 1)));
    }
}
