// create table app_notes (note_id uuid primary key, tenant_id uuid not null, parent_id uuid, title text not null, archived boolean not null);
using Microsoft.EntityFrameworkCore;

public abstract class Owned
{
    public Guid TenantId { get; set; }
}

public sealed class Note : Owned
{
    public Guid NoteId { get; set; }
    public string Title { get; set; } = "";
    public bool Archived { get; set; }
    public Note? Parent { get; set; }
}

public sealed class AppContext(DbContextOptions<AppContext> options) : DbContext(options)
{
    public DbSet<Note> Notes { get; set; } = null!;

    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.Entity<Note>(note =>
    {
        note.ToTable("app_notes");
        note.HasKey(n => n.NoteId);
    });
}

public sealed class Repository(AppContext db, Guid tenant, Guid[] tenants)
{
    private IQueryable<Note> Mine => db.Notes.Where(n => n.TenantId == tenant);

    private IQueryable<Note> All => db.Notes.AsNoTracking().OrderBy(n => n.Title);

    public Task<Note?> Filtered(Guid id) => db.Notes.Where(n => n.TenantId == tenant).FirstOrDefaultAsync(n => n.NoteId == id);

    public Task<Note?> Predicate(Guid id) => db.Notes.SingleOrDefaultAsync(n => n.NoteId == id && n.TenantId.Equals(tenant));

    public Task<List<Note>> OneOf() => db.Notes.Where(n => tenants.Contains(n.TenantId)).ToListAsync();

    public Task<List<Note>> Shadow() => db.Notes.Where(n => EF.Property<Guid>(n, "TenantId") == tenant).ToListAsync();

    public Task<Note?> Either(Guid id) => db.Notes.FirstOrDefaultAsync(n => n.NoteId == id || n.TenantId == tenant);
    //                                       ^^^^^ PL5006: Note is read without a condition on TenantId

    public Task<bool> Any(string title) => db.Notes.AnyAsync(n => n.Title == title);
    //                                        ^^^^^ PL5006

    public int Count() => db.Set<Note>().Count(n => !n.Archived);
    //                       ^^^^^^^^^ PL5006

    public ValueTask<Note?> ByKey(Guid id) => db.Notes.FindAsync(id);
    //                                           ^^^^^ PL5006: Note is found by its key

    public List<string> Expression() => (from n in db.Notes where n.Archived orderby n.Title select n.Title).ToList();
    //                                                ^^^^^ PL5006

    public List<string> FilteredExpression() => (from n in db.Notes where n.TenantId == tenant && n.Archived select n.Title).ToList();

    public Task<List<Note>> ThroughProperty() => Mine.Where(n => n.Archived).ToListAsync();

    public Task<List<Note>> ThroughOpenProperty() => All.Where(n => n.Archived).ToListAsync();
    //                                                                          ^^^^^^^^^^^ PL5006

    public Task<List<Note>> ThroughMethod() => For(tenant).ToListAsync();

    public Task<List<Note>> ThroughExtension() => db.Notes.OfTenant(tenant).ToListAsync();

    public Task<List<Note>> Branch(bool all)
    {
        var query = db.Notes.AsQueryable();
        if (!all)
            query = query.Where(n => n.TenantId == tenant);
        return query.ToListAsync();
        //           ^^^^^^^^^^^ PL5006
    }

    public Task<List<Note>> EveryBranch(bool archived)
    {
        IQueryable<Note> query;
        if (archived)
            query = db.Notes.Where(n => n.TenantId == tenant && n.Archived);
        else
            query = db.Notes.Where(n => n.TenantId == tenant);
        return query.ToListAsync();
    }

    public void Loop()
    {
        foreach (var note in db.Notes)
        //                      ^^^^^ PL5006
            note.Archived = true;
    }

    // What can't be read is not reported.
    public Task<List<Note>> Unread(System.Linq.Expressions.Expression<Func<Note, bool>> filter) => db.Notes.Where(filter).ToListAsync();

    public Task<List<Note>> Parents() => db.Notes.Where(n => n.Parent!.TenantId == tenant).ToListAsync();

    public Task<List<Note>> Nested() => db.Notes.Where(n => n.TenantId == tenant && db.Notes.Any(m => m.NoteId == n.NoteId)).ToListAsync();

    private IQueryable<Note> For(Guid id)
    {
        var notes = db.Notes.Include(n => n.Parent);
        return notes.Where(n => n.TenantId == id);
    }
}

public static class Scopes
{
    public static IQueryable<T> OfTenant<T>(this IQueryable<T> source, Guid tenant) where T : Owned => source.Where(row => row.TenantId == tenant);
}
