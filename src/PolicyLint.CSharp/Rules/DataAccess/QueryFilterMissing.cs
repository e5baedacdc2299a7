using Microsoft.CodeAnalysis;
using PolicyLint.CSharp.Fixes;
using PolicyLint.Core.Findings;
using PolicyLint.Core.Rules;

namespace PolicyLint.CSharp.Rules.DataAccess;

internal sealed class QueryFilterMissing : ProjectRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "PL5013",
        Name = "query-filter-missing",
        Severity = Severity.Warning,
        Title = "Tenant entity without the query filter that others have",
        What = "Reports an entity that is mapped to a tenant table and has no query filter on its tenancy property, in a project where other tenant entities have one. Silent where filters are set in ways that can't be read (by a library, on types that only the running program knows).",
        Why = "Who writes the next query believes that the model filters, as it does everywhere else.",
        Fix = "Add `HasQueryFilter` for the entity.",
        CodeFix = "Adds the filter beside that of another entity of the context, with the same value. Offered where OnModelCreating itself sets that one on a property of the same name.",
        Bad = """
            // create table notes (id uuid primary key, user_id uuid not null);
            // create table tags (id uuid primary key, user_id uuid not null);
            using Microsoft.EntityFrameworkCore;

            public sealed class Note
            {
                public Guid Id { get; set; }
                public Guid UserId { get; set; }
            }

            public sealed class Tag
            {
                public Guid Id { get; set; }
                public Guid UserId { get; set; }
            }


            public sealed class NotesContext(DbContextOptions<NotesContext> options, Guid userId) : DbContext(options)
            {
                public DbSet<Note> Notes => Set<Note>();
                public DbSet<Tag> Tags => Set<Tag>();
                //                ^^^^ PL5013: Tag has no query filter on UserId

                protected override void OnModelCreating(ModelBuilder modelBuilder) =>
                    modelBuilder.Entity<Note>().HasQueryFilter(note => note.UserId == userId);
            }
            """,
        Good = """
            // create table notes (id uuid primary key, user_id uuid not null);
            // create table tags (id uuid primary key, user_id uuid not null);
            using Microsoft.EntityFrameworkCore;

            public sealed class Note
            {
                public Guid Id { get; set; }
                public Guid UserId { get; set; }
            }

            public sealed class Tag
            {
                public Guid Id { get; set; }
                public Guid UserId { get; set; }
            }


            public sealed class NotesContext(DbContextOptions<NotesContext> options, Guid userId) : DbContext(options)
            {
                public DbSet<Note> Notes => Set<Note>();
                public DbSet<Tag> Tags => Set<Tag>();

                protected override void OnModelCreating(ModelBuilder modelBuilder)
                {
                    modelBuilder.Entity<Note>().HasQueryFilter(note => note.UserId == userId);
                    modelBuilder.Entity<Tag>().HasQueryFilter(tag => tag.UserId == userId);
                }
            }
            """,
        UsesProver = true,
    };

    public override void Check(ProjectRuleContext context)
    {
        if (context.Project.Entities is not { } model)
            return;
        var example = model.Entities.FirstOrDefault(entity => entity.IsTenant && entity.Filters.Any(filter => filter.IsTenant == true));
        if (example is null)
            return;
        foreach (var entity in model.Entities)
        {
            if (!entity.IsTenant || entity.MayHaveOtherFilters || entity.IsDerived || entity.Filters.Any(filter => filter.IsTenant != false))
                continue;
            var place = entity.Set ?? (ISymbol)entity.Type;
            if (place.Locations.FirstOrDefault(location => location.IsInSource) is { } location)
                context.Report(this, location, $"{entity.Type.Name} has no query filter on {entity.Owner.Name}; {example.Type.Name} has one", entity.Table!.Id.ToString(), MissingFilter.Of(context.Project, model, entity, context.Cancellation));
        }
    }
}
