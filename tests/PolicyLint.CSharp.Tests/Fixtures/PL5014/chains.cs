// create table notes (id uuid primary key, user_id uuid not null, is_deleted boolean not null);
// create table tags (id uuid primary key, user_id uuid not null, is_deleted boolean not null);
using Microsoft.EntityFrameworkCore;

public sealed class Note
{
    public Guid Id { get; set; }
    public Guid UserId { get; set; }
    public bool IsDeleted { get; set; }
}

public sealed class Tag
{
    public Guid Id { get; set; }
    public Guid UserId { get; set; }
    public bool IsDeleted { get; set; }
}

public sealed class NotesContext(DbContextOptions<NotesContext> options, Guid userId) : DbContext(options)
{
    public DbSet<Note> Notes => Set<Note>();
    public DbSet<Tag> Tags => Set<Tag>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Note>().HasQueryFilter(note => note.UserId == userId).HasQueryFilter(note => !note.IsDeleted);
        //                                                                        ^^^^^^^^^^^^^^ PL5014: this filter replaces the one on UserId
        modelBuilder.Entity<Tag>().HasQueryFilter(tag => !tag.IsDeleted).HasQueryFilter(tag => tag.UserId == userId);
    }
}
