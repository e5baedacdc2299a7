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

public interface IAccess
{
    void EnsureOwner(Note note, Guid user);

    bool IsValid(Note note);
}

public sealed class Notes(NotesContext context, IAccess access)
{
    public async Task<Note?> ByWhoeverAsks(Guid id) => await context.Notes.FirstOrDefaultAsync(row => row.Id == id);

    public async Task<Note?> Comparing(Guid id, Guid user)
    {
        var note = await ByWhoeverAsks(id);
        return note?.UserId == user ? note : null;
    }

    public async Task<string> ComparingToo(Guid id, Guid user)
    {
        var note = await ByWhoeverAsks(id) ?? throw new KeyNotFoundException();
        return note.UserId.Equals(user) ? note.Title : "";
    }

    public async Task<Note?> AskedByOneWhoDoesNot(Guid id) => await context.Notes.FirstOrDefaultAsync(row => row.Id == id);
    //                                                                      ^^^^^ PL5006: the rows of all users are in reach

    public async Task<string?> NotComparing(Guid id) => (await AskedByOneWhoDoesNot(id))?.Title;

    public async Task<Note> CheckedByAnother(Guid id, Guid user)
    {
        var note = await context.Notes.FirstAsync(row => row.Id == id);
        access.EnsureOwner(note, user);
        return note;
    }

    public async Task<Note> CheckedForSomethingElse(Guid id)
    {
        var note = await context.Notes.FirstAsync(row => row.Id == id);
        //                       ^^^^^ PL5006: the rows of all users are in reach
        return access.IsValid(note) ? note : throw new InvalidOperationException();
    }

    public async Task<Note> ComparedByAVariable(Guid id, List<Guid> users)
    {
        var note = await context.Notes.FirstAsync(row => row.Id == id);
        var owner = note.UserId;
        if (!users.Contains(owner))
            throw new UnauthorizedAccessException();
        return note;
    }

    // Nothing but whose it is.
    public async Task<Guid?> OwnerOf(Guid id) => (await context.Notes.FirstOrDefaultAsync(row => row.Id == id))?.UserId;

    public async Task<Guid> OwnerOfOne(Guid id)
    {
        var note = await context.Notes.FindAsync(id);
        if (note is null)
            throw new KeyNotFoundException();
        return note.UserId;
    }

    public async Task<(Guid, string)> OwnerAndMore(Guid id)
    {
        var note = await context.Notes.FirstAsync(row => row.Id == id);
        //                       ^^^^^ PL5006: the rows of all users are in reach
        return (note.UserId, note.Title);
    }

    // That it is nobody's says nothing of whose it is.
    public async Task<Note?> ComparedWithNothing(Guid id, Guid? user)
    {
        var note = await context.Notes.FirstAsync(row => row.Id == id);
        //                       ^^^^^ PL5006: the rows of all users are in reach
        return (Guid?)note.UserId == null ? null : note;
    }

    // Another query gets the same user's rows, whoever that is.
    public async Task<List<Note>> AllOfItsOwner(Guid id)
    {
        var note = await context.Notes.FirstAsync(row => row.Id == id);
        //                       ^^^^^ PL5006: the rows of all users are in reach
        note.Title = "";
        return await context.Notes.Where(other => other.UserId == note.UserId).ToListAsync();
    }
}
