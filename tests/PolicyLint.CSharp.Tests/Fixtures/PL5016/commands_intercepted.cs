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


public sealed class TenantCommands(IHttpContextAccessor accessor) : DbCommandInterceptor
{
    public override InterceptionResult<DbDataReader> ReaderExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result)
    {
        command.CommandText = $"set app.user_id = '{accessor.HttpContext!.User.Identity!.Name}'; " + command.CommandText;
        return result;
    }
}

public static class Registration
{
    public static void Add(IServiceCollection services, string connectionString) =>
        services.AddDbContext<NotesContext>((provider, options) => options.UseNpgsql(connectionString).AddInterceptors(provider.GetServices<IInterceptor>()));
}

public sealed class Notes(NotesContext context)
{
    public List<Note> All() => context.Notes.ToList();
}
