// create table projects (id uuid primary key, name text not null);
// create table project_users (id uuid primary key, project_id uuid not null references projects, user_id uuid not null);
// create table links (id uuid primary key, project_id uuid not null references projects, user_id uuid not null, text text not null);
// create table notes (id uuid primary key, user_id uuid not null, title text not null);
// create table note_users (id uuid primary key, note_id uuid not null references notes, user_id uuid not null);
// create table kinds (id uuid primary key, name text not null);
// create table comments (id uuid primary key, note_id uuid not null references notes, kind_id uuid references kinds, user_id uuid not null);
using Microsoft.EntityFrameworkCore;

public sealed class ProjectUser
{
    public Guid Id { get; set; }
    public Guid ProjectId { get; set; }
    public Guid UserId { get; set; }
}

public sealed class Link
{
    public Guid Id { get; set; }
    public Guid ProjectId { get; set; }
    public Guid UserId { get; set; }
    public string Text { get; set; } = "";
}

public sealed class Comment
{
    public Guid Id { get; set; }
    public Guid NoteId { get; set; }
    public Guid? KindId { get; set; }
    public Guid UserId { get; set; }
}

public sealed class ProjectContext(DbContextOptions<ProjectContext> options) : DbContext(options)
{
    public DbSet<ProjectUser> ProjectUsers => Set<ProjectUser>();
    public DbSet<Link> Links => Set<Link>();
    public DbSet<Comment> Comments => Set<Comment>();
}

public sealed class Projects(ProjectContext context)
{
    public async Task<List<ProjectUser>> Members(Guid project) => await context.ProjectUsers.Where(row => row.ProjectId == project).ToListAsync();

    public async Task<List<Link>> OfProject(Guid project) => await context.Links.Where(row => row.ProjectId.Equals(project)).ToListAsync();

    public async Task<Link?> ById(Guid id) => await context.Links.FirstOrDefaultAsync(row => row.Id == id);
    //                                                      ^^^^^ PL5006: the rows of all users are in reach

    // A note is a user's, though it is shared with others: it is no kind of tenant.
    public async Task<List<Comment>> OfNote(Guid note) => await context.Comments.Where(row => row.NoteId == note).ToListAsync();
    //                                                                  ^^^^^^^^ PL5006: the rows of all users are in reach

    public async Task<List<Comment>> OfKind(Guid kind) => await context.Comments.Where(row => row.KindId == kind).ToListAsync();
    //                                                                  ^^^^^^^^ PL5006: the rows of all users are in reach
}
