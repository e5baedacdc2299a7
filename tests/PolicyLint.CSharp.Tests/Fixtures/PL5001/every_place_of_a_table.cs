// create table notes (id uuid primary key, user_id uuid not null, parent_id uuid, title text not null);
// create table tags (id uuid primary key, note_id uuid not null, user_id uuid not null, name text not null);
using System.Data;
using Dapper;

public sealed class Notes(IDbConnection connection, Guid userId)
{
    public object Lateral() => connection.Query("""
        select n.id, t.name from notes n
        cross join lateral (select name from tags where tags.note_id = n.id limit 1) t
        --                                   ^^^^ PL5001: tags
        where n.user_id = @userId
        """, new { userId });

    public object CarriedIntoLateral() => connection.Query("""
        select n.id, t.name from notes n
        cross join lateral (select name from tags where tags.note_id = n.id and tags.user_id = n.user_id limit 1) t
        where n.user_id = @userId
        """, new { userId });

    public object OuterJoin() => connection.Query("""
        select n.id, t.name from notes n left join tags t on t.note_id = n.id and t.user_id = n.user_id
        where n.user_id = @userId
        """, new { userId });

    public object CommonTable() => connection.Query("""
        with found as (select id from notes where title <> '')
        --                            ^^^^^ PL5001: notes
        select t.name from tags t join found f on f.id = t.note_id where t.user_id = @userId
        """, new { userId });

    public object Subquery() => connection.Query("select name from tags where user_id = @userId and note_id in (select id from notes)", new { userId });
    //                                                                                                                         ^^^^^ PL5001: notes

    public object Exists() => connection.Query("""
        select name from tags t where t.user_id = @userId and exists (select from notes n where n.id = t.note_id and n.user_id = t.user_id)
        """, new { userId });

    public object Scalar() => connection.Query("select (select count(*) from notes) from tags where user_id = @userId", new { userId });
    //                                                                       ^^^^^ PL5001: notes

    public object Union() => connection.Query("select id from notes where user_id = @userId union all select id from tags", new { userId });
    //                                                                                                               ^^^^ PL5001: tags

    public object Except() => connection.Query("select id from notes where user_id = @userId except select note_id from tags where user_id = @userId", new { userId });

    public object Either(string title) => connection.Query("select id from notes where user_id = @userId or title = @title", new { userId, title });
    //                                                                     ^^^^^ PL5001: notes
}
