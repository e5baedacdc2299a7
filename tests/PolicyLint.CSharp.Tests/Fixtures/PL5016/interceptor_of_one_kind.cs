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


public sealed class TenantInterceptor(IHttpContextAccessor accessor) : DbConnectionInterceptor
{
    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"select set_config('app.user_id', '{accessor.HttpContext!.User.Identity!.Name}', false)";
        command.ExecuteNonQuery();
    }
}

public static class Registration
{
    public static void Add(IServiceCollection services, string connectionString) =>
        services.AddDbContext<NotesContext>((provider, options) => options.UseNpgsql(connectionString).AddInterceptors(new TenantInterceptor(provider.GetRequiredService<IHttpContextAccessor>())));
}

public sealed class Notes(NotesContext context)
{
    public List<Note> All() => context.Notes.ToList();

    public Task<List<Note>> AllLater() => context.Notes.Where(note => note.Id != Guid.Empty).ToListAsync();
    //                                            ^^^^^ PL5016: the interceptor sets app.user_id only where connections are opened synchronously
}
