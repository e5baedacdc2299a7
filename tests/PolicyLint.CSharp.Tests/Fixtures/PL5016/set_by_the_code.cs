// create table notes (id uuid primary key, user_id uuid not null);
// alter table notes enable row level security;
// alter table notes force row level security;
// create policy own on notes using (user_id = current_setting('app.user_id')::uuid);
using Microsoft.EntityFrameworkCore;

public sealed class Note
{
    public Guid Id { get; set; }
    public Guid UserId { get; set; }
}

public sealed class NotesContext : DbContext
{
    public DbSet<Note> Notes => Set<Note>();

    protected override void OnConfiguring(DbContextOptionsBuilder options) => options.UseNpgsql("Host=db;Database=app");
}

public sealed class Worker(IDbContextFactory<NotesContext> factory)
{
    public void Use(NotesContext context, Guid userId) => context.Database.ExecuteSql($"select set_config('app.user_id', {userId.ToString()}, false)");

    public List<Note> OfTheCaller(NotesContext context) => context.Notes.ToList();

    public List<Note> OfItsOwn()
    {
        using var context = factory.CreateDbContext();
        return context.Notes.ToList();
        //             ^^^^^ PL5016: nothing sets app.user_id on this connection before
    }

    public List<Note> Mine(Guid userId)
    {
        using var context = factory.CreateDbContext();
        return context.Notes.Where(note => note.UserId == userId).ToList();
    }
}
