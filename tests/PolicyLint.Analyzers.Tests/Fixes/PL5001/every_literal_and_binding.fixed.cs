// create table notes (id uuid primary key, user_id uuid not null, parent uuid, title text not null);
// create table "Tags" (id uuid primary key, user_id uuid not null, note uuid not null, name text not null);
using System.Data;
using Dapper;
using Npgsql;

public sealed class Notes(IDbConnection connection, NpgsqlDataSource source, Guid userId)
{
    private const string Newest = "select id from notes where user_id = @userId order by id";

    private const string Shared = "select id from notes";

    public object Regular() => connection.Query("select id from notes where title <> '' and user_id = @userId", new { userId });

    public object Choice() => connection.Query("select id from notes where (title = '' or parent is null) and user_id = @userId", new { userId });

    public object Bracketed() => connection.Query("select id from notes where (title = '' or parent is null) and user_id = @userId order by id", new { userId });

    public object Verbatim(Guid id) => connection.Query(@"SELECT ""id"" FROM ""notes"" AS ""N"" JOIN ""Tags"" t ON t.note = ""N"".id WHERE ""N"".id = @id AND ""N"".user_id = @userId AND t.user_id = @userId", new { id, userId });

    public object Raw(Guid id, IDbTransaction transaction) => connection.QuerySingle("""
        select id
        from notes
        where id = @id and user_id = @userId
        limit 1
        """, new { id, userId }, transaction);

    public object Interpolated(int count) => connection.Query($"select id from notes where user_id = @userId limit {count}", new { userId }, transaction: null);

    public object Sum() => connection.Query("select id " + "from notes where user_id = @userId " + "order by id", new { userId });

    public object Named() => connection.Query(sql: "select id from notes where user_id = @userId", param: new { userId }, commandTimeout: 3);

    public object Constant() => connection.Query(Newest, new { userId });

    // Used twice: a parameter for one is missing for the other.
    public object First() => connection.Query(Shared);

    public object Second() => connection.Query(Shared);

    public object LeftJoin() => connection.Query("select n.id, c.title from notes n left join notes c on c.parent = n.id and c.user_id = @userId where n.user_id = @userId", new { userId });

    public object Dynamic(Guid id)
    {
        var parameters = new DynamicParameters();
        parameters.Add("userId", userId);
        parameters.Add("id", id);
        return connection.Query("select id from notes where id = @id and user_id = @userId", parameters);
    }

    public object Definition(Guid id) => connection.Query<Guid>(new CommandDefinition("select id from notes where id = @id and user_id = @userId", new { id, userId }));

    public async Task<object?> Command(Guid id)
    {
        await using var command = source.CreateCommand("select title from notes where id = @id and user_id = @userId");
        command.Parameters.AddWithValue("id", id);
        command.Parameters.AddWithValue("userId", userId);
        return await command.ExecuteScalarAsync();
    }

    public object? Positional(Guid id, NpgsqlConnection open)
    {
        using (var command = new NpgsqlCommand("select title from notes where id = $1 and user_id = $2", open) { Parameters = { new() { Value = id }, new() { Value = userId } } })
        {
            return command.ExecuteScalar();
        }
    }

    public object? Text(NpgsqlConnection open)
    {
        using var command = open.CreateCommand();
        command.CommandText = "select title from notes where user_id = @userId";
        command.Parameters.AddWithValue("userId", userId);
        return command.ExecuteScalar();
    }

    public object Union() => connection.Query("select id from notes where user_id = @userId union all select id from notes where parent is null and user_id = @userId", new { userId });

    public object Branches(bool isNew) => connection.Query("select id from notes" + (isNew ? " where parent is null" : ""));
}
