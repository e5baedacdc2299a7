// create table notes (id uuid primary key, user_id uuid not null, title text not null, kind character varying(20));
using System.Data;
using Dapper;
using Npgsql;

public sealed record Filter(string Title);

public sealed class Notes(IDbConnection connection, NpgsqlDataSource source)
{
    public object Quoted(Guid userId, string title) => connection.Query($"select id from notes where user_id = @userId and title = @title", new { userId, title });

    public object Pattern(Guid userId, string text) => connection.Query($"select id from notes where user_id = @userId and title like '%' || @text || '%'", new { userId, text });

    public object Sum(Guid userId, string title) => connection.Query("select id from notes where user_id = @userId and title = @title order by id", new { userId, title });

    public object End(Guid userId, string title) => connection.Query("select id from notes where user_id = @userId and title = @title", new { userId, title });

    public object Raw(Guid userId, Filter filter) => connection.Query($"""
        select id from notes
        where user_id = @userId and kind in ('a', @title)
        """, new { userId, title = filter.Title });

    public object Two(Guid userId, string title, string kind) => connection.Query($"select id from notes where user_id = @userId and title = @title and kind = @kind", new { userId, title, kind });

    public void Command(Guid userId, string title)
    {
        using var command = source.CreateCommand($"delete from notes where user_id = @userId and title ilike @title || '%'");
        command.Parameters.AddWithValue("userId", userId);
        command.Parameters.AddWithValue("title", title);
        command.ExecuteNonQuery();
    }

    // Text is no uuid.
    public object Typed(Guid userId, string id) => connection.Query($"select id from notes where user_id = @userId and id = '{id}'", new { userId });
}
