// create table notes (id uuid primary key, user_id uuid not null, parent uuid, title text not null);
using System.Data;
using Dapper;

public sealed class Notes(IDbConnection connection)
{
    public object Children(Guid userId) => connection.Query("""
        select n.id, c.title
        from notes n
        join notes c on c.parent = n.id
        --   ^^^^^ PL5001: notes is read without a condition on user_id
        where n.user_id = @userId
        """, new { userId });

    public object SameOwner(Guid userId) => connection.Query("""
        select n.id, c.title
        from notes n join notes c on c.parent = n.id and c.user_id = n.user_id
        where n.user_id = @userId
        """, new { userId });
}
