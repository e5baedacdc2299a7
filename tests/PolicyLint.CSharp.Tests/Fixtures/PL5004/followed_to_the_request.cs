// create table notes (id uuid primary key, tenant_id uuid not null, title text not null);
// config: csharp:
// config:   user: [ICurrentUser]
using System.Data;
using Dapper;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Npgsql;

public interface ICurrentUser
{
    Guid TenantId { get; }
}

public sealed class NoteStore(IDbConnection connection, NpgsqlDataSource source, ICurrentUser user)
{
    public object Of(Guid tenant) => connection.Query("select id from notes where tenant_id = @tenant", new { tenant });
    //                                                                                        ^^^^^^^ PL5004: compared with tenantId

    public object Mine() => connection.Query("select id from notes where tenant_id = @tenant", new { tenant = user.TenantId });

    public object Dynamic(string header)
    {
        var parameters = new DynamicParameters();
        parameters.Add("@tenant", Guid.Parse(header));
        return connection.Query("select id from notes where tenant_id = @tenant", parameters);
        //                                                              ^^^^^^^ PL5004: compared with Request.Headers
    }

    public void Add(Guid tenant, Guid id)
    {
        using var command = source.CreateCommand("insert into notes (id, tenant_id, title) values ($1, $2, '')");
        //                                                                                             ^^ PL5004: set to dto.TenantId
        command.Parameters.AddWithValue(id);
        command.Parameters.Add(new NpgsqlParameter { Value = tenant });
        command.ExecuteNonQuery();
    }

    public void Remove(Guid tenant)
    {
        using var command = source.CreateCommand("delete from notes where tenant_id = @tenant");
        //                                                                            ^^^^^^^ PL5004: compared with tenant
        command.Parameters.AddWithValue("tenant", tenant);
        command.ExecuteNonQuery();
    }

    public object Checked(Guid tenant) => connection.Query("select id from notes where tenant_id = @tenant", new { tenant });
}

public sealed record NoteDto(Guid TenantId, Guid Id);

public sealed class NotesController(NoteStore notes, ICurrentUser user) : ControllerBase
{
    [HttpGet("tenants/{tenantId}")]
    public object Of(Guid tenantId) => notes.Of(tenantId);

    [HttpGet("mine")]
    public object Mine() => notes.Mine();

    [HttpGet("header")]
    public object Header() => notes.Dynamic(Request.Headers["X-Tenant"].ToString());

    [HttpPost]
    public void Add([FromBody] NoteDto dto) => notes.Add(dto.TenantId, dto.Id);

    [HttpGet("checked/{tenantId}")]
    public object Checked(Guid tenantId)
    {
        if (tenantId != user.TenantId)
            return Forbid();
        return notes.Checked(tenantId);
    }
}

public static class Routes
{
    public static void Map(IEndpointRouteBuilder app) => app.MapDelete("/tenants/{tenant}", (Guid tenant, NoteStore notes) => notes.Remove(tenant));
}
