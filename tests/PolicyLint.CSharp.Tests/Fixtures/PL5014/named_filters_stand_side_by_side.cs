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
