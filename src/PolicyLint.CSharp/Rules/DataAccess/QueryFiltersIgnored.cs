using Microsoft.CodeAnalysis.CSharp.Syntax;
using PolicyLint.Core.Findings;
using PolicyLint.Core.Rules;
using PolicyLint.CSharp.EntityFramework;
using PolicyLint.CSharp.Fixes;

namespace PolicyLint.CSharp.Rules.DataAccess;

internal sealed class QueryFiltersIgnored : EntityQueryRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "PL5007",
        Name = "query-filters-ignored",
        Severity = Severity.Warning,
        Title = "Query that ignores the tenant's query filter",
        What = "Reports `IgnoreQueryFilters()` on a tenant entity that has a tenant filter, where the query's own predicates do not imply the tenancy condition. With EF Core 10 only calls that name the tenant's filter, or none, are meant. Information where the filters stand in code that can't be read. Silent where the row is found by a value that is unique over all tenants (a token, a domain), the primary key aside, and where the code around the query says whose rows it reads, as for PL5006.",
        Why = "Written to see deleted rows, it opens those of all users too.",
        Fix = "Name the filters and ignore only the one that is meant (EF Core 10), or repeat the tenancy condition in the query.",
        CodeFix = "Adds `.Where(…)` where the query begins, as for PL5006.",
        Bad = """
            // create table notes (id uuid primary key, user_id uuid not null, title text not null);
            using Microsoft.EntityFrameworkCore;

            public sealed class Note
            {
                public Guid Id { get; set; }
                public Guid UserId { get; set; }
                public string Title { get; set; } = "";
            }

            public sealed class NotesContext(DbContextOptions<NotesContext> options, Guid userId) : DbContext(options)
            {
                public DbSet<Note> Notes => Set<Note>();

                protected override void OnModelCreating(ModelBuilder modelBuilder) =>
                    modelBuilder.Entity<Note>().HasQueryFilter(note => note.UserId == userId);
            }

            public sealed class Notes(NotesContext context)
            {
                public Task<Note?> Find(Guid id) =>
                    context.Notes.IgnoreQueryFilters().FirstOrDefaultAsync(note => note.Id == id);
                //                ^^^^^^^^^^^^^^^^^^ PL5007: the filter on UserId is ignored
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

            public sealed class NotesContext(DbContextOptions<NotesContext> options, Guid userId) : DbContext(options)
            {
                public DbSet<Note> Notes => Set<Note>();

                protected override void OnModelCreating(ModelBuilder modelBuilder) =>
                    modelBuilder.Entity<Note>().HasQueryFilter(note => note.UserId == userId);
            }

            public sealed class Notes(NotesContext context)
            {
                public Task<Note?> Find(Guid id, Guid userId) =>
                    context.Notes.IgnoreQueryFilters().FirstOrDefaultAsync(note => note.Id == id && note.UserId == userId);
            }
            """,
        UsesProver = true,
    };

    public override void Check(EntityQueryContext context)
    {
        var read = context.Read;
        if (read.Query.FiltersIgnored is not { Syntax: InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name: var name } } } || !read.IsOpen || read.HasTenantFilter == false)
            return;
        if (KnownOwner.IsFoundByUniqueValue(read) || KnownOwner.IsChosen(context.Paths) || KnownOwner.IsSaid(read, context.Project, context.Cancellation))
            return;
        var what = read.HasTenantFilter is null ? $"all filters are ignored, and nothing else compares {read.Entity.KeyName}" : $"the filter on {read.Entity.KeyName} is ignored";
        context.Report(this, name.GetLocation(), $"{what}: the rows of {read.Entity.Type.Name} of all users are in reach", read.Entity.Table!.Id.ToString(), EntityPredicate.Of(context), isCertain: read.HasTenantFilter is not null);
    }
}
