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

public sealed class Notes(NotesContext context)
{
    public Task<List<Note>> Composed(Guid user) => context.Notes.FromSqlRaw("select * from notes").Where(note => note.UserId == user).ToListAsync();

    public Task<List<Note>> Titled(string title) => context.Notes
        .FromSqlRaw("select * from notes")
        //                         ^^^^^ PL5001: notes is read
        .Where(note => note.Title == title).ToListAsync();

    // The column that is compared may be another's.
    public Task<List<Note>> Made(Guid user) => context.Notes.FromSqlRaw("select id, id as user_id, title from notes").Where(note => note.UserId == user).ToListAsync();
}
