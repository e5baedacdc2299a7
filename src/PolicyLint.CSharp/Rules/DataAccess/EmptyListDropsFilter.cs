using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PolicyLint.Core.Findings;
using PolicyLint.Core.Rules;
using PolicyLint.CSharp.Fixes;

namespace PolicyLint.CSharp.Rules.DataAccess;

internal sealed class EmptyListDropsFilter : OperationRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "PL5019",
        Name = "empty-list-drops-filter",
        Severity = Severity.Warning,
        Title = "Tenant predicate that an empty list drops",
        What = "Reports an `if` without `else` that adds the predicate on the tenancy column of an EF Core query only when a list has elements. Predicates on other columns are filters of a search and left alone.",
        Why = "A user of no tenant has an empty list: the predicate is left out and the query shows all tenants.",
        Fix = "Add the predicate always: `Contains` on an empty list matches nothing, which is what is meant.",
        CodeFix = "Takes the `if` away where it asks for the list's elements alone and does nothing but `query = query.Where(…)`.",
        Bad = """
            // create table notes (id uuid primary key, tenant_id uuid not null);
            using Microsoft.EntityFrameworkCore;

            public sealed class Note
            {
                public Guid Id { get; set; }
                public Guid TenantId { get; set; }
            }

            public sealed class NotesContext(DbContextOptions<NotesContext> options) : DbContext(options)
            {
                public DbSet<Note> Notes => Set<Note>();
            }


            public sealed class Notes(NotesContext context)
            {
                public List<Note> Of(List<Guid> tenants)
                {
                    IQueryable<Note> query = context.Notes;
                    if (tenants.Count > 0)
                    //  ^^^^^^^^^^^^^^^^^ PL5019: without elements in tenants the rows of all tenants are in reach
                        query = query.Where(note => tenants.Contains(note.TenantId));
                    return query.ToList();
                }
            }
            """,
        Good = """
            // create table notes (id uuid primary key, tenant_id uuid not null);
            using Microsoft.EntityFrameworkCore;

            public sealed class Note
            {
                public Guid Id { get; set; }
                public Guid TenantId { get; set; }
            }

            public sealed class NotesContext(DbContextOptions<NotesContext> options) : DbContext(options)
            {
                public DbSet<Note> Notes => Set<Note>();
            }


            public sealed class Notes(NotesContext context)
            {
                public List<Note> Of(List<Guid> tenants) => context.Notes.Where(note => tenants.Contains(note.TenantId)).ToList();
            }
            """,
    };

    public override void Check(OperationRuleContext context)
    {
        if (context.Operation is not IConditionalOperation { Type: null, WhenFalse: null } conditional || ListOf(conditional.Condition) is not { } list)
            return;
        foreach (var operation in conditional.WhenTrue.DescendantsAndSelf())
        {
            if (operation is not IInvocationOperation { TargetMethod: { Name: "Contains" } } contains || context.Project.Entities is not { } model || !Mentions(contains, list))
                continue;
            foreach (var part in contains.Descendants())
            {
                if (part is not IPropertyReferenceOperation { Instance: IParameterReferenceOperation { Type: INamedTypeSymbol type } } property || model.Find(type) is not { IsTenant: true } entity || !entity.IsKey(property.Property.Name))
                    continue;
                context.Report(this, conditional.Condition.Syntax.GetLocation(), $"without elements in {list.Name} the rows of all tenants are in reach", entity.Table!.Id.ToString(), FilterAlways.Of(conditional));
                return;
            }
        }
    }

    // list.Any(), list.Count > 0, list.Length != 0, list is { Count: > 0 }
    private static ISymbol? ListOf(IOperation condition) => condition switch
    {
        IInvocationOperation { TargetMethod.Name: "Any", Arguments: [var source] } => SymbolOf(source.Value),
        IBinaryOperation { OperatorKind: BinaryOperatorKind.GreaterThan or BinaryOperatorKind.NotEquals, RightOperand.ConstantValue: { HasValue: true, Value: 0 }, LeftOperand: IPropertyReferenceOperation { Property.Name: "Count" or "Length", Instance: { } instance } } => SymbolOf(instance),
        IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalAnd } both => ListOf(both.RightOperand),
        _ => null,
    };

    private static ISymbol? SymbolOf(IOperation operation) => operation switch
    {
        IConversionOperation conversion => SymbolOf(conversion.Operand),
        ILocalReferenceOperation local => local.Local,
        IParameterReferenceOperation parameter => parameter.Parameter,
        IMemberReferenceOperation member => member.Member,
        _ => null,
    };

    private static bool Mentions(IOperation operation, ISymbol symbol) => operation.Descendants().Any(part => SymbolEqualityComparer.Default.Equals(SymbolOf(part), symbol));
}
