// create table users (id uuid primary key, email text unique, name text not null unique, plan text not null);
// create table members (id uuid primary key, organization_id uuid not null, user_id uuid references users, email text, name text not null, plan text not null, status integer not null);
// create table policies (id uuid primary key, organization_id uuid not null, kind integer not null);
using Microsoft.EntityFrameworkCore;

public sealed class User
{
    public Guid Id { get; set; }
    public string? Email { get; set; }
    public string Name { get; set; } = "";
    public string Plan { get; set; } = "";
}

public sealed class Member
{
    public Guid Id { get; set; }
    public Guid OrganizationId { get; set; }
    public Guid? UserId { get; set; }
    public string? Email { get; set; }
    public string Name { get; set; } = "";
    public string Plan { get; set; } = "";
    public int Status { get; set; }
}

public sealed class Policy
{
    public Guid Id { get; set; }
    public Guid OrganizationId { get; set; }
    public int Kind { get; set; }
}

public sealed class OfficeContext(DbContextOptions<OfficeContext> options) : DbContext(options)
{
    public DbSet<User> Users => Set<User>();
    public DbSet<Member> Members => Set<Member>();
    public DbSet<Policy> Policies => Set<Policy>();
}

public sealed class Office(OfficeContext context)
{
    public Task<List<Member>> OfEither(Guid userId, Guid organizationId) =>
        context.Members.Where(row => row.UserId == userId || row.OrganizationId == organizationId && row.Status > 0).ToListAsync();

    public Task<List<Member>> OfOneOrAll(Guid userId, int status) =>
        context.Members.Where(row => row.UserId == userId || row.Status == status).ToListAsync();
    //          ^^^^^^^ PL5006: the rows of all users are in reach

    public async Task<List<Policy>> OfMember(Guid userId)
    {
        var email = await context.Users.Where(user => user.Id == userId).Select(user => user.Email).FirstOrDefaultAsync();
        var members = context.Members.Where(row => row.UserId == userId && row.Status > 0 || row.Status == 0 && row.Email == email && email != null);
        return await (from policy in context.Policies join member in members on policy.OrganizationId equals member.OrganizationId where policy.Kind == 1 select policy).ToListAsync();
    }

    // Who has no address shares that with all members that have none.
    public async Task<List<Member>> OfNobody(Guid userId)
    {
        var email = await context.Users.Where(user => user.Id == userId).Select(user => user.Email).FirstOrDefaultAsync();
        return await context.Members.Where(row => row.UserId == userId || row.Email == email).ToListAsync();
        //                   ^^^^^^^ PL5006: the rows of all users are in reach
    }

    public async Task<List<Member>> OfName(Guid userId)
    {
        var name = await context.Users.Where(user => user.Id == userId).Select(user => user.Name).SingleAsync();
        return await context.Members.Where(row => row.UserId == userId || row.Name == name).ToListAsync();
    }

    // Others have the same plan.
    public async Task<List<Member>> OfPlan(Guid userId)
    {
        var plan = await context.Users.Where(user => user.Id == userId).Select(user => user.Plan).SingleAsync();
        return await context.Members.Where(row => row.UserId == userId || row.Plan == plan).ToListAsync();
        //                   ^^^^^^^ PL5006: the rows of all users are in reach
    }

    public async Task<List<Member>> OfNobodyEither(Guid userId)
    {
        var email = await context.Users.Where(user => user.Id == userId).Select(user => user.Email).SingleAsync();
        return await context.Members.Where(row => row.UserId == userId || row.Email == email).ToListAsync();
        //                   ^^^^^^^ PL5006: the rows of all users are in reach
    }

    // Anybody's address may be given.
    public Task<List<Member>> OfAddress(Guid userId, string email) =>
        context.Members.Where(row => row.UserId == userId || row.Email == email).ToListAsync();
    //          ^^^^^^^ PL5006: the rows of all users are in reach

    public async Task<List<Policy>> OfAll(Guid userId)
    {
        var email = await context.Users.Where(user => user.Email != "").Select(user => user.Email).FirstAsync();
        var members = context.Members.Where(row => row.UserId == userId || row.Email == email);
        return await (from policy in context.Policies join member in members on policy.OrganizationId equals member.OrganizationId select policy).ToListAsync();
        //                                   ^^^^^^^^ PL5006: the rows of all users are in reach
    }
}
