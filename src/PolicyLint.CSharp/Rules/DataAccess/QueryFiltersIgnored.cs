using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using PolicyLint.Core.Findings;
using PolicyLint.Core.Rules;
using PolicyLint.CSharp.Binding;
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
        What = "Reports `IgnoreQueryFilters()` on a tenant entity that has a tenant filter, where the query's own predicates do not imply the tenancy condition. With EF Core 10 only calls that name the tenant's filter, or none, are meant. Information where the filters stand in code that can't be read. Silent, or information, where the code around the query says whose rows it reads, as for PL5006. A query in a variable is reported once, whatever ends it.",
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
        var owner = KnownOwner.Of(context);
        if (owner.IsSaid || IsReportedBefore(context))
            return;
        var what = read.HasTenantFilter is null ? $"all filters are ignored, and nothing else in the query compares {read.Entity.Owner.Name}" : $"the filter on {read.Entity.Owner.Name} is ignored";
        context.Report(this, name.GetLocation(), owner.Said($"{what}: the rows of {read.Entity.Type.Name} of all users are in reach"), read.Entity.Table!.Id.ToString(), EntityPredicate.Of(context), isCertain: read.HasTenantFilter is not null && owner.Doubt is null);
    }

    // A query in a variable ends in several places.
    private static bool IsReportedBefore(EntityQueryContext context)
    {
        var (end, ignored) = (context.Read.End, context.Read.Query.FiltersIgnored!.Syntax);
        return !end.Syntax.Span.Contains(ignored.Span) && ParameterBindings.RootOf(end).Descendants().Any(operation => operation.Syntax.SpanStart < end.Syntax.SpanStart
            && context.Project.SiteOf(operation, context.Cancellation).Reads.Any(read => read.Query.FiltersIgnored?.Syntax == ignored && read.IsOpen && read.Query.Predicates.Select(predicate => predicate.Syntax).SequenceEqual(context.Read.Query.Predicates.Select(predicate => predicate.Syntax))));
    }
}
