// create table plans (id uuid primary key, name text not null);
// create table accounts (user_id uuid primary key, name text not null);
// create table breweries (id uuid primary key, tenant_id uuid not null, plan_id uuid references plans (id), name text not null);
// create table invitations (id uuid primary key, tenant_id uuid not null, brewery_id uuid not null references breweries (id), email text not null);
// create table members (id uuid primary key, user_id uuid not null, tenant_id uuid not null);
// create table brewery_plans (plan_id uuid not null references plans (id), brewery_id uuid not null references breweries (id), primary key (plan_id, brewery_id));
// create table guilds (id uuid primary key, name text not null);
// create table guild_members (id uuid primary key, guild_id uuid not null references guilds (id), user_id uuid not null);
// create table guild_breweries (id uuid primary key, guild_id uuid not null references guilds (id), tenant_id uuid not null);
// create table notes (id uuid primary key, user_id uuid not null references accounts, title text not null);
// create table tanks (id uuid primary key, tenant_id uuid not null, name text not null);
using Microsoft.EntityFrameworkCore;

public sealed class Plan
{
    public Guid Id { get; set; }
    public string Name { get; set; } = "";
}

public sealed class Account
{
    public Guid UserId { get; set; }
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

public sealed class Note
{
    public Guid Id { get; set; }
    public Guid UserId { get; set; }
    public string Title { get; set; } = "";
}

public sealed class Member
{
    public Guid Id { get; set; }
    public Guid UserId { get; set; }
    public Guid TenantId { get; set; }
}

public sealed class BreweryPlan
{
    public Guid PlanId { get; set; }
    public Guid BreweryId { get; set; }
}

public sealed class GuildMember
{
    public Guid Id { get; set; }
    public Guid GuildId { get; set; }
    public Guid UserId { get; set; }
}

public sealed class GuildBrewery
{
    public Guid Id { get; set; }
    public Guid GuildId { get; set; }
    public Guid TenantId { get; set; }
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
    public DbSet<Account> Accounts => Set<Account>();
    public DbSet<Brewery> Breweries => Set<Brewery>();
    public DbSet<Invitation> Invitations => Set<Invitation>();
    public DbSet<Note> Notes => Set<Note>();
    public DbSet<Member> Members => Set<Member>();
    public DbSet<BreweryPlan> BreweryPlans => Set<BreweryPlan>();
    public DbSet<GuildMember> GuildMembers => Set<GuildMember>();
    public DbSet<GuildBrewery> GuildBreweries => Set<GuildBrewery>();
    public DbSet<Tank> Tanks => Set<Tank>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.Entity<Tank>().HasQueryFilter(tank => tank.TenantId == tenant);
}

public sealed class Repository(BreweryContext db, Guid tenant, Guid user)
{
    public object OnAName() => (from i in db.Invitations where i.TenantId == tenant join b in db.Breweries on i.Email equals b.Name select b).ToList();
    //                                                                                           ^^^^^^^^^ PL5006: Brewery is read without a condition on TenantId

    public object OnANameOfItsOwn() => db.Invitations.Where(i => i.TenantId == tenant).Join(db.Breweries.Where(b => b.TenantId == tenant), i => i.Email, b => b.Name, (i, b) => b).ToList();

    public object EachWithEach() => (from i in db.Invitations from b in db.Breweries where i.TenantId == tenant && b.Name != "" select b).ToList();
    //                                                                     ^^^^^^^^^ PL5006: Brewery is read without a condition on TenantId

    public object EachWithItsOwn() => (from i in db.Invitations from b in db.Breweries where i.TenantId == tenant && b.TenantId == i.TenantId select b).ToList();

    public object EachWithWhatItRefersTo() => (from i in db.Invitations from b in db.Breweries.Where(b => b.Id == i.BreweryId) where i.TenantId == tenant select b).ToList();

    // Invitations to the tenant's breweries are the tenant's.
    public object ByAForeignKey() => (from i in db.Invitations join b in db.Breweries.Where(b => b.TenantId == tenant) on i.BreweryId equals b.Id select i.Email).ToList();

    public object ByAForeignKeyAndAfterwards() => (from i in db.Invitations join b in db.Breweries on i.BreweryId equals b.Id where b.TenantId == tenant select i.Email).ToList();

    // An outer join keeps the invitations of all.
    public object ByAForeignKeyOrNot() => (from i in db.Invitations join b in db.Breweries.Where(b => b.TenantId == tenant) on i.BreweryId equals b.Id into bs from b in bs.DefaultIfEmpty() select new { i.Email, b }).ToList();
    //                                                  ^^^^^^^^^^^ PL5006: Invitation is read without a condition on TenantId

    public object OuterAndFiltered() => (from i in db.Invitations join b in db.Breweries on i.BreweryId equals b.Id into bs from b in bs.DefaultIfEmpty() where i.TenantId == tenant select new { i.Email, b }).ToList();

    // One cause, said where it is.
    public object NeitherIsFiltered() => (from i in db.Invitations join b in db.Breweries on i.BreweryId equals b.Id select i.Email).ToList();
    //                                                 ^^^^^^^^^^^ PL5006: Invitation is read without a condition on TenantId

    // A plan is everybody's.
    public object OfAPlan(Guid plan) => (from p in db.Plans join b in db.Breweries on p.Id equals b.PlanId where p.Id == plan select b).ToList();
    //                                                                   ^^^^^^^^^ PL5006: Brewery is read without a condition on TenantId

    // Through the plan, which is everybody's, one comes to the breweries of all.
    public object OfTheSamePlan() => (from own in db.Breweries where own.TenantId == tenant join p in db.Plans on own.PlanId equals p.Id join b in db.Breweries on p.Id equals b.PlanId select b).ToList();
    //                                                                                                                                                ^^^^^^^^^ PL5006: Brewery is read without a condition on TenantId

    public object OfTheSamePlanToo() => (from own in db.Breweries where own.TenantId == tenant join b in db.Breweries on own.PlanId equals b.PlanId select b).ToList();
    //                                                                                                      ^^^^^^^^^ PL5006: Brewery is read without a condition on TenantId

    // The rows between two tables are of no tenant and lead to what they refer to.
    public object ThroughRowsBetween(Guid plan) => (from between in db.BreweryPlans join b in db.Breweries on between.BreweryId equals b.Id where between.PlanId == plan select b).ToList();

    public object ThroughRowsOfOne() => (from i in db.Invitations where i.TenantId == tenant join between in db.BreweryPlans on i.BreweryId equals between.BreweryId join b in db.Breweries on between.BreweryId equals b.Id select b).ToList();

    // Of the guilds that the user is a member of.
    public object OfGuilds() => (from m in db.GuildMembers join g in db.GuildBreweries on m.GuildId equals g.GuildId where m.UserId == user select g).ToList();

    // Of the tenants that the user is a member of.
    public object OfMembers(Guid id) => (from i in db.Invitations join b in db.Breweries on i.BreweryId equals b.Id join m in db.Members on b.TenantId equals m.TenantId where i.Id == id && m.UserId == user select i).FirstOrDefault()!;

    public object OfOneAccount() => (from a in db.Accounts join n in db.Notes on a.UserId equals n.UserId where a.UserId == user select n).ToList();

    public object OfAllAccounts() => (from a in db.Accounts join n in db.Notes on a.UserId equals n.UserId where a.Name != "" select n).ToList();
    //                                                                   ^^^^^ PL5006: Note is read without a condition on UserId

    public object OfAllAccountsOfAName() => (from a in db.Accounts join n in db.Notes on a.UserId equals n.UserId where a.Name.StartsWith("a") select n).ToList();
    //                                                                          ^^^^^ PL5006: Note is read without a condition on UserId

    public object OnSeveral() => (from i in db.Invitations join b in db.Breweries on new { i.Email, Tenant = i.TenantId } equals new { Email = b.Name, Tenant = b.TenantId } where i.TenantId == tenant select b).ToList();

    public object WithAModelsFilter() => (from t in db.Tanks join b in db.Breweries on t.TenantId equals b.TenantId select b).ToList();

    public object FilteredByTheModel() => (from i in db.Invitations where i.TenantId == tenant join t in db.Tanks on i.Email equals t.Name select t).ToList();

    // What a member is called that holds the key does not matter.
    public object ThroughMembers() => db.Invitations.Select(i => new { Whose = i.TenantId, i.Email }).Where(i => i.Whose == tenant).ToList();

    public object ThroughOtherMembers() => db.Invitations.Select(i => new { TenantId = i.Id, i.Email }).Where(i => i.TenantId == tenant).ToList();
    //                                        ^^^^^^^^^^^ PL5006: Invitation is read without a condition on TenantId
}
