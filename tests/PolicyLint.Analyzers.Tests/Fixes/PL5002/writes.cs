// create table notes (id uuid primary key, user_id uuid not null, title text not null);
// create table tags (id uuid primary key, note uuid not null);
using System.Data;
using Dapper;
using Npgsql;

public sealed class Notes(IDbConnection connection, NpgsqlDataSource source, Guid userId)
{
    public void Rename(Guid id, string title) => connection.Execute("update notes set title = @title where id = @id returning id", new { id, title });

    public void Clear() => connection.Execute("DELETE FROM notes");

    public void Empty() => connection.Execute("update notes set title = ''");

    public void Tagged() => connection.Execute("update notes n set title = '' from tags t where t.note = n.id", null);

    public void Both(Guid id) => connection.Execute("delete from notes where id = @id; update notes set title = '' where id <> @id", new { id });

    public void Remove(Guid id)
    {
        using var command = source.CreateCommand("delete from notes where id = @id");
        command.Parameters.AddWithValue("id", id);
        command.ExecuteNonQuery();
    }
}
