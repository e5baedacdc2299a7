// create table notes (id uuid primary key, user_id uuid not null);
// alter table notes enable row level security;
// alter table notes force row level security;
// create policy own on notes using (user_id = (select current_setting('app.user_id', true)::uuid));
using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

public static class Endpoints
{
    public static void AddServices(IServiceCollection services, string connectionString) =>
        services.AddNpgsqlDataSource(connectionString).AddScoped(_ => new List<int>()).AddSingleton<NpgsqlServices>().AddScoped(typeof(IEnumerable<>), typeof(List<>));

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/notes", (NpgsqlConnection connection) => connection.Query("select id from notes"));
        //                                                                                     ^^^^^ PL5016: nothing sets app.user_id on this connection before

        app.MapGroup("/other").MapGet("/notes", async ([FromServices] NpgsqlConnection connection, Guid userId) =>
        {
            await connection.OpenAsync();
            if (userId != Guid.Empty)
                await connection.ExecuteAsync("select set_config('app.user_id', @id, false)", new { id = userId.ToString() });
            return await connection.QueryAsync("select id from notes");
            //                                                 ^^^^^ PL5016: a path leads here on which nothing sets app.user_id
        });

        app.MapGet("/mine", (NpgsqlConnection connection, Guid userId) =>
        {
            connection.Open();
            using var transaction = connection.BeginTransaction();
            connection.Execute("select set_config('app.user_id', @id, true)", new { id = userId.ToString() }, transaction);
            return connection.Query("select id from notes", null, transaction);
        });

        app.MapGet("/helped", (NpgsqlConnection connection, Guid userId) =>
        {
            connection.Open();
            Use(connection, userId);
            return connection.Query("select id from notes");
        });

        app.MapGet("/keyed", ([FromKeyedServices("tenant")] NpgsqlConnection connection) => connection.Query("select id from notes"));

        // Nobody knows who calls it.
        Func<NpgsqlConnection, object> other = connection => connection.Query("select id from notes");
        app.MapGet("/given", other);
    }

    private static void Use(NpgsqlConnection connection, Guid userId) => connection.Execute("select set_config('app.user_id', @id, false)", new { id = userId.ToString() });
}

public sealed class NpgsqlServices;

namespace Microsoft.Extensions.DependencyInjection
{
    // As in Npgsql.DependencyInjection.
    public static class NpgsqlServiceCollectionExtensions
    {
        public static IServiceCollection AddNpgsqlDataSource(
            this IServiceCollection services, string connectionString, ServiceLifetime connectionLifetime = ServiceLifetime.Transient, ServiceLifetime dataSourceLifetime = ServiceLifetime.Singleton) => services;
    }
}
