// create table notes (id uuid primary key, user_id uuid not null, is_deleted boolean not null, title text not null);
// create table tags (id uuid primary key, user_id uuid not null, is_deleted boolean not null);
// create table files (id uuid primary key, user_id uuid not null, is_deleted boolean not null);
// create table links (id uuid primary key, user_id uuid not null, is_deleted boolean not null);
// create table plans (id uuid primary key, user_id uuid not null, is_deleted boolean not null);
using Microsoft.EntityFrameworkCore;

public abstract class Owned
{
    public Guid Id { get; set; }
    public Guid UserId { get; set; }
    public bool IsDeleted { get; set; }
}

public sealed class Note : Owned
{
    public string Title { get; set; } = "";
}

public sealed class Tag : Owned;

public sealed class File : Owned;

public sealed class Link : Owned;

public sealed class Plan : Owned;

public sealed class NotesContext(DbContextOptions<NotesContext> options, Guid userId, bool isAdmin) : DbContext(options)
{
    public DbSet<Note> Notes => Set<Note>();
    public DbSet<Tag> Tags => Set<Tag>();
    public DbSet<File> Files => Set<File>();
    public DbSet<Link> Links => Set<Link>();
    public DbSet<Plan> Plans => Set<Plan>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        // What each user may see.
        modelBuilder.Entity<Note>().Property(note => note.Title).HasMaxLength(80);
        modelBuilder.Entity<Note>().HasQueryFilter(row => row.UserId == userId && (!row.IsDeleted || isAdmin));

        modelBuilder.Entity<Tag>()
            .HasQueryFilter(tag => userId == tag.UserId && !tag.IsDeleted)
            .HasKey(tag => tag.Id);

        modelBuilder.Entity<File>(file =>
        {
            file.HasKey(each => each.Id);
            file.HasIndex(each => each.Id).IsUnique();
            file.HasQueryFilter(each => each.UserId == userId && !each.IsDeleted);
        });

        // Not on every path.
        modelBuilder.Entity<Link>().HasQueryFilter(link => link.UserId == userId);
        if (isAdmin)
            modelBuilder.Entity<Link>().HasQueryFilter(link => !link.IsDeleted);

        // The name of the second row has a meaning in the first condition.
        modelBuilder.Entity<Plan>().HasQueryFilter(plan => plan.UserId == owner);
        modelBuilder.Entity<Plan>().HasQueryFilter(owner => !owner.IsDeleted);
    }

    private readonly Guid owner = userId;
}
