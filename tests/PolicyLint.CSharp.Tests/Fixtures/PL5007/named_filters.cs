// create table notes (id uuid primary key, user_id uuid not null, is_deleted boolean not null);
using Microsoft.EntityFrameworkCore;

public sealed class Note
{
    public Guid Id { get; set; }
    public Guid UserId { get; set; }
    public bool IsDeleted { get; set; }
}

public sealed class NotesContext(DbContextOptions<NotesContext> options, Guid userId) : DbContext(options)
{
    public DbSet<Note> Notes => Set<Note>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.Entity<Note>()
        .HasQueryFilter("Tenant", note => note.UserId == userId)
        .HasQueryFilter("SoftDelete", note => !note.IsDeleted);
}

public sealed class Notes(NotesContext context)
{
    public List<Note> Deleted() => context.Notes.IgnoreQueryFilters(["SoftDelete"]).ToList();

    public List<Note> Open() => context.Notes.IgnoreQueryFilters(["Tenant"]).ToList();
    //                                        ^^^^^^^^^^^^^^^^^^ PL5007: the filter on UserId is ignored

    public List<Note> All() => context.Notes.IgnoreQueryFilters().Where(note => note.IsDeleted).ToList();
    //                                       ^^^^^^^^^^^^^^^^^^ PL5007
}
