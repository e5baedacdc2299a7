// create table notes (id uuid primary key, user_id uuid not null);
// create table tags (id uuid primary key, user_id uuid not null);
// create table files (id uuid primary key, user_id uuid not null);
using Microsoft.EntityFrameworkCore;

public sealed partial class NotesContext
{
    public DbSet<Note> Notes => Set<Note>();
    public DbSet<Tag> Tags => Set<Tag>();
    public DbSet<File> Files => Set<File>();
}

// file: NotesContext.cs
using Microsoft.EntityFrameworkCore;

public sealed partial class NotesContext(DbContextOptions<NotesContext> options, Guid userId) : DbContext(options)
{
    protected override void OnModelCreating(ModelBuilder modelBuilder) =>
        modelBuilder.Entity<Note>().HasQueryFilter(note => userId == note.UserId);
}

// file: Note.cs
public sealed class Note
{
    public Guid Id { get; set; }
    public Guid UserId { get; set; }
}

public sealed class Tag
{
    public Guid Id { get; set; }
    public Guid UserId { get; set; }
}

public sealed class File
{
    public Guid Id { get; set; }
    public Guid UserId { get; set; }
}
