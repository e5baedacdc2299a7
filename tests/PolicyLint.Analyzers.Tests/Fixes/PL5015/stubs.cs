// create table notes (id uuid primary key, user_id uuid not null, title text not null);
// create table tags (id uuid, user_id uuid not null, kind int, primary key (id, kind));
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

public sealed class Note
{
    public Guid Id { get; set; }
    public Guid UserId { get; set; }
    public string Title { get; set; } = "";
}

public sealed class Tag
{
    public Guid Id { get; set; }
    public Guid UserId { get; set; }
    public int Kind { get; set; }
}

public sealed class NotesContext(DbContextOptions<NotesContext> options, Guid current) : DbContext(options)
{
    public DbSet<Note> Notes => Set<Note>();

    public DbSet<Tag> Tags => Set<Tag>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.Entity<Tag>().HasQueryFilter(tag => tag.UserId == current);

    public void RemoveTag(Guid id) => Remove(new Tag { Id = id, Kind = 1 });
}

public sealed class Notes(NotesContext context, Guid userId)
{
    private readonly NotesContext _context = context;

    public void Remove(Guid id)
    {
        context.Notes.Remove(new Note { Id = id });
        context.SaveChanges();
    }

    public async Task RemoveAsync(Note given)
    {
        _context.Remove(new Note { Id = given.Id, UserId = userId });
        await _context.SaveChangesAsync();
    }

    public async Task RenameAsync(Guid id, string title)
    {
        var note = new Note { Id = id };
        context.Attach(note);
        note.Title = title;
        await context.SaveChangesAsync();
    }

    public void Filtered(Guid id, int kind) => this._context.Tags.Remove(new Tag { Id = id, Kind = kind });

    public void Update(Guid id, string title) => context.Notes.Update(new Note { Id = id, Title = title });

    public void More(Guid id) => context.Notes.Remove(new Note { Id = id, Title = "" });

    public void Parsed(string id) => context.Notes.Remove(new Note { Id = Guid.Parse(id) });

    public void HalfOfTheKey(Guid id) => context.Tags.Remove(new Tag { Id = id });

    public void Later(Guid id, Func<NotesContext> create)
    {
        var note = new Note { Id = id };
        var later = create();
        later.Notes.Remove(note);
    }

    public static void Nobody(NotesContext context, Guid id) => context.Notes.Remove(new Note { Id = id });
}

public sealed class NotesController(NotesContext context) : ControllerBase
{
    private readonly Guid _userId = Guid.NewGuid();

    [HttpPut]
    public void Put(Note note) => context.Update(note);

    [HttpDelete("{id}")]
    public void Delete(Guid id) => context.Notes.Remove(new() { Id = id });

    [HttpDelete("all")]
    public void DeleteAll(Guid id) => context.Notes.RemoveRange(new Note { Id = id }, new Note { Id = _userId });
}
