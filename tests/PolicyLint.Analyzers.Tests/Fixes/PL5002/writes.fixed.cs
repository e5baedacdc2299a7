// create table notes (id uuid primary key, user_id uuid not null, title text not null);
// create table tags (id uuid primary key, note uuid not null);
using System.Data;
using Dapper;
using Npgsql;

public sealed class Notes(IDbConnection connection, NpgsqlDataSource source, Guid userId)
{
    public void Rename(Guid id, string title) => connection.Execute("update notes set title = @title where id = @id and user_id = @userId returning id", new { id, title, userId });

    public void Clear() => connection.Execute("DELETE FROM notes WHERE user_id = @userId", new { userId });

    public void Empty() => connection.Execute("update notes set title = '' where user_id = @userId", new { userId });

    public void Tagged() => connection.Execute("update notes n set title = '' from tags t where t.note = n.id and n.user_id = @userId", new { userId });

    public void Both(Guid id) => connection.Execute("delete from notes where id = @id and user_id = @userId; update notes set title = '' where id <> @id and user_id = @userId", new { id, userId });

    public void Remove(Guid id)
    {
        using var command = source.CreateCommand("delete from notes where id = @id and user_id = @userId");
        command.Parameters.AddWithValue("id", id);
        command.Parameters.AddWithValue("userId", userId);
        command.ExecuteNonQuery();
    }
}
