// create table notes (id uuid primary key, user_id uuid not null, title text not null);
using System.Data;
using Dapper;

public sealed class Notes(IDbConnection connection, Guid userId)
{
    public object Alias() => connection.Query("select n.id, n.owner from notes n where n.user_id = @userId", new { userId });
    //                                                        ^^^^^ PL5010: public.notes has no column owner

    public object Insert(Guid id) => connection.Execute("insert into notes (id, user_id, name) values (@id, @userId, '')", new { id, userId });
    //                                                                                   ^^^^ PL5010: has no column name

    public object Parameter() => connection.Query("select id from notes where user_id = @userId and title = @title", new { userId });
    //                                                                                                      ^^^^^^ PL5010: gives no title

    public object Table() => connection.Query("select id, owner from elsewhere");

    public object Hole(string column) => connection.Query("select " + column + ", owner from notes where user_id = @userId", new { userId });

    public object Dynamic(DynamicParameters parameters) => connection.Query("select id from notes where user_id = @userId and title = @title", parameters);

    public object OtherDatabase() => connection.Query("select top 10 [id] from [dbo].[notes]");
}
