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

    public Guid UserId { get; set; }
}

public sealed class Notes(NotesContext context)
{
    private static readonly Func<NotesContext, Guid, Task<Note?>> ById = EF.CompileAsyncQuery((NotesContext db, Guid id) => db.Notes.FirstOrDefault(note => note.Id == id));
    //                                                                                                                         ^^^^^ PL5006: Note is read without a condition on UserId

    private static readonly Func<NotesContext, Guid, Guid, Task<Note?>> OfUser = EF.CompileAsyncQuery((NotesContext db, Guid id, Guid userId) => db.Notes.FirstOrDefault(note => note.Id == id && note.UserId == userId));

    private static readonly Func<NotesContext, string, IEnumerable<Note>> Titled = EF.CompileQuery((NotesContext db, string title) => db.Notes.Where(note => note.Title == title));
    //                                                                                                                                   ^^^^^ PL5006: Note is read without a condition on UserId

    private static Func<NotesContext, IAsyncEnumerable<Note>> All { get; } = EF.CompileAsyncQuery((NotesContext db) => db.Notes);
    //                                                                                                                    ^^^^^ PL5006: Note is read without a condition on UserId

    private static readonly Func<NotesContext, Guid, IAsyncEnumerable<string>> Titles = EF.CompileAsyncQuery((NotesContext db, Guid userId) => db.Notes.Where(note => note.UserId == userId).OrderBy(note => note.Title).Select(note => note.Title));

    private static readonly Func<NotesContext, Guid, Task<Note?>> Compared = EF.CompileAsyncQuery((NotesContext db, Guid id) => db.Notes.FirstOrDefault(note => note.Id == id));

    public async Task<Note?> Of(Guid id, Guid userId)
    {
        var note = await Compared(context, id);
        return note is null || note.UserId != userId ? null : note;
    }
}
