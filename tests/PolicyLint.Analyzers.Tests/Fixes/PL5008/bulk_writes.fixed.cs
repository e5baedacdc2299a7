// create table notes (id uuid primary key, user_id uuid not null, title text not null);
using Microsoft.EntityFrameworkCore;

public sealed class Note
{
    public Guid Id { get; set; }
    public Guid UserId { get; set; }
    public string Title { get; set; } = "";
}

public sealed class NotesContext(DbContextOptions<NotesContext> options) : DbContext(options)
{
    public DbSet<Note> Notes => Set<Note>();
}

public sealed class Notes(NotesContext context, Guid userId)
{
    public Task Remove(Guid id) => context.Notes.Where(note => note.UserId == userId).Where(note => note.Id == id).ExecuteDeleteAsync();

    public void Clear() => context.Notes.Where(note => note.UserId == userId).ExecuteUpdate(set => set.SetProperty(note => note.Title, ""));
}
