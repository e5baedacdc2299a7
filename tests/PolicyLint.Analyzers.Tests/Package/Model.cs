using Microsoft.EntityFrameworkCore;

namespace App;

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
    public string Name { get; set; } = "";
}

public sealed class Event
{
    public Guid Id { get; set; }
    public Guid UserId { get; set; }
}

public sealed class NotesContext(DbContextOptions<NotesContext> options) : DbContext(options)
{
    private readonly Guid _userId = Guid.NewGuid();

    public DbSet<Note> Notes => Set<Note>();
    public DbSet<Tag> Tags => Set<Tag>();
    public DbSet<Event> Events => Set<Event>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Tag>().HasQueryFilter(tag => tag.UserId == _userId);
        modelBuilder.Entity<Event>().HasQueryFilter(each => each.UserId == _userId);
        modelBuilder.Entity<Event>().HasQueryFilter(each => each.Id != Guid.Empty);
    }
}
