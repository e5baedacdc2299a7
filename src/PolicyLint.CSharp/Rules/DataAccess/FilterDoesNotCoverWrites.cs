using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using PolicyLint.Core.Findings;
using PolicyLint.Core.Logic;
using PolicyLint.Core.Rules;
using PolicyLint.CSharp.Binding;
using PolicyLint.CSharp.EntityFramework;
using PolicyLint.CSharp.Fixes;

namespace PolicyLint.CSharp.Rules.DataAccess;

internal sealed class FilterDoesNotCoverWrites : OperationRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "PL5015",
        Name = "filter-does-not-cover-writes",
        Severity = Severity.Information,
        Title = "Tenant entity that is written by its key alone",
        What = "Reports `Update`, `Attach` and `Remove` (also `…Range`) of a tenant entity that no query loaded: one made with its key (`new Note { Id = id }`), or a parameter that the request fills. Silent where the method reads the same entity under its tenancy condition first, where the project overrides `SaveChanges` or intercepts it, and where row-level security isolates the table. What a query loads without the condition is PL5006's to say.",
        Why = "`SaveChanges` writes `WHERE id = …`: query filters are for reading. Whoever knows an id changes or removes the row.",
        Fix = "Load the entity by a query that the filter narrows and change that one, or write with `Where(…).ExecuteUpdate` and the tenancy condition.",
        CodeFix = "Where `Remove` or `Attach` is given an object that has its key and no more, puts a query in its place that loads the row by this key: `Single`, awaited where the method is async. A tenant filter of the model narrows it; without one, the user does that `csharp.user` names or that a variable or member named like the property holds.",
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
                public void Remove(Guid id)
                {
                    context.Notes.Remove(new Note { Id = id });
                    //            ^^^^^^ PL5015: Note is written by its key alone
                    context.SaveChanges();
                }
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
                public void Remove(Guid id)
                {
                    context.Notes.Remove(context.Notes.Single(note => note.Id == id));
                    context.SaveChanges();
                }
            }
            """,
    };

    public override void Check(OperationRuleContext context)
    {
        if (context.Operation is not IInvocationOperation { TargetMethod: { Name: "Update" or "UpdateRange" or "Attach" or "AttachRange" or "Remove" or "RemoveRange", IsExtensionMethod: false } method } call || !IsOfEntityFramework(method.ContainingType))
            return;
        if (context.Project.Entities is not { } model || model.ChecksWrites)
            return;
        foreach (var written in Written(call))
        {
            if (written.Type is not INamedTypeSymbol type || model.Find(type) is not { IsTenant: true } entity || !IsUnloaded(written, entity) || context.Project.IsGuardedByRowSecurity(entity.Table!, context.Cancellation) || IsReadBefore(context, call, entity))
                continue;
            var place = call.Syntax is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name: var name } } ? name : call.Syntax;
            context.Report(this, place.GetLocation(), $"{type.Name} is written by its key alone: no filter holds for what SaveChanges writes, and the row may be anyone's", entity.Table!.Id.ToString(), LoadedEntity.Of(context.Project, call, written, entity, context.Cancellation));
            return;
        }
    }

    private static bool IsOfEntityFramework(INamedTypeSymbol type) => type is { Name: "DbSet", ContainingNamespace.Name: "EntityFrameworkCore" } || EntityModel.IsContext(type);

    private static IEnumerable<IOperation> Written(IInvocationOperation call)
    {
        foreach (var argument in call.Arguments)
        {
            var value = argument.Value.WithoutConversions();
            if (value is IArrayCreationOperation { Initializer: { } items })
            {
                foreach (var item in items.ElementValues)
                    yield return item.WithoutConversions();
            }
            else
            {
                yield return value;
            }
        }
    }

    private static bool IsUnloaded(IOperation value, EntityType entity)
    {
        if (value is ILocalReferenceOperation local)
            return ParameterBindings.SingleValueOf(local) is IObjectCreationOperation made && HasKey(made, entity);
        if (value is IObjectCreationOperation creation)
            return HasKey(creation, entity);
        return value is IParameterReferenceOperation { Parameter: { ContainingSymbol: IMethodSymbol method } parameter } reference && Endpoints.IsAction(method) && !Endpoints.IsChecked(parameter, reference);
    }

    // Without its key it is a new row.
    private static bool HasKey(IObjectCreationOperation creation, EntityType entity) =>
        creation.Initializer?.Initializers.Any(initializer => initializer is ISimpleAssignmentOperation { Target: IPropertyReferenceOperation property } && entity.IsPrimaryKey(property.Property.Name)) == true;

    private static bool IsReadBefore(OperationRuleContext context, IInvocationOperation call, EntityType entity)
    {
        foreach (var operation in ParameterBindings.RootOf(call).Descendants())
        {
            if (operation.Syntax.SpanStart >= call.Syntax.SpanStart)
                continue;
            foreach (var read in context.Project.SiteOf(operation, context.Cancellation).Reads)
            {
                if (ReferenceEquals(read.Entity, entity) && (read.IsFilteredByModel != false || read.Judgement?.Verdict is not Verdict.Refuted))
                    return true;
            }
        }
        return false;
    }
}
