// create table kinds (id uuid primary key, name text not null);
// create table invoices (id uuid primary key, tenant_id uuid not null, kind_id uuid not null references kinds, total int not null);
// create table lines (id uuid primary key, invoice_id uuid not null references invoices, tenant_id uuid not null, text text not null);
using Microsoft.EntityFrameworkCore;

namespace Domain
{
    public class Invoice
    {
        public Guid Id { get; set; }
        public Guid TenantId { get; set; }
        public Guid KindId { get; set; }
        public int Total { get; set; }
    }
}

namespace Stored
{
    public class Invoice : Domain.Invoice
    {
    }

    public sealed class Line
    {
        public Guid Id { get; set; }
        public Guid InvoiceId { get; set; }
        public Guid TenantId { get; set; }
        public string Text { get; set; } = "";
    }

    public sealed record Wanted(Guid InvoiceId, string Text);

    public sealed class InvoiceContext(DbContextOptions<InvoiceContext> options) : DbContext(options)
    {
        public DbSet<Invoice> Invoices => Set<Invoice>();
        public DbSet<Line> Lines => Set<Line>();
    }

    public sealed class Invoices(InvoiceContext context)
    {
        public async Task<Invoice> WhatItRefersTo(Guid id, Guid tenant)
        {
            var line = await context.Lines.SingleAsync(row => row.Id == id && row.TenantId == tenant);
            return await context.Invoices.SingleAsync(row => row.Id == line.InvoiceId);
        }

        public async Task<List<Line>> Siblings(Guid id, Guid tenant)
        {
            var invoice = await context.Lines.Where(row => row.Id == id && row.TenantId == tenant).Select(row => row.InvoiceId).FirstAsync();
            return await context.Lines.Where(row => row.InvoiceId == invoice).ToListAsync();
        }

        // A kind is everybody's.
        public async Task<List<Invoice>> OfTheSameKind(Guid id, Guid tenant)
        {
            var invoice = await context.Invoices.SingleAsync(row => row.Id == id && row.TenantId == tenant);
            return await context.Invoices.Where(row => row.KindId == invoice.KindId).ToListAsync();
            //                   ^^^^^^^^ PL5006: the rows of all users are in reach
        }

        public async Task<List<Invoice>> OfTheSameKindToo(Guid id, Guid tenant)
        {
            var kind = await context.Invoices.Where(row => row.Id == id && row.TenantId == tenant).Select(row => row.KindId).FirstAsync();
            return await context.Invoices.Where(row => row.KindId == kind).ToListAsync();
            //                   ^^^^^^^^ PL5006: the rows of all users are in reach
        }

        // The caller named it, not the row.
        public async Task<Invoice?> OfNewRow(Wanted wanted, Guid tenant)
        {
            var line = new Line { Id = Guid.NewGuid(), TenantId = tenant, InvoiceId = wanted.InvoiceId };
            context.Add(line);
            return await context.Invoices.FirstOrDefaultAsync(row => row.Id == line.InvoiceId);
            //                   ^^^^^^^^ PL5006: the rows of all users are in reach
        }

        public async Task<Invoice?> OfChangedRow(Guid id, Wanted wanted, Guid tenant)
        {
            var line = await context.Lines.SingleAsync(row => row.Id == id && row.TenantId == tenant);
            line.InvoiceId = wanted.InvoiceId;
            return await context.Invoices.FirstOrDefaultAsync(row => row.Id == line.InvoiceId);
            //                   ^^^^^^^^ PL5006: the rows of all users are in reach
        }

        public async Task<Invoice?> OfRowThatIsHandedIn(Line line) => await context.Invoices.FirstOrDefaultAsync(row => row.Id == line.InvoiceId);
        //                                                                          ^^^^^^^^ PL5006: unless what it is looked up by is the caller's own

        public async Task<List<Line>> OfRowOfTheDomain(Domain.Invoice invoice) => await context.Lines.Where(line => line.InvoiceId == invoice.Id).ToListAsync();

        public async Task<List<Line>?> FoundBefore(Guid id, Guid tenant)
        {
            var invoice = await context.Invoices.FirstOrDefaultAsync(row => row.Id == id && row.TenantId == tenant);
            if (invoice is null)
                return null;
            await context.Invoices.FirstAsync(row => row.Id == id);
            return await context.Lines.Where(line => line.InvoiceId == id).ToListAsync();
        }

        public async Task<List<Line>> Guarded(Wanted wanted, Guid tenant)
        {
            if (!await context.Invoices.AnyAsync(row => row.Id == wanted.InvoiceId && row.TenantId == tenant))
                throw new KeyNotFoundException();
            return await context.Lines.Where(line => line.InvoiceId == wanted.InvoiceId).ToListAsync();
        }

        public async Task<List<Line>> FoundOrNot(Guid id, Guid tenant)
        {
            var invoice = await context.Invoices.FirstOrDefaultAsync(row => row.Id == id && row.TenantId == tenant);
            Console.WriteLine(invoice?.Total);
            return await context.Lines.Where(line => line.InvoiceId == id).ToListAsync();
            //                   ^^^^^ PL5006: the rows of all users are in reach
        }

        public async Task<List<Line>> FoundInOneBranch(Guid id, Guid tenant, bool isNew)
        {
            if (!isNew)
            {
                await context.Invoices.FirstAsync(row => row.Id == id && row.TenantId == tenant);
            }
            return await context.Lines.Where(line => line.InvoiceId == id).ToListAsync();
            //                   ^^^^^ PL5006: the rows of all users are in reach
        }

        public async Task<List<Line>> AnotherFound(Guid id, Guid other, Guid tenant)
        {
            await context.Invoices.FirstAsync(row => row.Id == other && row.TenantId == tenant);
            return await context.Lines.Where(line => line.InvoiceId == id).ToListAsync();
            //                   ^^^^^ PL5006: the rows of all users are in reach
        }
    }
}
