// create table notes (id uuid primary key, user_id uuid not null);
// alter table notes enable row level security;
// alter table notes force row level security;
// create policy own on notes using (user_id = (select current_setting('app.user_id', true)::uuid));
using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

public static class Endpoints
{
    public static void Add(IServiceCollection services, string connectionString) => services.AddNpgsqlDataSource(connectionString).AddScoped(Tenants.Make);

    public static void Map(IEndpointRouteBuilder app) => app.MapGet("/notes", (NpgsqlConnection connection) => connection.Query("select id from notes"));
}

public static class Tenants
{
    public static NpgsqlConnection Make(IServiceProvider services)
    {
        var connection = services.GetRequiredService<NpgsqlDataSource>().OpenConnection();
        connection.Execute("select set_config('app.user_id', '1', false)");
        return connection;
    }
}

namespace Microsoft.Extensions.DependencyInjection
{
    // As in Npgsql.DependencyInjection.
    public static class NpgsqlServiceCollectionExtensions
    {
        public static IServiceCollection AddNpgsqlDataSource(this IServiceCollection services, string connectionString) => services;
    }
}
