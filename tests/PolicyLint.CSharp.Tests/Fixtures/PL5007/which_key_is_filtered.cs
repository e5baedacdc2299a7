// create table notes (id uuid primary key, user_id uuid not null, tenant_id uuid not null);
using Microsoft.EntityFrameworkCore;

public sealed class Note
{
    public Guid Id { get; set; }
    public Guid UserId { get; set; }
    public Guid TenantId { get; set; }
}

public sealed class NotesContext(DbContextOptions<NotesContext> options, Guid tenantId) : DbContext(options)
{
    public DbSet<Note> Notes => Set<Note>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.Entity<Note>().HasQueryFilter(note => note.TenantId == tenantId);
}

public sealed class Notes(NotesContext context)
{
    public List<Note> All() => context.Notes.IgnoreQueryFilters().ToList();
    //                                       ^^^^^^^^^^^^^^^^^^ PL5007: the filter on TenantId is ignored

    public List<Note> Mine(Guid userId) => context.Notes.IgnoreQueryFilters().Where(note => note.UserId == userId).ToList();
}
