// create table notes (id uuid primary key, tenant_id uuid not null, title text not null, city text, due timestamptz);
using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;

public class Note
{
    public Guid Id { get; set; }
    public Guid TenantId { get; set; }
    public string Title { get; set; } = "";
    public Address Address { get; set; } = new();
}

// A class in its base's table.
public sealed class Reminder : Note
{
    public DateTime? Due { get; set; }
}

public sealed class Address
{
    public string City { get; set; } = "";
}

public sealed class AppContext(DbContextOptions<AppContext> options) : DbContext(options)
{
    public DbSet<Note> Notes => Set<Note>();

    public DbSet<Reminder> Reminders => Set<Reminder>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Note>().ToTable("notes");
        modelBuilder.Entity<Note>().OwnsOne(note => note.Address, address => address.Property(a => a.City).HasColumnName("city"));
        modelBuilder.Entity<Reminder>().ToTable("notes");
    }
}

public interface ISpecification<T>
{
    Expression<Func<T, bool>> Criteria { get; }
}

public sealed class Titled(string title) : ISpecification<Note>
{
    public Expression<Func<Note, bool>> Criteria => note => note.Title == title;
}

public sealed class OfTenant(Guid tenant) : ISpecification<Note>
{
    public Expression<Func<Note, bool>> Criteria => note => note.TenantId == tenant;
}

public interface INoteSource
{
    IQueryable<Note> All { get; }

    IQueryable<Note> Of(Guid tenant);
}

public sealed class NoteSource(AppContext db) : INoteSource
{
    public IQueryable<Note> All => db.Notes;

    public IQueryable<Note> Of(Guid tenant) => db.Notes.Where(note => note.TenantId == tenant);
}

public sealed class Repository(AppContext db, INoteSource source, Guid tenant)
{
    private static readonly Expression<Func<Note, bool>> IsNamed = note => note.Title != "";

    public List<Note> ByTitle() => db.Notes.Where(new Titled("").Criteria).ToList();
    //                                ^^^^^ PL5006

    public List<Note> ByTenant() => db.Notes.Where(new OfTenant(tenant).Criteria).ToList();

    public List<Note> Both() => db.Notes.Where(new Titled("").Criteria).Where(new OfTenant(tenant).Criteria).ToList();

    public List<Note> ByField() => db.Notes.Where(IsNamed).ToList();
    //                                ^^^^^ PL5006

    public List<Note> ByLocal(string title)
    {
        Expression<Func<Note, bool>> named = note => note.Title == title;
        return db.Notes.Where(named).ToList();
        //        ^^^^^ PL5006
    }

    // Which one it is, is not known.
    public List<Note> ByAny(ISpecification<Note> specification) => db.Notes.Where(specification.Criteria).ToList();

    public List<Note> ThroughInterface() => source.All.Where(note => note.Title != "").ToList();
    //                                                                                 ^^^^^^ PL5006

    public List<Note> ThroughInterfaceFiltered() => source.Of(tenant).ToList();

    public List<Reminder> Inherited() => db.Reminders.Where(reminder => reminder.Due != null).ToList();
    //                                      ^^^^^^^^^ PL5006: Reminder is read without a condition on TenantId

    public List<Reminder> OfType() => db.Notes.OfType<Reminder>().Where(reminder => reminder.TenantId == tenant).ToList();

    public List<Note> Owned(string city) => db.Notes.Where(note => note.Address.City == city).ToList();

    public List<Note> OwnedAndFiltered(string city) => db.Notes.Where(note => note.Address.City == city && note.TenantId == tenant).ToList();
}
