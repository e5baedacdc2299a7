// create table files (id uuid primary key, user_id uuid, tenant_id uuid not null, name text not null);
// create table letters (id uuid primary key, user_id uuid, tenant_id uuid, name text not null);
// create table orders (id uuid primary key, user_id uuid not null, tenant_id uuid not null, name text not null);
using Microsoft.EntityFrameworkCore;

public sealed class File
{
    public Guid Id { get; set; }
    public Guid? UserId { get; set; }
    public Guid TenantId { get; set; }
    public string Name { get; set; } = "";
}

public sealed class Letter
{
    public Guid Id { get; set; }
    public Guid? UserId { get; set; }
    public Guid? TenantId { get; set; }
    public string Name { get; set; } = "";
}

public sealed class Order
{
    public Guid Id { get; set; }
    public Guid UserId { get; set; }
    public Guid TenantId { get; set; }
    public string Name { get; set; } = "";
}

public sealed class OfficeContext(DbContextOptions<OfficeContext> options) : DbContext(options)
{
    public DbSet<File> Files => Set<File>();
    public DbSet<Letter> Letters => Set<Letter>();
    public DbSet<Order> Orders => Set<Order>();
}

public sealed class Office(OfficeContext context, Guid userId, Guid tenantId)
{
    public bool IsMine(Order row) => row.UserId == userId && row.TenantId == tenantId;

    public Task<List<File>> Files(string name) => context.Files.Where(row => row.Name == name).ToListAsync();

    // Either may be the owner.
    public Task<List<Letter>> Letters(string name) => context.Letters.Where(row => row.Name == name).ToListAsync();

    // So may both.
    public Task<List<Order>> Orders(string name) => context.Orders.Where(row => row.Name == name).ToListAsync();
}
