// create table notes (id uuid primary key, user_id uuid not null, is_deleted boolean not null);
using Microsoft.EntityFrameworkCore;

public sealed class Note
{
    public Guid Id { get; set; }
    public Guid UserId { get; set; }
    public bool IsDeleted { get; set; }
}

public sealed class NotesContext(DbContextOptions<NotesContext> options, Guid userId) : DbContext(options)
{
    public DbSet<Note> Notes => Set<Note>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.Entity<Note>().HasQueryFilter(note => note.UserId == userId && !note.IsDeleted);
}

public sealed class Notes(NotesContext context)
{
    public async Task<(int, List<Note>)> Trash()
    {
        var query = context.Notes.IgnoreQueryFilters().Where(note => note.IsDeleted);
        //                        ^^^^^^^^^^^^^^^^^^ PL5007: the filter on UserId is ignored
        return (await query.CountAsync(), await query.Take(10).ToListAsync());
    }

    // The first end has the condition.
    public async Task<(int, List<Note>)> OwnCount(Guid user)
    {
        var query = context.Notes.IgnoreQueryFilters();
        //                        ^^^^^^^^^^^^^^^^^^ PL5007: the filter on UserId is ignored
        return (await query.CountAsync(note => note.UserId == user), await query.ToListAsync());
    }
}
