using Dapper;
using Npgsql;

namespace App;

public sealed class WithRowSecurity(string connectionString, Guid userId)
{
    // Used elsewhere, too: row-level security is what guards it.
    public const string Files = "select id from files";

    public IEnumerable<Guid> All()
    {
        using var connection = new NpgsqlConnection(connectionString);
        return connection.Query<Guid>(Files);
    }
}
