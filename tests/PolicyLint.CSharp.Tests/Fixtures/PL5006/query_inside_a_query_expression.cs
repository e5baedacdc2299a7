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
    public List<int> Counts(List<string> words) =>
        (from word in words where word.Length > 0 select context.Notes.Where(note => note.Title.Contains(word)).Count()).ToList();
        //                                                       ^^^^^ PL5006: Note is read without a condition on UserId

    public List<int> Own(List<string> words, Guid user)
    {
        var counts = from word in words let start = word.Trim() select context.Notes.Count(note => note.UserId == user && note.Title.StartsWith(start));
        return counts.ToList();
    }
}
