// create table kinds (id uuid primary key, name text not null);
// create table notes (id uuid primary key, user_id uuid not null, kind uuid, title text not null);
// create view open_notes as select id, user_id as owner, title from notes where title <> '';
// create view titles as select id, title from notes;
// create view mine as select * from notes where user_id = current_setting('app.user_id')::uuid;
// create view named as select k.name, n.* from notes n join kinds k on k.id = n.kind;
// create table tags (id uuid primary key, user_id uuid not null, name text not null);
// alter table tags enable row level security;
// alter table tags force row level security;
// create policy own on tags using (user_id = current_setting('app.user_id')::uuid);
// create view all_tags as select * from tags;
// create view own_tags with (security_invoker = true) as select * from tags;
using System.Data;
using Dapper;

public sealed class Notes(IDbConnection connection, Guid userId)
{
    public object All() => connection.Query("select * from open_notes");
    //                                                     ^^^^^^^^^^ PL5001: open_notes is read without a condition on owner

    public object One(Guid id) => connection.Query("select title from open_notes where id = @id", new { id });
    //                                                                ^^^^^^^^^^ PL5001: open_notes is read without a condition on owner

    public object Own() => connection.Query("select title from open_notes n where n.owner = @userId", new { userId });

    public object Either(Guid id) => connection.Query("select title from open_notes where owner = @userId or id = @id", new { userId, id });
    //                                                                   ^^^^^^^^^^ PL5001: open_notes is read without a condition on owner

    public object Titles() => connection.Query("select title from titles");
    //                                                            ^^^^^^ PL5001: titles is read without a condition on user_id

    // Whose a title is can't be asked: the identifier may be one that was checked.
    public object Title(Guid id) => connection.Query("select title from titles where id = @id", new { id });

    public object Session() => connection.Query("select title from mine");

    public object Named() => connection.Query("select name, title from named where user_id = @userId", new { userId });

    public object Joined(Guid kind) => connection.Query("select n.title from named n join kinds k on k.name = n.name where k.id = @kind", new { kind });
    //                                                                       ^^^^^ PL5001: named is read without a condition on user_id

    // The policies bind the view's owner, who is not known.
    public object AllTags() => connection.Query("select name from all_tags");

    public object OwnTags() => connection.Query("select name from own_tags");
    //                                                            ^^^^^^^^ PL5001: tags is read without a condition on user_id
}
