// create table notes (id uuid primary key, user_id uuid not null, title text not null);
using System.Data;
using Dapper;
using Npgsql;

public sealed class Notes(IDbConnection connection, NpgsqlDataSource source, Guid userId)
{
    public object Chosen(Guid[] ids) => connection.Query("select title from notes where id = any(@ids)", new { ids });
    //                                                                      ^^^^^ PL5001: notes is read without a condition on user_id

    public object Copied(IEnumerable<Guid> ids) => connection.Query("select title from notes where id = any(@ids::uuid[])", new { ids = ids.ToArray() });
    //                                                                                 ^^^^^ PL5001: notes is read without a condition on user_id

    public object Expanded(List<Guid> ids) => connection.Query("select title from notes where id in @ids", new { ids });
    //                                                                            ^^^^^ PL5001: notes is read without a condition on user_id

    public object Written(Guid[] ids)
    {
        var command = source.CreateCommand("delete from notes where id = any($1)");
        command.Parameters.AddWithValue(ids);
        return command.ExecuteNonQuery();
    }

    public object OwnOnes(Guid[] ids) => connection.Query("select title from notes where id = any(@ids) and user_id = @userId", new { ids, userId });

    // What the list holds was read under the condition.
    public object Read()
    {
        var ids = connection.Query<Guid>("select id from notes where user_id = @userId", new { userId }).ToArray();
        return connection.Query("select title from notes where id = any(@ids)", new { ids });
    }

    public object Mapped()
    {
        var ids = connection.Query<Guid>("select id from notes where user_id = @userId", new { userId }).ToList();
        return connection.Query("select title from notes where id in @ids", new { ids });
    }

    public object Handed() => Titles([.. connection.Query<Guid>("select id from notes where user_id = @userId", new { userId })]);

    private object Titles(Guid[] ids) => connection.Query("select title from notes where id = any(@ids)", new { ids });
}
