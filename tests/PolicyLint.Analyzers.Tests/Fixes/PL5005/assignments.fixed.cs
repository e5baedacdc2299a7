// create table notes (id uuid primary key, user_id uuid not null, title text not null, done boolean);
using System.Data;
using Dapper;
using Microsoft.EntityFrameworkCore;
using Npgsql;

public sealed class Notes(IDbConnection connection, NpgsqlDataSource source, DbContext context, Guid userId)
{
    public void Last(Guid id, Guid owner, string title) =>
        connection.Execute("update notes set title = @title where id = @id and user_id = @userId", new { id, userId, owner, title });

    public void First(Guid id, Guid owner, string title) =>
        connection.Execute("update notes set title = @title where id = @id and user_id = @userId", new { id, userId, owner, title });

    public void Between(Guid id, Guid owner) => connection.Execute("""
        UPDATE notes
        SET title = (''),
            done = (true)
        WHERE id = @id AND user_id = @userId
        """, new { id, userId, owner });

    public void Named(Guid id, Guid owner)
    {
        using var command = source.CreateCommand("update notes set done = true where id = @id and user_id = @userId");
        command.Parameters.AddWithValue("id", id);
        command.Parameters.AddWithValue("owner", owner);
        command.Parameters.AddWithValue("userId", userId);
        command.ExecuteNonQuery();
    }

    public void Interpolated(Guid id, Guid owner) => context.Database.ExecuteSql($"update notes set done = true where id = {id} and user_id = {userId}");

    public void Numbered(Guid id, Guid owner) => context.Database.ExecuteSqlRaw("update notes set done = true where id = {1} and user_id = {2}", owner, id, userId);

    public void Only(Guid id, Guid owner) => connection.Execute("update notes set user_id = @owner where id = @id and user_id = @userId", new { id, userId, owner });

    public void Row(Guid id, Guid owner) => connection.Execute("update notes set (title, user_id) = ('', @owner), done = true where id = @id and user_id = @userId", new { id, userId, owner });

    public void Literals(Guid id, Guid owner) => connection.Execute("update notes set done = true, user_id = " + "@owner where id = @id and user_id = @userId", new { id, userId, owner });

    public void Positional(Guid id, Guid owner)
    {
        using var command = source.CreateCommand("update notes set done = true, user_id = $1 where id = $2 and user_id = $3");
        command.Parameters.AddWithValue(owner);
        command.Parameters.AddWithValue(id);
        command.Parameters.AddWithValue(userId);
        command.ExecuteNonQuery();
    }
}
