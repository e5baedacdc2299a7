// create table notes (id uuid primary key, tenant_id text not null, is_deleted bool not null);
// create table tags (id uuid primary key, tenant_id text not null);
// create table logs (id uuid primary key, tenant_id text);
// create table drafts (id uuid primary key, tenant_id text);
// create table posts (id uuid primary key, tenant_id text not null);
// create table pages (id uuid primary key, tenant_id text not null);
// create table files (id uuid primary key, tenant_id text not null);
// create table links (id uuid primary key, tenant_id text not null);
// create table marks (id uuid primary key, tenant_id text not null, is_deleted bool not null);
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

public abstract class Owned
{
    public Guid Id { get; set; }
    public string TenantId { get; set; } = "";
}

public sealed class Note : Owned
{
    public bool IsDeleted { get; set; }
}

public sealed class Label
{
    public Guid Id { get; set; }
    public string Owner { get; set; } = "";
    public List<Post> Posts { get; } = [];
}

public sealed class Log : Owned;

public sealed class Draft : Owned;

public sealed class Post : Owned
{
    public List<Label> Labels { get; } = [];
}

public sealed class Page : Owned;

public sealed class File : Owned;

public sealed class Link : Owned;

public sealed class Mark : Owned
{
    public bool IsDeleted { get; set; }
}

public sealed class Session
{
    public const string? None = null;

    public string Tenant { get; set; } = "";

    public string? Id() => Tenant;
}

public static class Current
{
    public static string Tenant { get; set; } = "";
}

public abstract class BaseContext(DbContextOptions options, Session session) : DbContext(options)
{
    private readonly Session _session = session;

    protected string Tenant => _session.Tenant;
}

public sealed class AppContext(DbContextOptions<AppContext> options, Session session) : BaseContext(options, session)
{
    private const string? Nobody = null;

    private readonly Session _session = session;

    public Session Session => _session;

    public DbSet<Note> Notes => Set<Note>();
    public DbSet<Label> Labels => Set<Label>();
    public DbSet<Log> Logs => Set<Log>();
    public DbSet<Draft> Drafts => Set<Draft>();
    public DbSet<Post> Posts => Set<Post>();
    public DbSet<Mark> Marks => Set<Mark>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Note>().HasQueryFilter(note => !note.IsDeleted && (Tenant == note.TenantId));
        modelBuilder.Entity<Label>(label =>
        {
            label.ToTable("tags");
            label.Property(row => row.Owner).HasMaxLength(20).HasColumnName("tenant_id");
            label.HasQueryFilter(row => row.Owner == this._session.Id()!);
        });
        // Rows of nobody are in everybody's reach.
        modelBuilder.Entity<Log>().HasQueryFilter(log => log.TenantId == Nobody);
        // The constant of the type, not a member of the property.
        modelBuilder.Entity<Draft>().HasQueryFilter(draft => draft.TenantId == Session.None);
        modelBuilder.Entity<Post>().HasQueryFilter(post => post.TenantId == Current.Tenant).HasMany(post => post.Labels).WithMany(label => label.Posts).UsingEntity(join => join.ToTable("post_labels"));
        modelBuilder.Entity<Mark>().HasQueryFilter(mark => !mark.IsDeleted);
    }
}

public sealed class PageContext(DbContextOptions<PageContext> options, string tenant) : DbContext(options)
{
    public DbSet<Page> Pages => Set<Page>();
    public DbSet<File> Files => Set<File>();
    public DbSet<Link> Links => Set<Link>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.ApplyConfiguration(new FileConfiguration(tenant));
        var pages = modelBuilder.Entity<Page>();
        pages.HasQueryFilter(page => page.TenantId == tenant);
        modelBuilder.Entity<Link>().HasQueryFilter(link => link.TenantId == tenant || tenant == "all");
    }
}

public sealed class FileConfiguration(string tenant) : IEntityTypeConfiguration<File>
{
    public void Configure(EntityTypeBuilder<File> builder) => builder.ToTable("files").HasQueryFilter("tenant", file => file.TenantId == tenant);
}

public sealed class Repository(AppContext db, PageContext pages)
{
    public List<Note> Notes() => db.Notes.IgnoreQueryFilters().ToList();
    //                                    ^^^^^^^^^^^^^^^^^^ PL5007: the filter on TenantId is ignored

    public List<Label> Labels() => db.Labels.IgnoreQueryFilters().ToList();
    //                                       ^^^^^^^^^^^^^^^^^^ PL5007: the filter on Owner is ignored

    public List<Log> Logs() => db.Logs.IgnoreQueryFilters().ToList();
    //                                 ^^^^^^^^^^^^^^^^^^ PL5007: all filters are ignored, and nothing else in the query compares TenantId

    public List<Draft> Drafts() => db.Drafts.IgnoreQueryFilters().ToList();
    //                                       ^^^^^^^^^^^^^^^^^^ PL5007: all filters are ignored, and nothing else in the query compares TenantId

    public List<Post> Posts() => db.Posts.IgnoreQueryFilters().ToList();
    //                                    ^^^^^^^^^^^^^^^^^^ PL5007: the filter on TenantId is ignored

    public List<Page> Pages() => pages.Pages.IgnoreQueryFilters().ToList();
    //                                       ^^^^^^^^^^^^^^^^^^ PL5007: the filter on TenantId is ignored

    public List<File> Files() => pages.Files.IgnoreQueryFilters().ToList();
    //                                       ^^^^^^^^^^^^^^^^^^ PL5007: the filter on TenantId is ignored

    public List<Link> Links() => pages.Links.IgnoreQueryFilters().ToList();
    //                                       ^^^^^^^^^^^^^^^^^^ PL5007: all filters are ignored, and nothing else in the query compares TenantId

    // Its filter says nothing of tenants: PL5006, not this.
    public List<Mark> Marks() => db.Marks.IgnoreQueryFilters().ToList();
}
