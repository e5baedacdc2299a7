// create table notes (id uuid primary key, user_id uuid not null, title text not null);
using Microsoft.EntityFrameworkCore;

public sealed class Note
{
    public Guid Id { get; set; }
    public Guid UserId { get; set; }
}

public sealed class NotesContext(DbContextOptions<NotesContext> options) : DbContext(options)
{
    public DbSet<Note> Notes => Set<Note>();

    public override int SaveChanges(bool acceptAllChangesOnSuccess) => base.SaveChanges(acceptAllChangesOnSuccess);

    public void Remove(Guid id) => Notes.Remove(new Note { Id = id });
}
