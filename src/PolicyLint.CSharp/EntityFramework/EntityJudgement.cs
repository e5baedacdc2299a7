using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PolicyLint.Core.Access;
using PolicyLint.Core.Logic;

namespace PolicyLint.CSharp.EntityFramework;

/// <summary>Decides by the prover whether lambdas over an entity imply its tenancy condition.</summary>
/// <param name="Verdict">The answer; Unknown where a lambda narrows in a way that can't be read.</param>
/// <param name="Key">The key that it is about.</param>
/// <param name="Values">What the parameters of the condition stand for, by index.</param>
/// <param name="Occurrence">The table as the condition's statement reads it.</param>
/// <param name="Source">That statement.</param>
internal sealed record EntityJudgement(Verdict Verdict, TenantKey Key, IReadOnlyList<IOperation> Values, TenantOccurrence Occurrence, Sql.Tree.Statement Source)
{
    /// <summary>The answer; null where the entity has no table to judge.</summary>
    public static EntityJudgement? Of(EntityType entity, IReadOnlyList<IAnonymousFunctionOperation> predicates, JudgedDatabase database, CancellationToken cancellation)
    {
        var statement = new QuerySql(database, [entity]);
        statement.From(predicates);
        return statement.Judge(cancellation)[0];
    }

    /// <summary>The answers of a query for each of its tables; null where that is no tenant table to judge.</summary>
    public static IReadOnlyList<EntityJudgement?> Of(EntityQuery query, JudgedDatabase database, CancellationToken cancellation)
    {
        var statement = new QuerySql(database, [.. query.Tables().Select(table => table.Entity)]);
        statement.From(query);
        return statement.Judge(cancellation);
    }

    internal static string Quote(string name) => "\"" + name.Replace("\"", "\"\"") + "\"";
}
