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

public sealed record Search(string Title);

public sealed class Notes(NotesContext context)
{
    // Each hole is a parameter, in a variable as in the call.
    public Task<List<Note>> Titled(Search search, Guid user)
    {
        FormattableString sql = $"select * from notes where user_id = {user} and title = {search.Title}";
        return context.Notes.FromSqlInterpolated(sql).ToListAsync();
    }

    public Task<List<Note>> TitledByText(Search search, Guid user)
    {
        var sql = $"select * from notes where user_id = '{user}' and title = '{search.Title}'";
        //                                                                     ^^^^^^^^^^^^ PL5009: search.Title becomes part of the statement
        return context.Notes.FromSqlRaw(sql).ToListAsync();
    }
}
