// create table notes (id uuid primary key, user_id uuid not null, title text not null);
// create table tags (id uuid primary key, user_id uuid not null, title text not null);
using Microsoft.EntityFrameworkCore;

public interface IOwned
{
    Guid Id { get; }
    Guid UserId { get; }
}

public sealed class Note : IOwned
{
    public Guid Id { get; set; }
    public Guid UserId { get; set; }
    public string Title { get; set; } = "";
}

public sealed class Tag : IOwned
{
    public Guid Id { get; set; }
    public Guid UserId { get; set; }
    public string Title { get; set; } = "";
}

public interface INotesContext
{
    DbSet<Note> Notes { get; }
    DbSet<T> Set<T>() where T : class;
}

public sealed class NotesContext(DbContextOptions<NotesContext> options) : DbContext(options), INotesContext
{
    public DbSet<Note> Notes { get; set; } = null!;
    public DbSet<Tag> Tags { get; set; } = null!;
}

public interface IRepository<T> where T : class
{
    IQueryable<T> Query();
    IQueryable<T> Of(Guid user);
}

public sealed class Repository<T>(NotesContext context) : IRepository<T> where T : class, IOwned
{
    public IQueryable<T> Query() => context.Set<T>();
    public IQueryable<T> Of(Guid user) => Query().Where(row => row.UserId == user);
}

public abstract class RepositoryBase<T> where T : class, IOwned
{
    private readonly NotesContext _context;
    protected DbSet<T> Rows;

    protected RepositoryBase(NotesContext context)
    {
        _context = context;
        Rows = context.Set<T>();
    }

    public IQueryable<T> All => Rows;
    public IQueryable<T> Named(string title) => _context.Set<T>().TagWith(title);
    public IQueryable<T> Of(Guid user) => Rows.Where(row => row.UserId == user);
    public IQueryable<TOther> Others<TOther>() where TOther : class => _context.Set<TOther>();
}

public interface INoteRepository
{
    IQueryable<Note> All { get; }
    IQueryable<Note> Of(Guid user);
}

public sealed class NoteRepository(NotesContext context) : RepositoryBase<Note>(context), INoteRepository;

public interface ISource<T>
{
    IQueryable<T> Rows(Guid user);
}

public sealed class NoteSource(NotesContext context) : ISource<Note>
{
    public IQueryable<Note> Rows(Guid user) => context.Notes;
}

public sealed class TagSource(NotesContext context) : ISource<Tag>
{
    public IQueryable<Tag> Rows(Guid user) => context.Tags.Where(tag => tag.UserId == user);
}

public interface IChoice<T>
{
    IQueryable<T> Rows(Guid user);
}

public sealed class AllRows<T>(NotesContext context) : IChoice<T> where T : class
{
    public IQueryable<T> Rows(Guid user) => context.Set<T>();
}

public sealed class OwnRows<T>(NotesContext context) : IChoice<T> where T : class, IOwned
{
    public IQueryable<T> Rows(Guid user) => context.Set<T>().Where(row => row.UserId == user);
}

public sealed class Notes(IRepository<Note> rows, NoteRepository repository, INoteRepository hidden, ISource<Note> notes, ISource<Tag> tags, IChoice<Note> choice, INotesContext context, DbSet<Note> set)
{
    public Task<List<Note>> All() => rows.Query()
        .ToListAsync();
    //   ^^^^^^^^^^^ PL5006: Note is read without a condition on UserId

    public Task<List<Note>> Own(Guid user) => rows.Query().Where(note => note.UserId == user).ToListAsync();

    public Task<List<Note>> OwnThere(Guid user) => rows.Of(user).ToListAsync();

    public Task<List<Note>> AllOfBase() => repository.All
        .ToListAsync();
    //   ^^^^^^^^^^^ PL5006: Note is read without a condition on UserId

    public Task<List<Note>> NamedOfBase() => repository.Named("")
        .ToListAsync();
    //   ^^^^^^^^^^^ PL5006: Note is read without a condition on UserId

    public Task<List<Note>> OwnOfBase(Guid user) => repository.Of(user).ToListAsync();

    public Task<List<Tag>> OthersOfBase() => repository.Others<Tag>()
        .ToListAsync();
    //   ^^^^^^^^^^^ PL5006: Tag is read without a condition on UserId

    public Task<List<Note>> Hidden() => hidden.All
        .ToListAsync();
    //   ^^^^^^^^^^^ PL5006: Note is read without a condition on UserId

    public Task<List<Note>> HiddenOwn(Guid user) => hidden.Of(user).ToListAsync();

    public Task<List<Note>> OfSource(Guid user) => notes.Rows(user)
        .ToListAsync();
    //   ^^^^^^^^^^^ PL5006: Note is read without a condition on UserId

    public Task<List<Tag>> OfTags(Guid user) => tags.Rows(user).ToListAsync();

    // Which of them runs is registered elsewhere.
    public Task<List<Note>> Chosen(Guid user) => choice.Rows(user).ToListAsync();

    public Task<List<Note>> OfInterface() => context
        .Notes.ToListAsync();
    //   ^^^^^ PL5006: Note is read without a condition on UserId

    public Task<List<Note>> SetOfInterface() => context
        .Set<Note>().ToListAsync();
    //   ^^^^^^^^^ PL5006: Note is read without a condition on UserId

    public Task<List<Note>> Given() =>
        set.ToListAsync();
    //  ^^^ PL5006: Note is read without a condition on UserId

    public Task<List<Note>> GivenOwn(Guid user) => set.Where(note => note.UserId == user).ToListAsync();
}
