// create table notes (id uuid primary key, user_id uuid not null);
// alter table notes enable row level security;
// alter table notes force row level security;
// create policy own on notes using (user_id = (select current_setting('app.user_id', true)::uuid));
using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

public static class Endpoints
{
    public static NpgsqlDataSource Make(string connectionString) => NpgsqlDataSource.Create(connectionString);

    public static void Map(IEndpointRouteBuilder app) => app.MapGet("/notes", (NpgsqlConnection connection) => connection.Query("select id from notes"));
}

namespace Microsoft.Extensions.DependencyInjection
{
    // As in Npgsql.DependencyInjection.
    public static class NpgsqlServiceCollectionExtensions
    {
        public static IServiceCollection AddNpgsqlDataSource(
            this IServiceCollection services, string connectionString, ServiceLifetime connectionLifetime = ServiceLifetime.Transient, ServiceLifetime dataSourceLifetime = ServiceLifetime.Singleton) => services;
    }
}
