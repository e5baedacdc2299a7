// create table invoices (id uuid primary key, tenant_id uuid not null, requester_id uuid not null, total int not null);
// create table lines (id uuid primary key, invoice_id uuid not null references invoices, tenant_id uuid not null, text text not null);
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace Domain
{
    public class Invoice
    {
        public Guid Id { get; set; }
        public Guid TenantId { get; set; }
        public Guid RequesterId { get; set; }
        public int Total { get; set; }
    }

    public class InvoiceDetails : Invoice
    {
        public string Note { get; set; } = "";
    }
}

namespace Stored
{
    public class Invoice : Domain.Invoice
    {
    }

    public class Line
    {
        public Guid Id { get; set; }
        public Guid InvoiceId { get; set; }
        public Guid TenantId { get; set; }
        public string Text { get; set; } = "";
    }

    public sealed class InvoiceContext(DbContextOptions<InvoiceContext> options) : DbContext(options)
    {
        public DbSet<Invoice> Invoices => Set<Invoice>();
        public DbSet<Line> Lines => Set<Line>();
    }

    public sealed record Caller(Guid TenantId, bool IsRoot);

    public sealed class Invoices(InvoiceContext context)
    {
        public async Task<Invoice> ComparedOrNone(Guid id, Caller caller)
        {
            var invoice = await context.Invoices.FirstOrDefaultAsync(row => row.Id == id).ConfigureAwait(false) ?? throw new KeyNotFoundException();
            if (!caller.IsRoot && invoice.TenantId != caller.TenantId)
                throw new UnauthorizedAccessException();
            return invoice;
        }

        public async Task<List<Line>> PartsOfOneInHand(Guid id, Guid tenant)
        {
            var invoice = await context.Invoices.SingleAsync(row => row.Id == id && row.TenantId == tenant);
            return await context.Lines.Where(line => line.InvoiceId == invoice.Id).ToListAsync();
        }

        public async Task<List<Line>> PartsOfOneThatIsNamed(Guid id) => await context.Lines.Where(line => line.InvoiceId == id).ToListAsync();
        //                                                                            ^^^^^ PL5006: Line is read without a condition on TenantId

        public async Task<Guid> WhoseItIs(Guid id) => await context.Invoices.Where(row => row.Id == id).Select(row => row.TenantId).FirstAsync();

        public async Task<int> WhatItHolds(Guid id) => await context.Invoices.Where(row => row.Id == id).Select(row => row.Total).FirstAsync();
        //                                                           ^^^^^^^^ PL5006: Invoice is read without a condition on TenantId

        // A row of the domain that the entity stands for.
        public async Task Replace(Domain.InvoiceDetails invoice) => (await context.Invoices.FindAsync(invoice.Id))!.Total = invoice.Total;

        public async Task<List<Invoice>> OfOnePerson(Guid requester) => await context.Invoices.Where(row => row.RequesterId == requester).ToListAsync();

        public async Task<List<Invoice>> AllForTheRoot(Caller caller, Guid? wanted)
        {
            var tenant = caller.IsRoot ? wanted : caller.TenantId;
            var query = context.Invoices.AsQueryable();
            if (tenant is not null)
                query = query.Where(row => row.TenantId == tenant);
            return await query.ToListAsync();
        }

        public async Task<List<Invoice>> AllForWhoeverNamesNone(Guid? tenant)
        {
            var query = context.Invoices.AsQueryable();
            if (tenant is not null)
                query = query.Where(row => row.TenantId == tenant);
            return await query.ToListAsync();
            //                 ^^^^^^^^^^^ PL5006: Invoice is read without a condition on TenantId
        }
    }

    public sealed class InvoicesController(InvoiceContext context) : ControllerBase
    {
        public async Task<Invoice?> Reload(Invoice invoice) => await context.Invoices.FindAsync(invoice.Id);
        //                                                                   ^^^^^^^^ PL5006: Invoice is found by its key
    }
}
