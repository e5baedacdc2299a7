// create table categories (id uuid primary key, name text not null);
// create table owners (id uuid primary key, name text not null);
// create table projects (id uuid primary key, name text not null);
// create table project_users (id uuid primary key, project_id uuid not null references projects, user_id uuid not null);
// create table notes (id uuid primary key, owner_id uuid not null references owners, category_id uuid not null references categories, title text not null);
// create table tags (id uuid primary key, owner_id uuid not null, category_id uuid not null references categories, note_id uuid references notes);
using Microsoft.EntityFrameworkCore;

public sealed class Category
{
    public Guid Id { get; set; }
    public string Name { get; set; } = "";
    public List<Note> Notes { get; set; } = [];
    public List<Tag> Tags { get; set; } = [];
}

public sealed class Owner
{
    public Guid Id { get; set; }
    public string Name { get; set; } = "";
    public List<Note> Notes { get; set; } = [];
}

public sealed class Project
{
    public Guid Id { get; set; }
    public string Name { get; set; } = "";
    public List<ProjectUser> ProjectUsers { get; set; } = [];
}

public sealed class ProjectUser
{
    public Guid Id { get; set; }
    public Guid ProjectId { get; set; }
    public Guid UserId { get; set; }
}

public sealed class Note
{
    public Guid Id { get; set; }
    public Guid OwnerId { get; set; }
    public Guid CategoryId { get; set; }
    public string Title { get; set; } = "";
    public Category Category { get; set; } = null!;
    public List<Tag> Tags { get; set; } = [];
}

public sealed class Tag
{
    public Guid Id { get; set; }
    public Guid OwnerId { get; set; }
    public Guid CategoryId { get; set; }
    public Guid? NoteId { get; set; }
}

public sealed class NotesContext(DbContextOptions<NotesContext> options, Guid owner) : DbContext(options)
{
    public DbSet<Category> Categories => Set<Category>();
    public DbSet<Owner> Owners => Set<Owner>();
    public DbSet<Project> Projects => Set<Project>();
    public DbSet<ProjectUser> ProjectUsers => Set<ProjectUser>();
    public DbSet<Note> Notes => Set<Note>();
    public DbSet<Tag> Tags => Set<Tag>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.Entity<Tag>().HasQueryFilter(tag => tag.OwnerId == owner);
}

public sealed class Notes(NotesContext context, Guid owner)
{
    public async Task<Category?> OfACategory(Guid id) => await context.Categories.Include(category => category.Notes).FirstOrDefaultAsync(category => category.Id == id);
    //                                                                            ^^^^^^^ PL5006: Note is included without a condition on OwnerId

    public async Task<Category?> OwnOfACategory(Guid id) => await context.Categories.Include(category => category.Notes.Where(note => note.OwnerId == owner).OrderBy(note => note.Title)).FirstOrDefaultAsync(category => category.Id == id);

    public async Task<Category?> SomeOfACategory(Guid id) => await context.Categories.Include(category => category.Notes.Where(note => note.Title != "")).FirstOrDefaultAsync(category => category.Id == id);
    //                                                                                ^^^^^^^ PL5006: Note is included without a condition on OwnerId

    // The model filters what is included, too.
    public async Task<List<Category>> Tagged() => await context.Categories.Include(category => category.Tags).ToListAsync();

    // Through the category, which is everybody's, one comes to the notes of all.
    public async Task<List<Note>> Alike() => await context.Notes.Where(note => note.OwnerId == owner).Include(note => note.Category).ThenInclude(category => category.Notes).ToListAsync();
    //                                                                                                                               ^^^^^^^^^^^ PL5006: Note is included without a condition on OwnerId

    public async Task<List<Note>> WithTheirOwn() => await context.Notes.Where(note => note.OwnerId == owner).Include(note => note.Tags).Include(note => note.Category).ToListAsync();

    // The owner's notes are the owner's, the project's members its own.
    public async Task<Owner?> WithNotes(Guid id) => await context.Owners.Include(row => row.Notes).FirstOrDefaultAsync(row => row.Id == id);

    public async Task<Project?> WithMembers(Guid id) => await context.Projects.Include(row => row.ProjectUsers).FirstOrDefaultAsync(row => row.Id == id);

    // Nothing is brought along.
    public async Task<int> Counted() => await context.Categories.Include(category => category.Notes).CountAsync();

    public async Task<List<string>> Named() => await context.Categories.Include(category => category.Notes).Select(category => category.Name).ToListAsync();
}
