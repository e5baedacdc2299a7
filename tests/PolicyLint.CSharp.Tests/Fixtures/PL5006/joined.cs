// create table breweries (id uuid primary key, tenant_id uuid not null, name text not null);
// create table invitations (id uuid primary key, tenant_id uuid not null, brewery_id uuid not null references breweries (id), email text not null);
using Microsoft.EntityFrameworkCore;

public sealed class Brewery
{
    public Guid Id { get; set; }
    public Guid TenantId { get; set; }
    public string Name { get; set; } = "";
}

public sealed class Invitation
{
    public Guid Id { get; set; }
    public Guid TenantId { get; set; }
    public Guid BreweryId { get; set; }
    public string Email { get; set; } = "";
}

public sealed class AppContext(DbContextOptions<AppContext> options) : DbContext(options)
{
    public DbSet<Brewery> Breweries => Set<Brewery>();
    public DbSet<Invitation> Invitations => Set<Invitation>();
}

public sealed class Repository(AppContext db, Guid tenant)
{
    public object Filtered() => (from i in db.Invitations join b in db.Breweries on i.BreweryId equals b.Id where i.TenantId == tenant select i.Email).ToList();

    // The other table's condition holds for this one, too.
    public object ByTheOtherTable() => (from i in db.Invitations join b in db.Breweries on i.TenantId equals b.TenantId where b.TenantId == tenant select i.Email).ToList();

    public object ByMethods() => db.Invitations.Join(db.Breweries.Where(b => b.TenantId == tenant), i => i.TenantId, b => b.TenantId, (i, b) => new { i.Email, b.Name }).ToList();

    public object Open() => (from i in db.Invitations join b in db.Breweries on i.Email equals b.Name select i.Email).ToList();
    //                                    ^^^^^^^^^^^ PL5006: Invitation is read without a condition on TenantId
    //                                                             ^^^^^^^^^ PL5006: Brewery is read without a condition on TenantId
}

public sealed class Kept(AppContext context, Guid tenant)
{
    private readonly AppContext _db = context;

    public object FilteredInAVariable()
    {
        var own = _db.Breweries.Where(b => b.TenantId == tenant);
        return _db.Invitations.Join(own, i => i.TenantId, b => b.TenantId, (i, b) => new { i.Email, b.Name }).ToList();
    }

    public object OpenInAVariable()
    {
        var all = _db.Breweries.OrderBy(b => b.Name);
        return _db.Invitations.Where(i => i.TenantId == tenant).Join(all, i => i.Email, b => b.Name, (i, b) => new { i.Email, b.Name }).ToList();
        //                                                                                                                              ^^^^^^ PL5006: Brewery is read without a condition on TenantId
    }
}
