// create table notes (id uuid primary key, user_id uuid not null, title text not null, line1 text, line2 text, created_at timestamptz);
// create table tags (id uuid primary key, title text not null, titles text[], "Kind" text);
using System.Data;
using Dapper;

public sealed class Notes(IDbConnection connection, Guid userId)
{
    public object Read() => connection.Query("select id, title from notes where user_id = @userId", new { userId });

    public object Qualified() => connection.Query("""select n.id, n.created_at, t."Kind" from notes n join tags t on t.id = n.id where n.user_id = @userId and n.user_id = @userId""", new { userId });

    public object Quoted() => connection.Query("select title, \"Kind\" from tags");

    public void Written(Guid id) => connection.Execute("insert into notes (id, user_id, title) values (@id, @userId, '')", new { id, userId });

    public object Parameter(string title) => connection.Query("select id from notes where user_id = @userId and title = @title", new { userId, title });

    public object Farther() => connection.Query("select colour, updated_at, name from notes where user_id = @userId", new { userId });

    public object Either() => connection.Query("select titlex from tags");

    public object InTwo() => connection.Query("select titel from notes n, tags t where n.user_id = @userId and t.id = n.id", new { userId });

    public object Digits() => connection.Query("select line3 from notes where user_id = @userId", new { userId });

    public object Read(string title1) => connection.Query("select id from notes where user_id = @userId and title in (@title1, @titlex)", new { userId, title1 });
}
