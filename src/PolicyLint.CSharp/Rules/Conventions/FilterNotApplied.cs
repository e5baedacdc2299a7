using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using PolicyLint.Core.Findings;
using PolicyLint.Core.Rules;
using PolicyLint.CSharp.EntityFramework;

namespace PolicyLint.CSharp.Rules.Conventions;

internal sealed class FilterNotApplied : OperationRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "PL6002",
        Name = "filter-not-applied",
        Severity = Severity.Warning,
        Title = "Query of a scoped repository that goes past the base's filter",
        What = "Reports a query on a tenant table in a class that derives from `csharp.repository-base`, where the base offers the way to query and this one does not take it: a query of EF Core that begins at the DbSet beside a member of the base that gives an `IQueryable`, or SQL run directly beside a method of the base that runs SQL. Information where the base is not configured but seen (PL6001), and off where there is none or it offers no such member.",
        Why = "The base's filter is written once and looked at once; a query beside it has the condition of its own or none.",
        Fix = "Begin the query with the base's member.",
        Bad = """
            // create table notes (id uuid primary key, user_id uuid not null, title text not null);
            using Microsoft.EntityFrameworkCore;

            namespace App;

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

            public abstract class UserScoped(NotesContext context, Guid userId)
            {
                protected NotesContext Context => context;

                protected IQueryable<Note> Mine => context.Notes.Where(note => note.UserId == userId);
            }

            public sealed class NoteRepository(NotesContext context, Guid userId) : UserScoped(context, userId)
            {
                public List<Note> Titled(string title) => Context.Notes.Where(note => note.Title == title).ToList();
                //                                                ^^^^^ PL6002: Note is queried past UserScoped.Mine
            }
            """,
        Good = """
            // create table notes (id uuid primary key, user_id uuid not null, title text not null);
            using Microsoft.EntityFrameworkCore;

            namespace App;

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

            public abstract class UserScoped(NotesContext context, Guid userId)
            {
                protected IQueryable<Note> Mine => context.Notes.Where(note => note.UserId == userId);
            }

            public sealed class NoteRepository(NotesContext context, Guid userId) : UserScoped(context, userId)
            {
                public List<Note> Titled(string title) => Mine.Where(note => note.Title == title).ToList();
            }
            """,
        ExampleConfiguration = "csharp:\n  repository-base: App.UserScoped\n",
    };

    internal override bool IsOfSites => true;

    public override void Check(OperationRuleContext context)
    {
        var project = context.Project;
        if (project.ScopedBase is not { Type: var required } scoped)
            return;
        var site = project.SiteOf(context.Operation, context.Cancellation);
        foreach (var read in site.Reads)
        {
            if (scoped.Holds(project, read.Query.Root, context.Cancellation) && QueryOf(required, read.Entity) is { } member)
                context.Report(this, read.Location, $"{read.Entity.Type.Name} is queried past {required.Name}.{member.Name}", read.Entity.Table!.Id.ToString(), isCertain: scoped.IsConfigured);
        }
        if (site.Call is not { } call || project.TableAt(context.Operation, context.Cancellation) is not { } table || !scoped.Holds(project, call.Operation, context.Cancellation))
            return;
        if (RunnerOf(project, required, context.Cancellation) is { } runner)
        {
            var place = call.Operation.Syntax is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name: var name } } ? name : call.Operation.Syntax;
            context.Report(this, place.GetLocation(), $"{table.Id.Name} is queried past {required.Name}.{runner.Name}", table.Id.ToString(), isCertain: scoped.IsConfigured);
        }
    }

    // A member that gives a query of the entity, or of any.
    private static ISymbol? QueryOf(INamedTypeSymbol required, EntityType entity)
    {
        foreach (var member in required.GetMembers())
        {
            var type = member switch
            {
                IPropertySymbol property => property.Type,
                IMethodSymbol { MethodKind: MethodKind.Ordinary } method => method.ReturnType,
                _ => null,
            };
            if (member.DeclaredAccessibility != Accessibility.Private && type is INamedTypeSymbol { Name: "IQueryable", TypeArguments: [var row] } && (row is ITypeParameterSymbol || entity.MapsTo(row)))
                return member;
        }
        return null;
    }

    // A method that takes SQL and runs it.
    private static IMethodSymbol? RunnerOf(ProjectAnalysis project, INamedTypeSymbol required, CancellationToken cancellation)
    {
        foreach (var method in required.GetMembers().OfType<IMethodSymbol>())
        {
            if (method.MethodKind != MethodKind.Ordinary || method.DeclaredAccessibility == Accessibility.Private || !method.Parameters.Any(parameter => parameter.Type.SpecialType == SpecialType.System_String) || project.Code.BodyOf(method, cancellation) is not { } body)
                continue;
            foreach (var operation in body.Descendants())
            {
                if (project.Sinks.Find(operation) is { } sink && sink.Sql.DescendantsAndSelf().Any(part => part is IParameterReferenceOperation { Parameter: var given } && SymbolEqualityComparer.Default.Equals(given.ContainingSymbol, method)))
                    return method;
            }
        }
        return null;
    }
}
