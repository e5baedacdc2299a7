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
    public Task<List<Note>> Search(string text) => context.Notes.Where(note => note.Title.Contains(text)).ToListAsync();

    public List<Note> All() => context.Set<Note>().AsNoTracking().ToList();

    public object Query() => (from n in context.Notes where n.Title != "" select n.Id).ToList();

    public async Task<Note?> Find(Guid id) => await context.Notes.FindAsync(id);

    public Note? FindNow(Guid id) => context.Notes.Find(id);

    public int Loop(Note note)
    {
        var count = 0;
        foreach (var each in context.Notes)
            count += each == note ? 1 : 0;
        return count;
    }

    public object Composed(bool isShort)
    {
        IQueryable<Note> query = context.Notes;
        if (isShort)
            query = query.Where(note => note.Title.Length < 10);
        return query.ToList();
    }

    public object Named(List<Guid> ids) => context.Notes.Where(note => ids.Contains(note.Id)).ToList();

    public object InAQuery() => context.Notes.Where(n => n.UserId == userId).Select(n => new { n.Title, All = context.Notes.Count() }).ToList();

    public object Added() => context.Notes.Where(n => n.UserId == userId).Concat(context.Notes.Where(n => n.Title == "")).ToList();

    // What a compiled query captures is the first caller's for all.
    public object Compiled() => EF.CompileQuery((NotesContext db, Guid id) => db.Notes.First(n => n.Id == id));

    public object CompiledForUser() => EF.CompileQuery((NotesContext db, Guid id, Guid userId) => db.Notes.First(n => n.Id == id));

    // The type of the variable would change.
    public object Variable()
    {
        var notes = context.Notes;
        return notes.ToList();
    }
}

// file: Other.cs
public static class Other
{
    public static object Of(NotesContext context, Guid userId) => context.Notes.AsQueryable().ToList();

    public static object OfNobody(NotesContext context) => context.Notes.ToList();
}
