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

public interface IQuery<T>
{
    IQueryable<T> Run(NotesContext context);
}

public sealed class AllNotes : IQuery<Note>
{
    public IQueryable<Note> Run(NotesContext context) => context.Notes;
}

public sealed class Notes(NotesContext context)
{
    // Whoever counts says of what.
    public async Task<int> Count<T>(IQuery<T> query) => await query.Run(context).CountAsync();

    public async Task<List<Note>> OfNotes(IQuery<Note> query) => await query.Run(context).ToListAsync();
    //                                                                                    ^^^^^^^^^^^ PL5006: Note is read without a condition on UserId
}
