// create table notes (id uuid primary key, user_id uuid not null, title text not null);
using Microsoft.EntityFrameworkCore;

public sealed class Note
{
    public Guid Id { get; set; }
    public Guid UserId { get; set; }
    public string Title { get; set; } = "";
}

public sealed class NotesContext(DbContextOptions<NotesContext> options, Guid userId) : DbContext(options)
{
    public DbSet<Note> Notes => Set<Note>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) =>
        modelBuilder.Entity<Note>().HasQueryFilter(note => note.UserId == userId);
}

public sealed class Notes(NotesContext context, Guid userId)
{
    public Task<Note?> Find(Guid id) => context.Notes.Where(note => note.UserId == userId).IgnoreQueryFilters().FirstOrDefaultAsync(note => note.Id == id);
}
