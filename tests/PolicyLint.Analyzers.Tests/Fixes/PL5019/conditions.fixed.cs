// create table notes (id uuid primary key, tenant_id uuid not null, title text not null);
using Microsoft.EntityFrameworkCore;

public sealed class Note
{
    public Guid Id { get; set; }
    public Guid TenantId { get; set; }
    public string Title { get; set; } = "";
}

public sealed class NotesContext(DbContextOptions<NotesContext> options) : DbContext(options)
{
    public DbSet<Note> Notes => Set<Note>();
}

public sealed class Notes(NotesContext context)
{
    public List<Note> Single(List<Guid> tenants)
    {
        IQueryable<Note> query = context.Notes;
        query = query.Where(note => tenants.Contains(note.TenantId));
        return query.ToList();
    }

    public List<Note> Block(Guid[] tenants, string title)
    {
        var query = context.Notes.Where(note => note.Title == title);
        // Of these tenants.
        query = query.Where(note =>
            tenants.Contains(note.TenantId)
            && note.Title != "");

        return query.ToList();
    }

    public List<Note> Inside(IReadOnlyCollection<Guid> tenants, bool isFiltered)
    {
        IQueryable<Note> query = context.Notes;
        if (isFiltered)
        {
            query = query.Where(note => tenants.Contains(note.TenantId));
        }
        return query.ToList();
    }

    public List<Note> MoreIsAsked(List<Guid> tenants, bool isFiltered)
    {
        IQueryable<Note> query = context.Notes;
        if (isFiltered && tenants.Count > 0)
            query = query.Where(note => tenants.Contains(note.TenantId));
        return query.ToList();
    }

    public List<Note> MoreIsDone(List<Guid> tenants)
    {
        IQueryable<Note> query = context.Notes;
        if (tenants.Count > 0)
        {
            query = query.Where(note => tenants.Contains(note.TenantId));
            query = query.OrderBy(note => note.Title);
        }
        if (tenants.Count > 0)
            query = query.Where(note => tenants.Contains(note.TenantId)).Take(10);
        return query.ToList();
    }

    public List<Note> Remarked(List<Guid> tenants)
    {
        IQueryable<Note> query = context.Notes;
        if (tenants.Count > 0) // administrators have none
            query = query.Where(note => tenants.Contains(note.TenantId));
        return query.ToList();
    }

    public List<Note> Otherwise(List<Guid> tenants, bool isMine)
    {
        IQueryable<Note> query = context.Notes;
        if (isMine)
            query = query.Where(note => note.TenantId == Guid.Empty);
        else if (tenants.Count > 0)
            query = query.Where(note => tenants.Contains(note.TenantId));
        return query.ToList();
    }

    public List<Note> Literal(List<Guid> tenants)
    {
        IQueryable<Note> query = context.Notes;
        if (tenants.Count > 0)
            query = query.Where(note => tenants.Contains(note.TenantId) && note.Title != @"
                ");
        return query.ToList();
    }
}
