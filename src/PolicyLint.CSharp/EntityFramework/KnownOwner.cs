using Microsoft.CodeAnalysis.Operations;
using PolicyLint.CSharp.Binding;
using PolicyLint.CSharp.Rules;

namespace PolicyLint.CSharp.EntityFramework;

/// <summary>What the code around a query says of whose rows it reads, where its tenancy condition does not.</summary>
/// <param name="IsSaid">It says it: no condition is missing.</param>
/// <param name="Doubt">What would make the query right as it stands, where something speaks for it; null otherwise.</param>
internal readonly record struct KnownOwner(bool IsSaid, string? Doubt)
{
    // What a column is named that says which person a row belongs to, beside the tenant that was inferred.
    private static readonly string[] Persons = ["User", "Owner", "Requester", "Author", "Creator", "CreatedBy"];

    /// <summary>What is said of one path; the others may tell who goes without the condition.</summary>
    public static KnownOwner Of(EntityQueryContext context)
    {
        var (read, project, cancellation) = (context.Read, context.Project, context.Cancellation);
        if (IsChosen(context) || LoadedRow.IsAskedFor(read) || IsOfOnePersonOrGroup(read, project.Database) || UniqueValue.IsLookedUp(read) || LoadedRow.IsOnlyJoined(read) || Maintenance.IsDoneBy(read, project.Code, cancellation)
            || new OwnedAlternatives(read, project, cancellation).NameTheOwner())
            return new(true, null);
        var rows = new RowsInHand(read, project, cancellation);
        var areInHand = rows.NameTheRows();
        if (areInHand == true || project.Entities is { } entities && LoadedRow.IsComparedAfterwards(read, entities, project.Code, cancellation))
            return new(true, null);
        return new(false, areInHand is null ? "unless what it is looked up by is the caller's own" : UniqueValue.DoubtOf(read) ?? Maintenance.DoubtOf(read, project.Code, cancellation));
    }

    /// <summary>A message, with the doubt.</summary>
    public string Said(string message) => Doubt is null ? message : message + ", " + Doubt;

    // Another path adds the condition, with a value that an expression chooses: who may go without it is decided there.
    private static bool IsChosen(EntityQueryContext context) => context.Paths.Where(path => ReferenceEquals(path.Entity, context.Read.Entity)).Any(path => path.Equalities().Any(equality =>
        path.Entity.IsKey(equality.Property) && equality.Value is ILocalReferenceOperation local && ParameterBindings.SingleValueOf(local) is IConditionalOperation or ISwitchExpressionOperation));

    // A project that names its tenancy means it.
    private static bool IsOfOnePersonOrGroup(EntityRead read, JudgedDatabase database) => read.Entity.Keys.All(key => key.IsInferred) && read.Equalities().Any(equality =>
        !equality.Value.ConstantValue.HasValue && !read.Entity.IsPrimaryKey(equality.Property)
        && (IsPerson(equality.Property) || read.Entity.ColumnOf(equality.Property) is { } column && database.Groups.IsReferredToBy(read.Entity.Table!, column)));

    private static bool IsPerson(string property)
    {
        var name = property.EndsWith("Id", StringComparison.Ordinal) ? property.Substring(0, property.Length - 2) : property;
        return Persons.Any(person => name.EndsWith(person, StringComparison.Ordinal));
    }
}
