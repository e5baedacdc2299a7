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

public sealed class BreweryContext(DbContextOptions<BreweryContext> options) : DbContext(options)
{
    public DbSet<Brewery> Breweries => Set<Brewery>();
    public DbSet<Invitation> Invitations => Set<Invitation>();
}

public sealed class Repository(BreweryContext db, Guid tenant)
{
    public object Named(IEnumerable<Guid> ids) => db.Invitations.Where(i => ids.Contains(i.Id)).ToList();
    //                                               ^^^^^^^^^^^ PL5006: Invitation is read without a condition on TenantId

    public object NamedByWhatTheyReferTo(List<Guid> breweries) => db.Invitations.Where(i => i.Email != "" && breweries.Contains(i.BreweryId)).ToList();
    //                                                               ^^^^^^^^^^^ PL5006: Invitation is read without a condition on TenantId

    public object Copied(IEnumerable<Guid> ids)
    {
        var list = ids.Distinct().ToList();
        return list.Count == 0 ? [] : db.Invitations.Where(i => list.Contains(i.Id)).ToList();
        //                               ^^^^^^^^^^^ PL5006: Invitation is read without a condition on TenantId
    }

    public object OfTheTenant(Guid[] ids) => db.Invitations.Where(i => i.TenantId == tenant && ids.Contains(i.Id)).ToList();

    // Whose tenants these are is not decided here.
    public object OfTenants(Guid[] tenants) => db.Invitations.Where(i => tenants.Contains(i.TenantId)).ToList();

    // What the rows are was judged where they were read.
    public object OfRows(List<Brewery> rows)
    {
        var ids = rows.Select(b => b.Id).ToList();
        return db.Invitations.Where(i => ids.Contains(i.BreweryId)).ToList();
    }

    public object OfOwn()
    {
        var own = db.Breweries.Where(b => b.TenantId == tenant).Select(b => b.Id).ToList();
        return OfBreweries(own);
    }

    public object Given(List<Guid> ids) => Load(ids.ToArray());

    // Only what the tenant has, too, is left of them.
    public object InMemory(List<Guid> ids)
    {
        var all = db.Breweries.Where(b => ids.Contains(b.Id)).ToList();
        var own = db.Breweries.Where(b => b.TenantId == tenant).ToList();
        return (from o in own join a in all on o.Id equals a.Id select a.Name).ToList();
    }

    private List<Invitation> OfBreweries(List<Guid> breweries) => db.Invitations.Where(i => breweries.Contains(i.BreweryId)).ToList();

    private List<Invitation> Load(Guid[] ids) => db.Invitations.Where(i => ids.Contains(i.Id)).ToList();
    //                                              ^^^^^^^^^^^ PL5006: Invitation is read without a condition on TenantId
}
