using Dapper;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Npgsql;

namespace App;

[Authorize]
public sealed class NotesController(NpgsqlConnection connection, ICurrentUser currentUser) : ControllerBase
{
    [HttpGet("notes/count")]
    public async Task<object> Count() =>
        await connection.QuerySingleAsync<long>("select count(*) from notes where user_id = @user", new { user = currentUser.Id });

    [HttpGet("users/{user}/notes")]
    public async Task<object> Of(Guid user) =>
        await connection.QueryAsync<Guid>("select id from notes where user_id = @user", new { user });
}
