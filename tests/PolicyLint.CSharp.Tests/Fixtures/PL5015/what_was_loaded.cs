// create table notes (id uuid primary key, user_id uuid not null, title text not null);
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

public sealed class Note
{
    public Guid Id { get; set; }
    public Guid UserId { get; set; }
    public string Title { get; set; } = "";
}

public sealed class NotesContext(DbContextOptions<NotesContext> options, Guid userId) : DbContext(options)
{
    public DbSet<Note> Notes => Set<Note>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) =>
        modelBuilder.Entity<Note>().HasQueryFilter(note => note.UserId == userId);
}

public sealed class NotesController(NotesContext context) : ControllerBase
{
    [HttpPut]
    public void Put(Note note)
    {
        context.Update(note);
        //      ^^^^^^ PL5015: Note is written by its key alone
        context.SaveChanges();
    }

    [HttpPut]
    public void PutMine(Note note)
    {
        if (!context.Notes.Any(known => known.Id == note.Id))
            return;
        context.Update(note);
        context.SaveChanges();
    }

    public void Stub(Guid id)
    {
        var note = new Note { Id = id, Title = "" };
        context.Notes.Attach(note);
        //            ^^^^^^ PL5015
        note.Title = "new";
        context.SaveChanges();
    }

    public void New() => context.Notes.Update(new Note { Title = "" });

    private void Given(Note note) => context.Notes.Update(note);

    private void Loaded(Guid id)
    {
        var note = context.Notes.First(known => known.Id == id);
        context.Notes.Remove(note);
    }
}
