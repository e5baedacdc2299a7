// create table notes (id uuid primary key, user_id uuid not null, parent_id uuid, title text not null);
// create table tags (id uuid primary key, note_id uuid not null, user_id uuid not null, name text not null);
using System.Data;
using Dapper;

public sealed class Notes(IDbConnection connection, Guid userId)
{
    public object From() => connection.Execute("update tags t set name = n.title from notes n where n.id = t.note_id and n.user_id = @userId", new { userId });
    //                                                 ^^^^ PL5002: tags

    public object CarriedByFrom() => connection.Execute("update tags t set name = n.title from notes n where n.id = t.note_id and n.user_id = @userId and t.user_id = n.user_id", new { userId });

    public object Using() => connection.Execute("delete from tags t using notes n where n.id = t.note_id and n.user_id = @userId", new { userId });
    //                                                       ^^^^ PL5002: tags

    public object CarriedByUsing() => connection.Execute("delete from tags t using notes n where n.id = t.note_id and t.user_id = n.user_id and n.user_id = @userId", new { userId });

    public object Merge() => connection.Execute("""
        merge into tags t using (select @id::uuid as id, @name as name) as given on t.id = given.id
        --         ^^^^ PL5002: tags
        when matched then update set name = given.name
        """, new { id = Guid.Empty, name = "" });

    public object MergeOfMine() => connection.Execute("""
        merge into tags t using (select @id::uuid as id, @name as name) as given on t.id = given.id and t.user_id = @userId
        when matched then update set name = given.name
        """, new { id = Guid.Empty, name = "", userId });

    public object InCommonTable() => connection.Execute("with gone as (delete from tags where name = '' returning note_id) select count(*) from gone");
    //                                                                             ^^^^ PL5002: tags

    public object Upsert() => connection.Execute("""
        insert into tags (id, note_id, user_id, name) values (@id, @id, @userId, '')
        on conflict (id) do update set name = excluded.name where tags.user_id = @userId
        """, new { id = Guid.Empty, userId });
}
