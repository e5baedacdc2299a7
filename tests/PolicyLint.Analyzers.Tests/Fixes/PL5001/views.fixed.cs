// create table notes (id uuid primary key, user_id uuid not null, title text not null);
// create view titles as select id, user_id as owner, title from notes;
// create view names as select id, title from notes;
using System.Data;
using Dapper;

public sealed class Notes(IDbConnection connection, Guid owner)
{
    public object All() => connection.Query("select id from titles where title <> '' and owner = @owner", new { owner });

    public object Names() => connection.Query("select id from names");
}
