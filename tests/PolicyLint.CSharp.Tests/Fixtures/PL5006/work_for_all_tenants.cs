// create table notes (id uuid primary key, user_id uuid not null, title text not null, expires_at timestamptz, created_at timestamptz not null);
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;

public sealed class Note
{
    public Guid Id { get; set; }
    public Guid UserId { get; set; }
    public string Title { get; set; } = "";
    public DateTime? ExpiresAt { get; set; }
    public DateTime CreatedAt { get; set; }
}

public sealed class NotesContext(DbContextOptions<NotesContext> options) : DbContext(options)
{
    public DbSet<Note> Notes => Set<Note>();
}

public interface INotes
{
    Task<List<Note>> ForTheService();
}

public sealed class Notes(NotesContext context) : INotes
{
    public async Task<List<Note>> RemoveExpired(int days) => await context.Notes.Where(note => note.ExpiresAt < DateTime.UtcNow.AddDays(-days)).ToListAsync();

    public async Task<List<Note>> Due(DateTime before) => await context.Notes.Where(note => note.ExpiresAt != null && note.ExpiresAt.Value <= before).ToListAsync();
    //                                                                  ^^^^^ PL5006: unless a job takes what is due for all of them

    // What is new is what a user asks for.
    public async Task<List<Note>> Since(DateTime time) => await context.Notes.Where(note => note.CreatedAt > time).ToListAsync();
    //                                                                  ^^^^^ PL5006: the rows of all users are in reach

    // Named for it, and not by the time alone.
    public async Task<List<Note>> ExpiredLike(string title) => await context.Notes.Where(note => note.ExpiresAt < DateTime.UtcNow && note.Title == title).ToListAsync();
    //                                                                       ^^^^^ PL5006: the rows of all users are in reach

    public async Task<List<Note>> AllExpired() => await context.Notes.ToListAsync();
    //                                                          ^^^^^ PL5006: the rows of all users are in reach

    // The service alone calls it.
    public async Task<List<Note>> ForTheService() => await context.Notes.ToListAsync();

    public async Task<List<Note>> ForTheServiceAndAnother() => await context.Notes.ToListAsync();
    //                                                                       ^^^^^ PL5006: the rows of all users are in reach

    public async Task<List<Note>> ForAnother() => await ForTheServiceAndAnother();
}

public sealed class Sweep(INotes notes, Notes others, NotesContext context) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await notes.ForTheService();
        await others.ForTheServiceAndAnother();
        await context.Notes.Where(note => note.Title == "").ToListAsync(stoppingToken);
    }
}

public sealed class ReminderJob(NotesContext context)
{
    public async Task<List<Note>> Run() => await context.Notes.Where(note => note.Title == "").ToListAsync();
}

public sealed class NotesController(NotesContext context) : ControllerBase
{
    public async Task<List<Note>> Expired() => await context.Notes.Where(note => note.ExpiresAt < DateTime.UtcNow).ToListAsync();
    //                                                       ^^^^^ PL5006: the rows of all users are in reach
}
