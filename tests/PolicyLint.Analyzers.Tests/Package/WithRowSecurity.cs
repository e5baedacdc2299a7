using Dapper;
using Npgsql;

namespace App;

public sealed class WithRowSecurity(string connectionString)
{
    public IEnumerable<Guid> Tags()
    {
        using var connection = new NpgsqlConnection(connectionString);
        return connection.Query<Guid>("select id from tags");
    }
}
