// create table notes (id uuid primary key, user_id uuid not null);
// alter table notes enable row level security;
// alter table notes force row level security;
// create policy own on notes using (user_id = (select current_setting('app.user_id', true)::uuid));
using System.Data.Common;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

public sealed class Note
{
    public Guid Id { get; set; }
    public Guid UserId { get; set; }
}

public sealed class NotesContext(DbContextOptions<NotesContext> options) : DbContext(options)
{
    public DbSet<Note> Notes => Set<Note>();
}


public interface ICurrentUser
{
    string Id { get; }
}

public sealed class CurrentUser(IHttpContextAccessor accessor) : ICurrentUser
{
    public string Id => accessor.HttpContext!.User.Identity!.Name!;
}

public sealed class TenantInterceptor(ICurrentUser user) : DbConnectionInterceptor
{
    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        using var command = Command(connection);
        command.ExecuteNonQuery();
    }

    public override async Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        await using var command = Command(connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
        await base.ConnectionOpenedAsync(connection, eventData, cancellationToken);
    }

    private DbCommand Command(DbConnection connection)
    {
        var command = connection.CreateCommand();
        command.CommandText = "select set_config('app.user_id', @id, false)";
        var parameter = command.CreateParameter();
        parameter.ParameterName = "id";
        parameter.Value = user.Id;
        command.Parameters.Add(parameter);
        return command;
    }
}

public static class Registration
{
    public static void Add(IServiceCollection services, string connectionString) => services.AddDbContext<NotesContext>((provider, options) =>
        options.UseNpgsql(connectionString).AddInterceptors(provider.GetRequiredService<TenantInterceptor>()));
}

public sealed class Notes(NotesContext context, IDbContextFactory<NotesContext> factory)
{
    public Task<List<Note>> All() => context.Notes.ToListAsync();

    public List<Note> OfAFactory()
    {
        using var own = factory.CreateDbContext();
        return own.Notes.ToList();
    }
}

public sealed class Cleanup(IServiceScopeFactory scopes) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<NotesContext>();
        await context.Notes.ExecuteDeleteAsync(stoppingToken);
        //            ^^^^^ PL5016: app.user_id is taken from the request: a background service serves none
    }

    public async Task ForEach(Guid userId, CancellationToken stoppingToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<NotesContext>();
        await context.Database.OpenConnectionAsync(stoppingToken);
        await context.Database.ExecuteSqlAsync($"select set_config('app.user_id', {userId.ToString()}, false)", stoppingToken);
        await context.Notes.ExecuteDeleteAsync(stoppingToken);
    }
}
