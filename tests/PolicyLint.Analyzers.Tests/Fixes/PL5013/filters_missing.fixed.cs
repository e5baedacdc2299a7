// create table notes (id uuid primary key, user_id uuid not null);
// create table tags (id uuid primary key, user_id uuid not null);
// create table files (id uuid primary key, user_id uuid not null);
// create table parts (id uuid primary key, user_id uuid not null, is_deleted boolean not null);
// create table shares (id uuid primary key, organization_id uuid not null, user_id uuid not null);
using Microsoft.EntityFrameworkCore;

public sealed class NotesContext(DbContextOptions<NotesContext> options, Guid userId) : DbContext(options)
{
    public DbSet<Note> Notes => Set<Note>();
    public DbSet<Tag> Tags => Set<Tag>();
    public DbSet<Stored.File> Files => Set<Stored.File>();
    public DbSet<Part> Parts => Set<Part>();
    public DbSet<Share> Shares => Set<Share>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Note>().HasQueryFilter(note => note.Id != Guid.Empty && note.UserId == userId);
        modelBuilder.Entity<Tag>().HasQueryFilter(tag => tag.UserId == userId);
        modelBuilder.Entity<Stored.File>().HasQueryFilter(file => file.UserId == userId);
        modelBuilder.Entity<Share>().HasQueryFilter(share => share.UserId == userId);
        // A filter of its own, which another would replace.
        modelBuilder.Entity<Part>().HasQueryFilter(part => !part.IsDeleted);
    }
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

public sealed class Share
{
    public Guid Id { get; set; }
    public Guid OrganizationId { get; set; }
    public Guid UserId { get; set; }
}

public sealed class Part
{
    public Guid Id { get; set; }
    public Guid UserId { get; set; }
    public bool IsDeleted { get; set; }
}

namespace Stored
{
    public sealed class File
    {
        public Guid Id { get; set; }
        public Guid UserId { get; set; }
    }
}
