// create table notes (id uuid primary key, user_id uuid not null);
// create table tags (id uuid primary key, user_id uuid not null);
using System.Data.Common;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

public sealed class Note
{
    public Guid Id { get; set; }
    public Guid UserId { get; set; }
}

public sealed class Tag
{
    public Guid Id { get; set; }
    public Guid UserId { get; set; }
}

public interface ICurrentUser
{
    Guid Id { get; }
}

public sealed class Taken(DbContextOptions<Taken> options, ICurrentUser user) : DbContext(options)
{
    private readonly Guid _userId = user.Id;

    public DbSet<Note> Notes => Set<Note>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) =>
        modelBuilder.Entity<Note>().HasQueryFilter(note => note.UserId == _userId);
    //                                                                    ^^^^^^^ PL5018: Taken is pooled: _userId is that of the request for which it was made
}

public sealed class Asked(DbContextOptions<Asked> options, IHttpContextAccessor accessor) : DbContext(options)
{
    private Guid UserId => Guid.Parse(accessor.HttpContext!.User.Identity!.Name!);

    public DbSet<Note> Notes => Set<Note>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.Entity<Note>().HasQueryFilter(note => note.UserId == UserId);
}

public sealed class SetAnew(DbContextOptions<SetAnew> options) : DbContext(options)
{
    public Guid UserId { get; set; }

    public DbSet<Tag> Tags => Set<Tag>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.Entity<Tag>().HasQueryFilter(tag => tag.UserId == UserId);
}

public sealed class NotPooled(DbContextOptions<NotPooled> options, ICurrentUser user) : DbContext(options)
{
    private readonly Guid _userId = user.Id;

    public DbSet<Tag> Tags => Set<Tag>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.Entity<Tag>().HasQueryFilter(tag => tag.UserId == _userId);
}

public sealed class SetAnewFactory(IDbContextFactory<SetAnew> pool, ICurrentUser user)
{
    public SetAnew Create()
    {
        var context = pool.CreateDbContext();
        context.UserId = user.Id;
        return context;
    }
}

public sealed class TenantInterceptor(ICurrentUser user) : DbConnectionInterceptor
{
    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"set app.user_id = '{user.Id}'";
        command.ExecuteNonQuery();
    }
}

public static class Registration
{
    public static void Add(IServiceCollection services, string connectionString)
    {
        services.AddScoped<TenantInterceptor>();
        services.AddDbContextPool<Taken>((provider, options) => options.UseNpgsql(connectionString).AddInterceptors(provider.GetRequiredService<TenantInterceptor>()));
        //                                                                                                          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PL5018: TenantInterceptor never knows the user of a request
        services.AddPooledDbContextFactory<Asked>(options => options.UseNpgsql(connectionString));
        services.AddPooledDbContextFactory<SetAnew>(options => options.UseNpgsql(connectionString));
        services.AddDbContext<NotPooled>((provider, options) => options.UseNpgsql(connectionString).AddInterceptors(provider.GetRequiredService<TenantInterceptor>()));
    }
}
