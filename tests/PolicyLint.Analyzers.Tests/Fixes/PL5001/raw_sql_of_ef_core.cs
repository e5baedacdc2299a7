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
    public object Interpolated(string title) => context.Notes.FromSql($"select * from notes where title = {title}").ToList();

    public object Numbered(string title) => context.Notes.FromSqlRaw("select * from notes where title = {0}", title).ToList();

    public object Raw() => context.Database.SqlQuery<Guid>($$"""select id as "Value" from notes""").ToList();
}
