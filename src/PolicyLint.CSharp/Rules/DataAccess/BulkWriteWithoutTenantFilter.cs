using Microsoft.CodeAnalysis.Operations;
using PolicyLint.Core.Findings;
using PolicyLint.Core.Rules;
using PolicyLint.CSharp.EntityFramework;
using PolicyLint.CSharp.Fixes;

namespace PolicyLint.CSharp.Rules.DataAccess;

internal sealed class BulkWriteWithoutTenantFilter : EntityQueryRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "PL5008",
        Name = "bulk-write-without-tenant-filter",
        Severity = Severity.Error,
        Title = "ExecuteUpdate or ExecuteDelete on a tenant entity without its tenancy condition",
        What = "Reports `ExecuteUpdate` and `ExecuteDelete` on a tenant entity where neither a query filter nor the predicates imply the tenancy condition. Silent, or information, where the code around it says whose rows are meant, as for PL5006.",
        Why = "One statement changes or removes the rows of all users that match; no change tracker and no interceptor on SaveChanges sees it.",
        Fix = "Add `.Where(note => note.UserId == userId)` before it.",
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

            public sealed class NotesContext(DbContextOptions<NotesContext> options) : DbContext(options)
            {
                public DbSet<Note> Notes => Set<Note>();
            }

            public sealed class Notes(NotesContext context)
            {
                public Task Remove(Guid id) =>
                    context.Notes.Where(note => note.Id == id).ExecuteDeleteAsync();
                //          ^^^^^ PL5008: Note is deleted without a condition on UserId
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
                public Task Remove(Guid id, Guid userId) =>
                    context.Notes.Where(note => note.Id == id && note.UserId == userId).ExecuteDeleteAsync();
            }
            """,
        UsesProver = true,
    };

    public override bool YieldsToRowSecurity => true;

    public override void Check(EntityQueryContext context)
    {
        var read = context.Read;
        if (!read.IsOpen || !read.IsBulkWrite)
            return;
        var owner = KnownOwner.Of(context);
        if (owner.IsSaid)
            return;
        var verb = ((IInvocationOperation)read.End).TargetMethod.Name.StartsWith("ExecuteUpdate", StringComparison.Ordinal) ? "updated" : "deleted";
        context.Report(this, read.Location, owner.Said($"{read.Entity.Type.Name} is {verb} without a condition on {read.Entity.Owner.Name}: the rows of all users are in reach"), read.Entity.Table!.Id.ToString(), EntityPredicate.Of(context), isCertain: owner.Doubt is null);
    }
}
