// create table notes (id uuid primary key, user_id uuid not null, parent uuid, title text not null);
// create table "Tags" (id uuid primary key, user_id uuid not null, note uuid not null, name text not null);
using System.Data;
using Dapper;
using Npgsql;

public sealed class Notes(IDbConnection connection, NpgsqlDataSource source, Guid userId)
{
    private const string Newest = "select id from notes order by id";

    private const string Shared = "select id from notes";

    public object Regular() => connection.Query("select id from notes where title <> ''");

    public object Choice() => connection.Query("select id from notes where title = '' or parent is null");

    public object Bracketed() => connection.Query("select id from notes where (title = '' or parent is null) order by id");

    public object Verbatim(Guid id) => connection.Query(@"SELECT ""id"" FROM ""notes"" AS ""N"" JOIN ""Tags"" t ON t.note = ""N"".id WHERE ""N"".id = @id", new { id });

    public object Raw(Guid id, IDbTransaction transaction) => connection.QuerySingle("""
        select id
        from notes
        where id = @id
        limit 1
        """, new { id }, transaction);

    public object Interpolated(int count) => connection.Query($"select id from notes limit {count}", transaction: null);

    public object Sum() => connection.Query("select id " + "from notes " + "order by id", null);

    public object Named() => connection.Query(sql: "select id from notes", commandTimeout: 3);

    public object Constant() => connection.Query(Newest);

    // Used twice: a parameter for one is missing for the other.
    public object First() => connection.Query(Shared);

    public object Second() => connection.Query(Shared);

    public object LeftJoin() => connection.Query("select n.id, c.title from notes n left join notes c on c.parent = n.id where n.user_id = @userId", new { userId });

    public object Dynamic(Guid id)
    {
        var parameters = new DynamicParameters();
        parameters.Add("id", id);
        return connection.Query("select id from notes where id = @id", parameters);
    }

    public object Definition(Guid id) => connection.Query<Guid>(new CommandDefinition("select id from notes where id = @id", new { id }));

    public async Task<object?> Command(Guid id)
    {
        await using var command = source.CreateCommand("select title from notes where id = @id");
        command.Parameters.AddWithValue("id", id);
        return await command.ExecuteScalarAsync();
    }

    public object? Positional(Guid id, NpgsqlConnection open)
    {
        using (var command = new NpgsqlCommand("select title from notes where id = $1", open) { Parameters = { new() { Value = id } } })
        {
            return command.ExecuteScalar();
        }
    }

    public object? Text(NpgsqlConnection open)
    {
        using var command = open.CreateCommand();
        command.CommandText = "select title from notes";
        return command.ExecuteScalar();
    }

    public object Union() => connection.Query("select id from notes union all select id from notes where parent is null", new { });

    public object Branches(bool isNew) => connection.Query("select id from notes" + (isNew ? " where parent is null" : ""));
}
