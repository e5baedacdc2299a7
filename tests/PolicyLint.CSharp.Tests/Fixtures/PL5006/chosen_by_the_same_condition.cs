// create table notes (id uuid primary key, user_id uuid not null, title text not null);
using Dapper;
using Microsoft.EntityFrameworkCore;
using Npgsql;

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
    // Where the value is not filtered yet, the condition that chose it adds the filter.
    public async Task<List<Note>> ChosenThenFiltered(bool isShared, Guid user)
    {
        IQueryable<Note> notes = isShared ? context.Notes.Where(note => note.UserId == user && note.Title != "") : context.Notes;
        if (!isShared)
            notes = notes.Where(note => note.UserId == user);
        return await notes.ToListAsync();
    }

    public async Task<List<Note>> FilteredWhereItWas(bool isShared, Guid user)
    {
        IQueryable<Note> notes = isShared ? context.Notes.Where(note => note.UserId == user) : context.Notes;
        if (isShared)
            notes = notes.Where(note => note.Title != "");
        return await notes.ToListAsync();
        //                 ^^^^^^^^^^^ PL5006: Note is read without a condition on UserId
    }
}
