using Microsoft.CodeAnalysis.CSharp.Syntax;
using PolicyLint.CSharp.EntityFramework;
using PolicyLint.CSharp.Fixes;
using PolicyLint.Core.Findings;
using PolicyLint.Core.Rules;

namespace PolicyLint.CSharp.Rules.DataAccess;

internal sealed class QueryFilterOverwritten : ProjectRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "PL5014",
        Name = "query-filter-overwritten",
        Severity = Severity.Error,
        Title = "Second HasQueryFilter that replaces the tenant's",
        What = "Reports an unnamed `HasQueryFilter` of an entity that comes after the one with the tenancy condition in the same method and does not repeat it.",
        Why = "An entity has one unnamed query filter: the last one set. The tenant's is gone without a word.",
        Fix = "Write both conditions in one filter, or name both filters (EF Core 10, which refuses an unnamed one beside a named one).",
        CodeFix = "Joins the conditions with `&&` in the second filter and takes the first away. Offered where both are lambdas in the same block or chain, and no third one follows.",
        Bad = """
            // create table notes (id uuid primary key, user_id uuid not null, is_deleted boolean not null);
            using Microsoft.EntityFrameworkCore;

            public sealed class Note
            {
                public Guid Id { get; set; }
                public Guid UserId { get; set; }
                public bool IsDeleted { get; set; }
            }

            public sealed class NotesContext(DbContextOptions<NotesContext> options, Guid userId) : DbContext(options)
            {
                public DbSet<Note> Notes => Set<Note>();

                protected override void OnModelCreating(ModelBuilder modelBuilder)
                {
                    modelBuilder.Entity<Note>().HasQueryFilter(note => note.UserId == userId);
                    modelBuilder.Entity<Note>().HasQueryFilter(note => !note.IsDeleted);
                    //                          ^^^^^^^^^^^^^^ PL5014: this filter replaces the one on UserId
                }
            }
            """,
        Good = """
            // create table notes (id uuid primary key, user_id uuid not null, is_deleted boolean not null);
            using Microsoft.EntityFrameworkCore;

            public sealed class Note
            {
                public Guid Id { get; set; }
                public Guid UserId { get; set; }
                public bool IsDeleted { get; set; }
            }

            public sealed class NotesContext(DbContextOptions<NotesContext> options, Guid userId) : DbContext(options)
            {
                public DbSet<Note> Notes => Set<Note>();

                protected override void OnModelCreating(ModelBuilder modelBuilder) =>
                    modelBuilder.Entity<Note>().HasQueryFilter(note => note.UserId == userId && !note.IsDeleted);
            }
            """,
        UsesProver = true,
    };

    public override void Check(ProjectRuleContext context)
    {
        foreach (var entity in context.Project.Entities?.Entities ?? [])
        {
            var unnamed = entity.Filters.Where(filter => filter.Name is null).ToList();
            for (var i = 1; i < unnamed.Count; i++)
            {
                var (before, after) = (unnamed[i - 1], unnamed[i]);
                if (before.IsTenant != true || after.IsTenant != false || !ReferenceEquals(BodyOf(before), BodyOf(after)))
                    continue;
                var fix = i == unnamed.Count - 1 ? JoinedFilters.Of(context.Project, before, after, context.Cancellation) : null;
                if (after.Syntax.Expression is MemberAccessExpressionSyntax { Name: var name })
                    context.Report(this, name.GetLocation(), $"this filter replaces the one on {entity.Owner.Name}: {entity.Type.Name} shows the rows of all users", entity.Table!.Id.ToString(), fix);
            }
        }
    }

    private static MemberDeclarationSyntax? BodyOf(QueryFilter filter) => filter.Syntax.FirstAncestorOrSelf<MemberDeclarationSyntax>();
}
