// create table notes (id uuid primary key, tenant_id uuid not null);
// create table tags (id uuid primary key, tenant_id uuid not null);
// create table logs (id uuid primary key, tenant_id uuid not null);
using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

public interface IOwned
{
    Guid TenantId { get; }
}

public sealed class Note : IOwned
{
    public Guid Id { get; set; }
    public Guid TenantId { get; set; }
}

public sealed class Tag : IOwned
{
    public Guid Id { get; set; }
    public Guid TenantId { get; set; }
}

public sealed class Log
{
    public Guid Id { get; set; }
    public Guid TenantId { get; set; }
}

public sealed class AppContext(DbContextOptions<AppContext> options, Guid tenant) : DbContext(options)
{
    public DbSet<Note> Notes => Set<Note>();
    public DbSet<Tag> Tags => Set<Tag>();
    public DbSet<Log> Logs => Set<Log>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(AppContext).Assembly);
        foreach (var type in modelBuilder.Model.GetEntityTypes())
        {
            if (typeof(IOwned).IsAssignableFrom(type.ClrType))
                GetType().GetMethod(nameof(Filter), BindingFlags.NonPublic | BindingFlags.Instance)!.MakeGenericMethod(type.ClrType).Invoke(this, [modelBuilder]);
        }
    }

    private void Filter<T>(ModelBuilder modelBuilder) where T : class, IOwned => modelBuilder.Entity<T>().HasQueryFilter(row => row.TenantId == tenant);
}

public sealed class TagConfiguration : IEntityTypeConfiguration<Tag>
{
    public void Configure(EntityTypeBuilder<Tag> builder) => builder.ToTable("tags");
}

public sealed class Repository(AppContext db)
{
    public List<Note> Notes() => db.Notes.ToList();

    public List<Tag> Tags() => db.Tags.ToList();

    public List<Log> Logs() => db.Logs.ToList();
    //                            ^^^^ PL5006: Log is read without a condition on TenantId
}
