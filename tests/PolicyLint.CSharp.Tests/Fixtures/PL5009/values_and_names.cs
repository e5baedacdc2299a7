// create table notes (id uuid primary key, user_id uuid not null, title text not null);
using System.Data;
using Dapper;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

public sealed class NotesController(IDbConnection connection, DbContext db) : ControllerBase
{
    private const string Table = "notes";

    public object Constant(Guid userId) => connection.Query($"select id from {Table} where user_id = @userId", new { userId });

    public object Typed(Guid userId, int page) => connection.Query($"select id from notes where user_id = '{userId}' limit {page}");

    public object Value(Guid userId, string title) => connection.Query("select id from notes where user_id = @userId and title = '" + title + "'", new { userId });
    //                                                                                                                                ^^^^^ PL5009: title becomes part of the statement

    public object Order(Guid userId, string order) => connection.Query("select id from notes where user_id = @userId order by " + order, new { userId });
    //                                                                                                                            ^^^^^ PL5009: order becomes part

    public object Chosen(Guid userId, bool byTitle) => connection.Query("select id from notes where user_id = @userId order by " + (byTitle ? "title" : "id"), new { userId });

    public Task Parameter(Guid userId, string title) => db.Database.ExecuteSqlAsync($"update notes set title = {title} where user_id = {userId}");

    public Task Raw(Guid userId, string title) => db.Database.ExecuteSqlRawAsync("update notes set title = {0} where user_id = {1}", title, userId);

    public Task Interpolated(Guid userId, string title) => db.Database.ExecuteSqlRawAsync($"update notes set title = '{title}' where user_id = '{userId}'");
    //                                                                                                                 ^^^^^ PL5009
}
