using Microsoft.CodeAnalysis.Operations;
using PolicyLint.Core.Findings;
using PolicyLint.Core.Rules;
using PolicyLint.CSharp.EntityFramework;
using PolicyLint.CSharp.Fixes;

namespace PolicyLint.CSharp.Rules.DataAccess;

internal sealed class LinqWithoutTenantFilter : EntityQueryRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "PL5006",
        Name = "linq-without-tenant-filter",
        Severity = Severity.Warning,
        Title = "EF Core query on a tenant entity without its tenancy condition",
        What = "Reports a query of EF Core whose entity is mapped to a tenant table, where neither a global query filter nor the query's own predicates imply that the tenancy property equals a value that is given. The column that it names is one that each row has, where others may be null; where a parent that each row has says whose it is, the parent's. Each path that leads to the query is judged alone: a filter that only one branch adds is found. So is each table that a query joins; silent where a key leads to it from a table of tenants in the same query. A collection that `Include` brings along is judged where it belongs to a row of no tenant. Silent, too, where a part of the query can't be read, where only the tenancy key is read or where it is compared afterwards (also by every caller that gets the row, or by a call named as a check of owner or access), where the row, the one that it is a part of or the one that refers to it is in hand already or was found by the same value before, where an expression chooses between a tenant and all, where the row is looked up by a secret (`Token`, `ApiKey`) or by text or uuid that is unique over all tenants, where each side of an OR compares a tenancy key or (with the tenancy inferred) what only the user's own row holds, such as its address, and in jobs (hosted services, classes named `…Job` or `…Seeder`, methods that only these call, and methods named for what is expired or cleaned up that look at nothing but the time). Information, with its reason, where only a time limits the rows, where a name that the world gives is looked up (`DomainName`, `Url`), and where a row that is handed in refers to it. Where the tenancy is inferred, also silent where a column named for a person (`UserId`, `RequesterId`, `CreatedBy`) is compared, or one that refers to a table of no tenant with a list of members (`projects` beside `project_users`).",
        Why = "The query shows the rows of all users. A filter in the model holds for every query; one in a query is forgotten in the next.",
        Fix = "Give the entity a query filter (`HasQueryFilter`), or add `.Where(note => note.UserId == userId)`.",
        CodeFix = "Where one column alone says whose a row is, adds `.Where(…)` where the query begins, with the user that `csharp.user` names or that a variable or member named like the property holds; `Find` becomes `FirstOrDefault` by key and user.",
        Bad = """
            // create table notes (id uuid primary key, user_id uuid not null, title text not null);
            using Microsoft.EntityFrameworkCore;

            public sealed class Note
            {
                public Guid Id { get; set; }
                public Guid UserId { get; set; }
                public string Title { get; set; } = "";
            }

            public sealed class NotesContext(DbContextOptions<NotesContext> options) : DbContext(options)
            {
                public DbSet<Note> Notes => Set<Note>();
            }

            public sealed class Notes(NotesContext context)
            {
                public Task<List<Note>> Search(string text) =>
                    context.Notes.Where(note => note.Title.Contains(text)).ToListAsync();
                //          ^^^^^ PL5006: Note is read without a condition on UserId
            }
            """,
        Good = """
            // create table notes (id uuid primary key, user_id uuid not null, title text not null);
            using Microsoft.EntityFrameworkCore;

            public sealed class Note
            {
                public Guid Id { get; set; }
                public Guid UserId { get; set; }
                public string Title { get; set; } = "";
            }

            public sealed class NotesContext(DbContextOptions<NotesContext> options) : DbContext(options)
            {
                public DbSet<Note> Notes => Set<Note>();
            }

            public sealed class Notes(NotesContext context)
            {
                public Task<List<Note>> Search(Guid userId, string text) =>
                    context.Notes.Where(note => note.UserId == userId && note.Title.Contains(text)).ToListAsync();
            }
            """,
        UsesProver = true,
    };

    public override bool YieldsToRowSecurity => true;

    public override void Check(EntityQueryContext context)
    {
        var read = context.Read;
        if (!read.IsOpen || read.IsBulkWrite || read.Query.FiltersIgnored is not null && read.HasTenantFilter != false)
            return;
        var owner = KnownOwner.Of(context);
        if (owner.IsSaid)
            return;
        var what = !read.IsIncluded && read.End is IInvocationOperation { TargetMethod.Name: "Find" or "FindAsync" } ? "found by its key" : read.IsIncluded ? "included" : "read";
        context.Report(this, read.Location, owner.Said($"{read.Entity.Type.Name} is {what} without a condition on {read.Entity.Owner.Name}: the rows of all users are in reach"), read.Entity.Table!.Id.ToString(), EntityPredicate.Of(context), isCertain: owner.Doubt is null);
    }
}
