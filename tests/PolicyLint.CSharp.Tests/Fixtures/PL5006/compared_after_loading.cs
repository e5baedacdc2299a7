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
    public async Task<Note?> Checked(Guid id, Guid user)
    {
        var note = await context.Notes.FirstOrDefaultAsync(row => row.Id == id);
        if (note is null || note.UserId != user)
            return null;
        return note;
    }

    public async Task<Note?> CheckedThroughNull(Guid id, Guid user)
    {
        var note = await context.Notes.FindAsync(id);
        return note?.UserId == user ? note : null;
    }

    public async Task<Note?> Another(Guid id, Guid user)
    {
        var note = await context.Notes.FirstOrDefaultAsync(row => row.Id == id);
        //                       ^^^^^ PL5006: Note is read without a condition on UserId
        return note?.Title == user.ToString() ? note : null;
    }
}
