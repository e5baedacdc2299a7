// create table notes ("Id" uuid primary key, "TenantId" uuid not null, "Title" text not null, "Token" text not null unique, "Slug" text not null);
// create unique index on notes ("TenantId", "Slug");
using Microsoft.EntityFrameworkCore;

public sealed class Note
{
    public Guid Id { get; set; }
    public Guid TenantId { get; set; }
    public string Title { get; set; } = "";
    public string Token { get; set; } = "";
    public string Slug { get; set; } = "";
}

public sealed class NotesContext(DbContextOptions<NotesContext> options) : DbContext(options)
{
    public DbSet<Note> Notes => Set<Note>();

    // What this sets is not known.
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        foreach (var type in modelBuilder.Model.GetEntityTypes())
            type.SetQueryFilter(null);
    }
}

public sealed class Notes(NotesContext context, Guid tenant)
{
    public List<Note> Filtered() => context.Notes.ToList();

    public List<Note> All() => context.Notes.IgnoreQueryFilters().ToList();
    //                                       ^^^^^^^^^^^^^^^^^^ PL5007: all filters are ignored, and nothing else in the query compares TenantId

    public List<Note> OfTenant() => context.Notes.IgnoreQueryFilters().Where(note => note.TenantId == tenant).ToList();

    public List<Note> AllButOne() => context.Notes.IgnoreQueryFilters(["SoftDelete"]).ToList();

    // One row of all tenants has it.
    public Note? ByToken(string token) => context.Notes.IgnoreQueryFilters().FirstOrDefault(note => note.Token == token && note.Title != "");

    // One row of each tenant has it.
    public Note? BySlug(string slug) => context.Notes.IgnoreQueryFilters().FirstOrDefault(note => note.Slug == slug);
    //                                                ^^^^^^^^^^^^^^^^^^ PL5007

    public Note? Compared(Guid id)
    {
        var note = context.Notes.IgnoreQueryFilters().FirstOrDefault(note => note.Id == id);
        return note?.TenantId == tenant ? note : null;
    }
}
