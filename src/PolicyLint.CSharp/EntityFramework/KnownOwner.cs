using Microsoft.CodeAnalysis.Operations;
using PolicyLint.CSharp.Binding;

namespace PolicyLint.CSharp.EntityFramework;

/// <summary>Whether the code around a query says whose rows it reads where its tenancy condition does not.</summary>
internal static class KnownOwner
{
    // What a column is named that says which person a row belongs to, beside the tenant that was inferred.
    private static readonly string[] Persons = ["User", "Owner", "Requester", "Author", "Creator", "CreatedBy"];

    /// <summary>The query itself, or what is done with its row, says it.</summary>
    public static bool IsSaid(EntityRead read, ProjectAnalysis project, CancellationToken cancellation) =>
        IsAskedFor(read)
        || LoadedRow.IsReadAgain(read, project.Code, cancellation)
        || IsOfOnePerson(read)
        || project.Entities is { } entities && (LoadedRow.IsComparedAfterwards(read, entities) || LoadedRow.IsPartOfOne(read, entities, project.Code, cancellation));

    /// <summary>Another path adds the condition, with a value that an expression chooses: who may go without it is decided there.</summary>
    public static bool IsChosen(IReadOnlyList<EntityRead> paths) => paths.Any(path => path.Equalities().Any(equality =>
        path.Entity.IsKey(equality.Property) && equality.Value is ILocalReferenceOperation local && ParameterBindings.SingleValueOf(local) is IConditionalOperation or ISwitchExpressionOperation));

    /// <summary>It is looked up by a value that only one row of all tenants has.</summary>
    public static bool IsFoundByUniqueValue(EntityRead read) => read.Equalities().Any(equality => read.Entity.IsUniqueOfAll(equality.Property));

    // `Select(row => row.TenantId)`: nothing but whose the row is.
    private static bool IsAskedFor(EntityRead read)
    {
        for (var call = read.End as IInvocationOperation; call is { Arguments.Length: > 0 }; call = call.Arguments[0].Value.WithoutConversions() as IInvocationOperation)
        {
            if (call is { TargetMethod.Name: "Select", Arguments: [_, { Value: var selector }] })
                return EntityQueries.LambdaOf(selector)?.Body.Operations is [IReturnOperation { ReturnedValue: { } value }] && value.WithoutConversions() is IPropertyReferenceOperation key && read.Entity.IsKey(key.Property.Name);
        }
        return false;
    }

    // A project that names its tenancy means it.
    private static bool IsOfOnePerson(EntityRead read) => read.Entity.Keys.All(key => key.IsInferred) && read.Equalities().Any(equality =>
        !equality.Value.ConstantValue.HasValue && !read.Entity.IsPrimaryKey(equality.Property) && IsPerson(equality.Property));

    private static bool IsPerson(string property)
    {
        var name = property.EndsWith("Id", StringComparison.Ordinal) ? property.Substring(0, property.Length - 2) : property;
        return Persons.Any(person => name.EndsWith(person, StringComparison.Ordinal));
    }
}
