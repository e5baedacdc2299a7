// create table invitations (id uuid primary key, tenant_id uuid not null, token text not null, email text not null unique, number int not null unique, domain_name text not null, note_id uuid unique references notes);
// create table notes (id uuid primary key, tenant_id uuid not null);
using Microsoft.EntityFrameworkCore;

public sealed class Invitation
{
    public Guid Id { get; set; }
    public Guid TenantId { get; set; }
    public string Token { get; set; } = "";
    public string Email { get; set; } = "";
    public int Number { get; set; }
    public string DomainName { get; set; } = "";
    public Guid? NoteId { get; set; }
}

public sealed class AppContext(DbContextOptions<AppContext> options) : DbContext(options)
{
    public DbSet<Invitation> Invitations => Set<Invitation>();
}

public sealed class Invitations(AppContext context)
{
    public Task<Invitation?> BySecret(string token) => context.Invitations.FirstOrDefaultAsync(row => row.Token == token);

    public Task<Invitation?> ByUniqueText(string email) => context.Invitations.FirstOrDefaultAsync(row => row.Email == email);

    // Whoever counts finds all of them.
    public Task<Invitation?> ByUniqueNumber(int number) => context.Invitations.FirstOrDefaultAsync(row => row.Number == number);
    //                                                             ^^^^^^^^^^^ PL5006: the rows of all users are in reach

    public Task<Invitation?> ByAnotherTablesKey(Guid note) => context.Invitations.FirstOrDefaultAsync(row => row.NoteId == note);
    //                                                                ^^^^^^^^^^^ PL5006: the rows of all users are in reach

    public Task<List<Invitation>> ByName(string domain) => context.Invitations.Where(row => row.DomainName == domain).ToListAsync();
    //                                                             ^^^^^^^^^^^ PL5006: unless DomainName is unique over all of them

    public Task<List<Invitation>> NotByIt(string token) => context.Invitations.Where(row => row.Token == token || row.Email != "").ToListAsync();
    //                                                             ^^^^^^^^^^^ PL5006: the rows of all users are in reach
}
