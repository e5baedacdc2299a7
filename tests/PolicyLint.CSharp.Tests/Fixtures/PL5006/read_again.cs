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

public sealed class Notes(NotesContext context, NotesContext other)
{
    public async Task Reloaded(Guid user)
    {
        foreach (var note in await context.Notes.Where(row => row.UserId == user).ToListAsync())
            (await other.Notes.FindAsync(note.Id))!.Title = "";
    }

    public async Task<Note> Stored(Guid user)
    {
        var note = new Note { Id = Guid.NewGuid(), UserId = user };
        context.Add(note);
        await context.SaveChangesAsync();
        return await other.Notes.SingleAsync(row => row.Id == note.Id && row.Title == "");
    }

    public async Task<Note?> GivenByTheCaller(Guid id)
    {
        var note = new Note { Id = id };
        return await other.Notes.FindAsync(note.Id);
        //                 ^^^^^ PL5006: Note is found by its key
    }

    // Nobody here calls it: whoever does has the row.
    public async Task<Note?> OfAParameter(Note note) => await other.Notes.FirstOrDefaultAsync(row => row.Id == note.Id);

    public async Task Passed(Guid user)
    {
        foreach (var note in await context.Notes.Where(row => row.UserId == user).ToListAsync())
            await Touch(note);
        var loaded = await context.Notes.FirstAsync(row => row.UserId == user);
        await Touch(loaded);
    }

    public async Task PassedFromElsewhere(Guid id) => await TouchAny(new Note { Id = id });

    // Every caller has the row.
    private async Task Touch(Note note) => (await other.Notes.FindAsync(note.Id))!.Title = "";

    private async Task TouchAny(Note note) => (await other.Notes.FindAsync(note.Id))!.Title = "";
    //                                                     ^^^^^ PL5006: Note is found by its key
}
