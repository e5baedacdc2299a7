// create table files (id uuid primary key, owner_id uuid, tenant_id uuid not null, name text not null);
// create table letters (id uuid primary key, user_id uuid, organization_id uuid, name text not null);
// create table orders (id uuid primary key, user_id uuid not null, organization_id uuid not null, name text not null);
// create table visits (id uuid primary key, user_id uuid not null, tenant_id uuid not null, name text not null);
// create table batches (id uuid primary key, tenant_id uuid not null, name text not null);
// create table machines (id uuid primary key, tenant_id uuid not null, name text not null);
// create table steps (id uuid primary key, batch_id uuid not null references batches);
// create table samples (id uuid primary key, batch_id uuid not null references batches);
// create table usages (id uuid primary key, batch_id uuid references batches, machine_id uuid not null references machines, name text not null);
// create table providers (id uuid primary key, name text not null);
// create table provider_users (id uuid primary key, user_id uuid, provider_id uuid not null references providers, name text not null);
// create policy own on visits using (tenant_id = current_setting('app.tenant_id')::uuid);
// create policy own on steps using (batch_id in (select id from batches where tenant_id = current_setting('app.tenant_id')::uuid));
// create policy own on samples using (batch_id in (select id from batches where tenant_id = current_setting('app.tenant_id')::uuid));
using Microsoft.EntityFrameworkCore;

public sealed class File
{
    public Guid Id { get; set; }
    public Guid? OwnerId { get; set; }
    public string Name { get; set; } = "";
}

public sealed class Letter
{
    public Guid Id { get; set; }
    public Guid? UserId { get; set; }
    public Guid? OrganizationId { get; set; }
    public string Name { get; set; } = "";
}

public sealed class Order
{
    public Guid Id { get; set; }
    public Guid UserId { get; set; }
    public Guid OrganizationId { get; set; }
    public string Name { get; set; } = "";
}

public sealed class Visit
{
    public Guid Id { get; set; }
    public Guid UserId { get; set; }
    public Guid TenantId { get; set; }
    public string Name { get; set; } = "";
}

public sealed class Machine
{
    public Guid Id { get; set; }
    public Guid TenantId { get; set; }
}

public sealed class Usage
{
    public Guid Id { get; set; }
    public Guid? BatchId { get; set; }
    public Guid MachineId { get; set; }
    public Machine? Machine { get; set; }
    public string Name { get; set; } = "";
}

public sealed class ProviderUser
{
    public Guid Id { get; set; }
    public Guid? UserId { get; set; }
    public Guid ProviderId { get; set; }
    public string Name { get; set; } = "";
}

public sealed class OfficeContext(DbContextOptions<OfficeContext> options) : DbContext(options)
{
    public DbSet<File> Files => Set<File>();
    public DbSet<Letter> Letters => Set<Letter>();
    public DbSet<Order> Orders => Set<Order>();
    public DbSet<Visit> Visits => Set<Visit>();
    public DbSet<Usage> Usages => Set<Usage>();
    public DbSet<ProviderUser> ProviderUsers => Set<ProviderUser>();
}

public sealed class Office(OfficeContext context)
{
    // Each file has a tenant; not each has an owner.
    public Task<List<File>> Files(string name) => context.Files.Where(row => row.Name == name).ToListAsync();
    //                                                    ^^^^^ PL5006: without a condition on tenant_id: the rows

    public Task<List<Letter>> Letters(string name) => context.Letters.Where(row => row.Name == name).ToListAsync();
    //                                                        ^^^^^^^ PL5006: without a condition on UserId or OrganizationId: the rows

    public Task<List<Letter>> LettersOf(Guid organization) => context.Letters.Where(row => row.OrganizationId == organization).ToListAsync();

    public Task<List<Order>> Orders(string name) => context.Orders.Where(row => row.Name == name).ToListAsync();
    //                                                      ^^^^^^ PL5006: without a condition on UserId or OrganizationId: the rows

    // The policies say which.
    public Task<List<Visit>> Visits(string name) => context.Visits.Where(row => row.Name == name).ToListAsync();
    //                                                      ^^^^^^ PL5006: without a condition on TenantId: the rows

    // Each has a machine; not each has a batch.
    public Task<List<Usage>> Usages(string name) => context.Usages.Where(row => row.Name == name).ToListAsync();
    //                                                      ^^^^^^ PL5006: without a condition on machines.tenant_id (by MachineId): the rows

    public Task<List<Usage>> UsagesOfBatch(Guid batch) => context.Usages.Where(row => row.BatchId == batch).ToListAsync();

    public Task<List<Usage>> UsagesOfTenant(Guid tenant) => context.Usages.Where(row => row.Machine!.TenantId == tenant).ToListAsync();

    public Task<List<ProviderUser>> Members(string name) => context.ProviderUsers.Where(row => row.Name == name).ToListAsync();
    //                                                              ^^^^^^^^^^^^^ PL5006: without a condition on ProviderId: the rows

    public Task<List<ProviderUser>> MembersOf(Guid provider) => context.ProviderUsers.Where(row => row.ProviderId == provider).ToListAsync();
}
