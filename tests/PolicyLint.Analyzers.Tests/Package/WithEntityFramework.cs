using Microsoft.EntityFrameworkCore;

namespace App;

public sealed class WithEntityFramework(NotesContext context, Guid userId)
{
    public Task<List<Note>> All() => context.Notes.AsNoTracking().ToListAsync();

    public Task<List<Tag>> Deleted() => context.Tags.IgnoreQueryFilters().Where(tag => tag.Name == "").ToListAsync();

    public Task Clear() => context.Notes.Where(note => note.Title == "").ExecuteDeleteAsync();

    public void Remove(Guid id)
    {
        context.Notes.Remove(new Note { Id = id });
        context.SaveChanges();
    }

    public List<Note> Of(List<Guid> users)
    {
        IQueryable<Note> query = context.Notes.Where(note => note.UserId == userId || users.Contains(note.UserId));
        if (users.Count > 0)
            query = query.Where(note => users.Contains(note.UserId));
        return query.ToList();
    }
}
