// create table plans (id uuid primary key, name text not null);
// create table breweries (id uuid primary key, tenant_id uuid not null, plan_id uuid references plans (id), name text not null);
// create table invitations (id uuid primary key, tenant_id uuid not null, brewery_id uuid not null references breweries (id), email text not null);
// create table tanks (id uuid primary key, tenant_id uuid not null, name text not null);
using Microsoft.EntityFrameworkCore;

public sealed class Plan
{
    public Guid Id { get; set; }
    public string Name { get; set; } = "";
}

public sealed class Brewery
{
    public Guid Id { get; set; }
    public Guid TenantId { get; set; }
    public Guid? PlanId { get; set; }
    public string Name { get; set; } = "";
}

public sealed class Invitation
{
    public Guid Id { get; set; }
    public Guid TenantId { get; set; }
    public Guid BreweryId { get; set; }
    public string Email { get; set; } = "";
}

public sealed class Tank
{
    public Guid Id { get; set; }
    public Guid TenantId { get; set; }
    public string Name { get; set; } = "";
}

public sealed class BreweryContext(DbContextOptions<BreweryContext> options, Guid tenant) : DbContext(options)
{
    public DbSet<Plan> Plans => Set<Plan>();
    public DbSet<Brewery> Breweries => Set<Brewery>();
    public DbSet<Invitation> Invitations => Set<Invitation>();
    public DbSet<Tank> Tanks => Set<Tank>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) =>
        modelBuilder.Entity<Tank>().HasQueryFilter(tank => tank.TenantId == tenant && Breweries.Any(b => b.Name == tank.Name));
}

public sealed class Repository(BreweryContext db, Guid tenant)
{
    public object CountsAll() => db.Breweries.Where(b => b.TenantId == tenant).Select(b => new { b.Name, Invited = db.Invitations.Count() }).ToList();
    //                                                                                                                ^^^^^^^^^^^ PL5006: Invitation is read without a condition on TenantId

    public object ListsAll() => from p in db.Plans select new { p.Name, Users = db.Breweries.Where(b => b.PlanId == p.Id).ToList() } into each where each.Name != "" select each;
    //                                                                             ^^^^^^^^^ PL5006: Brewery is read without a condition on TenantId

    public object OnAName() => db.Breweries.Where(b => b.TenantId == tenant && db.Invitations.Any(i => i.Email == b.Name)).ToList();
    //                                                                            ^^^^^^^^^^^ PL5006: Invitation is read without a condition on TenantId

    public object Filtered() => db.Breweries.Where(b => b.TenantId == tenant && db.Invitations.Any(i => i.TenantId == tenant && i.Email == b.Name)).ToList();

    // What belongs to a tenant's row is the tenant's.
    public object OfTheRow() => db.Breweries.Where(b => b.TenantId == tenant).Select(b => new { b.Name, Invited = db.Invitations.Count(i => i.BreweryId == b.Id) }).ToList();

    public object OfTheSameTenant() => db.Breweries.Where(b => b.TenantId == tenant).Select(b => db.Invitations.Where(i => i.TenantId == b.TenantId).Select(i => i.Email).FirstOrDefault()).ToList();

    public object OfTheGroup() => db.Invitations.Where(i => i.TenantId == tenant).GroupBy(i => i.BreweryId).Select(g => new { g.Key, Name = db.Breweries.Where(b => b.Id == g.Key).Select(b => b.Name).First() }).ToList();

    // One cause, said where it is.
    public object OfARowOfAnyone() => db.Breweries.Where(b => b.Name != "").Select(b => new { b.Name, Invited = db.Invitations.Count(i => i.BreweryId == b.Id) }).ToList();
    //                                   ^^^^^^^^^ PL5006: Brewery is read without a condition on TenantId

    public object OfTheRowThatIsNamed(Guid id) => db.Breweries.Where(b => b.TenantId == tenant && b.Id == id && !db.Invitations.Any(i => i.BreweryId == id)).ToList();

    // Whoever lists the plans is meant to see how many breweries have one.
    public object PerPlan() => db.Plans.Select(p => new { p.Name, Breweries = db.Breweries.Count(b => b.PlanId == p.Id) }).ToList();

    public object FilteredByTheModel() => db.Breweries.Where(b => b.TenantId == tenant && db.Tanks.Any(t => t.Name == b.Name)).ToList();

    public object FromEach() => db.Breweries.Where(b => b.TenantId == tenant).SelectMany(b => db.Invitations.Where(i => i.Email == b.Name)).ToList();
    //                                                                                           ^^^^^^^^^^^ PL5006: Invitation is read without a condition on TenantId

    public object FromEachOwn() => db.Breweries.Where(b => b.TenantId == tenant).SelectMany(b => db.Invitations.Where(i => i.BreweryId == b.Id)).ToList();

    public object AddedToOwn() => db.Breweries.Where(b => b.TenantId == tenant).Select(b => b.Name).Concat(db.Invitations.Select(i => i.Email)).ToList();
    //                                                                                                        ^^^^^^^^^^^ PL5006: Invitation is read without a condition on TenantId

    public object AddedTo()
    {
        var added = db.Invitations.Where(i => i.TenantId == tenant).Select(i => i.Email);
        return db.Breweries.Select(b => b.Name).Union(added).Where(name => name != "").ToList();
        //        ^^^^^^^^^ PL5006: Brewery is read without a condition on TenantId
    }

    public object BothFiltered() => db.Breweries.Select(b => new { b.TenantId, b.Name }).Union(db.Invitations.Select(i => new { i.TenantId, Name = i.Email })).Where(each => each.TenantId == tenant).ToList();
}
