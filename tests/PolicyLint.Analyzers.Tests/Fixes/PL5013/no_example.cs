// create table notes (id uuid primary key, user_id uuid not null);
// create table tags (id uuid primary key, user_id uuid not null);
// create table files (id uuid primary key, user_id uuid not null);
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

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

// The filter is set where the context's members are not in scope, or where it takes what is known there alone.
public sealed class NotesContext(DbContextOptions<NotesContext> options, Guid userId) : DbContext(options)
{
    public DbSet<Note> Notes => Set<Note>();
    public DbSet<Tag> Tags => Set<Tag>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Note>(note =>
        {
            var owner = userId;
            note.HasQueryFilter(row => row.UserId == owner);
        });
    }
}

public sealed class FilesContext(DbContextOptions<FilesContext> options) : DbContext(options)
{
    public DbSet<File> Files => Set<File>();
}
