// create table notes (id uuid primary key, user_id uuid not null default current_setting('app.user_id')::uuid, title text not null);
// create table tags (id uuid primary key, user_id uuid not null, name text not null);
using System.Data;
using Dapper;

public sealed class Notes(IDbConnection connection)
{
    public void Add(Guid id, string title) => connection.Execute("insert into notes (id, title) values (@id, @title)", new { id, title });

    public void Tag(Guid id, string name) => connection.Execute("insert into tags (id, name) values (@id, @name)", new { id, name });
    //                                                                       ^^^^ PL5003: the row for tags has no user_id
}
