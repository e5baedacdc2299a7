// create table kinds (id uuid primary key, name text not null);
// create table breweries (id uuid primary key, tenant_id uuid not null, kind_id uuid references kinds (id), name text not null);
// create table invitations (id uuid primary key, tenant_id uuid not null, brewery_id uuid not null references breweries (id), email text not null);
// create table tanks (id uuid primary key, tenant_id uuid not null, name text not null);
using Microsoft.EntityFrameworkCore;

public sealed class Kind
{
    public Guid Id { get; set; }
    public string Name { get; set; } = "";
}

public sealed class Brewery
{
    public Guid Id { get; set; }
    public Guid TenantId { get; set; }
    public Guid? KindId { get; set; }
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
    public DbSet<Kind> Kinds => Set<Kind>();
    public DbSet<Brewery> Breweries => Set<Brewery>();
    public DbSet<Invitation> Invitations => Set<Invitation>();
    public DbSet<Tank> Tanks => Set<Tank>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.Entity<Tank>().HasQueryFilter(tank => tank.TenantId == tenant);
}

public sealed class Nested(BreweryContext db, Guid tenant)
{
    public object Filtered() => (from i in db.Invitations
        join x in (from b in db.Breweries join k in db.Kinds on b.KindId equals k.Id where b.TenantId == tenant select new { Brewery = b, Kind = k.Name }) on i.TenantId equals x.Brewery.TenantId
        select new { i.Email, x.Kind }).ToList();

    public object FilteredOutside() => (from i in db.Invitations
        join x in (from b in db.Breweries join k in db.Kinds on b.KindId equals k.Id select new { b.TenantId, Kind = k.Name }) on i.TenantId equals x.TenantId
        where i.TenantId == tenant
        select new { i.Email, x.Kind }).ToList();

    public object OnAName() => (from i in db.Invitations
        join x in (from b in db.Breweries join k in db.Kinds on b.KindId equals k.Id select new { b.Name, Kind = k.Name }) on i.Email equals x.Name
        //                      ^^^^^^^^^ PL5006: Brewery is read without a condition on TenantId
        where i.TenantId == tenant
        select new { i.Email, x.Kind }).ToList();

    // The condition is on the invitations inside, not on those outside.
    public object FilteredInside() => (from i in db.Invitations
    //                                              ^^^^^^^^^^^ PL5006: Invitation is read without a condition on TenantId
        join x in (from own in db.Invitations join b in db.Breweries on own.BreweryId equals b.Id where own.TenantId == tenant select new { own.Email, b.Name }) on i.Email equals x.Email
        select new { i.Email, x.Name }).ToList();

    public object ThreeDeep() => db.Invitations.Where(i => i.TenantId == tenant).Join(
        db.Breweries.Join(
            db.Invitations.Join(db.Kinds, i => i.Email, k => k.Name, (i, k) => new { i.TenantId, k.Name }),
            b => b.TenantId, y => y.TenantId, (b, y) => new { Mine = b.TenantId, y.Name }),
        i => i.TenantId, x => x.Mine, (i, x) => new { i.Email, x.Name }).ToList();

    public object ThreeDeepOnAName() => db.Invitations.Where(i => i.TenantId == tenant).Join(
        db.Breweries.Join(
            db.Invitations.Join(db.Kinds, i => i.Email, k => k.Name, (i, k) => new { i.TenantId, k.Name }),
            // ^^^^^^^^^^^ PL5006: Invitation is read without a condition on TenantId
            b => b.Name, y => y.Name, (b, y) => new { Mine = b.TenantId, y.Name }),
        i => i.TenantId, x => x.Mine, (i, x) => new { i.Email, x.Name }).ToList();

    public object InAVariable()
    {
        var kinds = from b in db.Breweries join k in db.Kinds on b.KindId equals k.Id select new { b.TenantId, b.Name, Kind = k.Name };
        var own = kinds.Where(x => x.TenantId == tenant);
        return (from i in db.Invitations join x in own on i.TenantId equals x.TenantId select new { i.Email, x.Kind }).ToList();
    }

    public object EitherOfTwo(bool isOwn)
    {
        var kinds = isOwn ? db.Breweries.Where(b => b.TenantId == tenant) : db.Breweries.Where(b => b.Name != "");
        return db.Invitations.Where(i => i.TenantId == tenant).Join(kinds, i => i.Email, b => b.Name, (i, b) => b).ToList();
        //                                                                                                         ^^^^^^ PL5006: Brewery is read without a condition on TenantId
    }

    public object EachWithAJoin() => (from i in db.Invitations from x in (from b in db.Breweries join k in db.Kinds on b.KindId equals k.Id where b.TenantId == i.TenantId select k) where i.TenantId == tenant select x.Name).ToList();

    // Of a model that filters tanks these rows are the tenant's, and what they bring along.
    public object WithAModelsFilter() => db.Breweries.Join(db.Tanks.Join(db.Kinds, t => t.Name, k => k.Name, (t, k) => new { t.TenantId, k.Name }), b => b.TenantId, x => x.TenantId, (b, x) => b).ToList();

    public object Grouped() => (from i in db.Invitations
        join x in (from b in db.Breweries join k in db.Kinds on b.KindId equals k.Id select new { b.TenantId, k.Name }) on i.TenantId equals x.TenantId into xs
        from x in xs.DefaultIfEmpty()
        where i.TenantId == tenant
        select new { i.Email, x.Name }).ToList();

    // The invitations of all stay, with nothing beside them.
    public object GroupedOfAll() => (from i in db.Invitations
    //                                            ^^^^^^^^^^^ PL5006: Invitation is read without a condition on TenantId
        join x in (from b in db.Breweries join k in db.Kinds on b.KindId equals k.Id where b.TenantId == tenant select new { b.TenantId, k.Name }) on i.TenantId equals x.TenantId into xs
        from x in xs.DefaultIfEmpty()
        select new { i.Email, x.Name }).ToList();

    // Without DefaultIfEmpty those go for which there is nothing.
    public object GroupedAndTaken() => (from i in db.Invitations
        join x in (from b in db.Breweries join k in db.Kinds on b.KindId equals k.Id where b.TenantId == tenant select new { b.TenantId, k.Name }) on i.TenantId equals x.TenantId into xs
        from x in xs
        select new { i.Email, x.Name }).ToList();

    // A row that is missing fits no condition.
    public object FilteredBehindAnOuterJoin() => (from i in db.Invitations
        join x in (from b in db.Breweries join k in db.Kinds on b.KindId equals k.Id select new { b.TenantId, k.Name }) on i.TenantId equals x.TenantId into xs
        from x in xs.DefaultIfEmpty()
        where x.TenantId == tenant
        select new { i.Email, x.Name }).ToList();
}

public sealed class Outer(BreweryContext db, Guid tenant)
{
    public object Left() => db.Invitations.Where(i => i.TenantId == tenant).LeftJoin(db.Breweries, i => i.TenantId, b => b.TenantId, (i, b) => new { i.Email, b.Name }).ToList();

    // All invitations stay.
    public object LeftOfAll() => db.Invitations.LeftJoin(db.Breweries.Where(b => b.TenantId == tenant), i => i.TenantId, b => b.TenantId, (i, b) => new { i.Email, b.Name }).ToList();
    //                              ^^^^^^^^^^^ PL5006: Invitation is read without a condition on TenantId

    public object LeftOnAName() => db.Invitations.Where(i => i.TenantId == tenant).LeftJoin(db.Breweries, i => i.Email, b => b.Name, (i, b) => new { i.Email, b.Name }).ToList();
    //                                                                                         ^^^^^^^^^ PL5006: Brewery is read without a condition on TenantId

    public object Right() => db.Invitations.RightJoin(db.Breweries.Where(b => b.TenantId == tenant), i => i.TenantId, b => b.TenantId, (i, b) => new { i.Email, b.Name }).ToList();

    // All breweries stay.
    public object RightOfAll() => db.Invitations.Where(i => i.TenantId == tenant).RightJoin(db.Breweries, i => i.TenantId, b => b.TenantId, (i, b) => new { i.Email, b.Name }).ToList();
    //                                                                                         ^^^^^^^^^ PL5006: Brewery is read without a condition on TenantId

    public object RightOfAllByAKey() => db.Invitations.Where(i => i.TenantId == tenant).RightJoin(db.Breweries, i => i.BreweryId, b => b.Id, (i, b) => new { i.Email, b.Name }).ToList();
    //                                                                                               ^^^^^^^^^ PL5006: Brewery is read without a condition on TenantId

    public object RightOnAName() => db.Invitations.RightJoin(db.Breweries.Where(b => b.TenantId == tenant), i => i.Email, b => b.Name, (i, b) => new { i.Email, b.Name }).ToList();
    //                                 ^^^^^^^^^^^ PL5006: Invitation is read without a condition on TenantId

    public object RightAndFiltered() => db.Invitations.RightJoin(db.Breweries, i => i.TenantId, b => b.TenantId, (i, b) => new { i, b }).Where(x => x.b.TenantId == tenant).ToList();

    // Behind the join a condition on what may be missing leaves only those that fit.
    public object RightAndFilteredByTheOther() => db.Invitations.RightJoin(db.Breweries, i => i.TenantId, b => b.TenantId, (i, b) => new { i, b }).Where(x => x.i.TenantId == tenant).ToList();

    public object RightThenFilteredRows() => db.Invitations.RightJoin(db.Breweries, i => i.TenantId, b => b.TenantId, (i, b) => i).Where(i => i.TenantId == tenant).ToList();

    // The model keeps others' tanks out, not the breweries that no tank fits.
    public object RightOfAModelsFilter() => db.Tanks.RightJoin(db.Breweries, t => t.TenantId, b => b.TenantId, (t, b) => new { t.Name, Brewery = b.Name }).ToList();
    //                                                            ^^^^^^^^^ PL5006: Brewery is read without a condition on TenantId

    public object RightToAModelsFilter() => db.Breweries.RightJoin(db.Tanks, b => b.TenantId, t => t.TenantId, (b, t) => new { t.Name, Brewery = b.Name }).ToList();

    public object RightTwiceFiltered() => db.Invitations
        .RightJoin(db.Breweries, i => i.TenantId, b => b.TenantId, (i, b) => new { i, b })
        .RightJoin(db.Invitations.Where(i => i.TenantId == tenant), x => x.b.TenantId, i => i.TenantId, (x, i) => new { x.b.Name, i.Email }).ToList();

    // What is joined to the rows that may be missing leaves only those that fit.
    public object RightThenJoined() => db.Invitations
        .RightJoin(db.Breweries, i => i.TenantId, b => b.TenantId, (i, b) => new { i, b })
        .Join(db.Invitations.Where(i => i.TenantId == tenant), x => x.i.TenantId, i => i.TenantId, (x, i) => new { x.b.Name, i.Email }).ToList();

    public object LeftInARight() => db.Invitations.LeftJoin(db.Kinds, i => i.Email, k => k.Name, (i, k) => new { i.TenantId, k.Name })
        .RightJoin(db.Breweries.Where(b => b.TenantId == tenant), x => x.TenantId, b => b.TenantId, (x, b) => new { x.Name, Brewery = b.Name }).ToList();

    // `from` with DefaultIfEmpty is an outer join: what stands in its Where restricts one side.
    public object FromOrNot() => (from i in db.Invitations from b in db.Breweries.Where(b => b.TenantId == i.TenantId && b.TenantId == tenant).DefaultIfEmpty() select new { i.Email, b.Name }).ToList();
    //                                         ^^^^^^^^^^^ PL5006: Invitation is read without a condition on TenantId

    public object FromOrNotByAKey() => (from i in db.Invitations from b in db.Breweries.Where(b => b.Id == i.BreweryId && b.TenantId == tenant).DefaultIfEmpty() select new { i.Email, b.Name }).ToList();
    //                                               ^^^^^^^^^^^ PL5006: Invitation is read without a condition on TenantId

    public object FromAndFits() => (from i in db.Invitations from b in db.Breweries.Where(b => b.TenantId == i.TenantId && b.TenantId == tenant) select new { i.Email, b.Name }).ToList();

    public object FromOrNotFiltered() => (from i in db.Invitations from b in db.Breweries.Where(b => b.TenantId == i.TenantId).DefaultIfEmpty() where i.TenantId == tenant select new { i.Email, b.Name }).ToList();
}
