using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PolicyLint.Core.Analysis;
using PolicyLint.Core.Catalog.Replay;
using PolicyLint.CSharp.Flow;
using PolicyLint.CSharp.Text;
using SqlSource = PolicyLint.Sql.Text.SourceText;

namespace PolicyLint.CSharp.Migrations;

/// <summary>A migration that is written in C#, as SQL.</summary>
/// <param name="Source">The SQL, under the path of the C# file.</param>
/// <param name="Text">The same text with its places in C#.</param>
public sealed record CodeMigration(SqlSource Source, SqlText Text)
{
    /// <summary>Where a part of the SQL stands in C#.</summary>
    public Location Locate(int start, int end) => Text.Locate(start, end);
}

/// <summary>Finds the migrations of EF Core in a compilation and writes what their Up methods do as SQL, in the order in which they run.</summary>
public static class CodeMigrations
{
    // What only other databases have: such a migration is none of PostgreSQL's, nor are its neighbours.
    private static readonly string[] ForeignMarks = ["MySql:", "SqlServer:", "Sqlite:", "nvarchar", "uniqueidentifier", "datetime2", "longtext", "char(36)", "datetime(6)", "tinyint"];

    /// <summary>In order of their ids.</summary>
    public static IReadOnlyList<CodeMigration> Read(Compilation compilation, CancellationToken cancellation)
    {
        if (compilation.GetTypeByMetadataName("Microsoft.EntityFrameworkCore.Migrations.Migration") is not { } migration)
            return [];
        var code = new CodeBase(compilation);
        var found = new List<(string Id, string Space, IOperation Body)>();
        foreach (var type in code.SourceTypes(cancellation))
        {
            if (!SymbolEqualityComparer.Default.Equals(type.BaseType, migration) || type.GetMembers("Up").FirstOrDefault() is not IMethodSymbol up || code.BodyOf(up, cancellation) is not { } body)
                continue;
            found.Add((IdOf(type, body), type.ContainingNamespace.ToDisplayString(), body));
        }
        var foreign = new HashSet<string>(found.Where(entry => IsForeign(entry.Body)).Select(entry => entry.Space), StringComparer.Ordinal);
        var migrations = new List<CodeMigration>();
        foreach (var (_, space, body) in found.OrderBy(entry => entry.Id, StringComparer.Ordinal))
        {
            if (foreign.Contains(space))
                continue;
            var text = SqlText.FromUse("", body.Syntax);
            foreach (var operation in Operations(body))
            {
                foreach (var statement in Statements(operation, code, cancellation))
                    text = SqlText.Concat(text, SqlText.Concat(statement, SqlText.FromUse(";\n", operation.Syntax)));
            }
            migrations.Add(new(new SqlSource(text.Text, body.Syntax.SyntaxTree.FilePath), text));
        }
        return migrations;
    }

    /// <summary>The files of a database with these migrations. They own the tables; scripts beside them come after.</summary>
    public static IReadOnlyList<InputFile> Before(IReadOnlyList<CodeMigration> migrations, IReadOnlyList<InputFile> files) =>
        [.. migrations.Select(migration => new InputFile(migration.Source, ScriptRole.Migration, IsOneTransaction: true)), .. files];

    private static IEnumerable<IInvocationOperation> Operations(IOperation body) => body.Descendants().OfType<IInvocationOperation>()
        .Where(call => call.Instance?.Type is { Name: "MigrationBuilder" }).OrderBy(call => call.Syntax.SpanStart);

    private static IEnumerable<SqlText> Statements(IInvocationOperation operation, CodeBase code, CancellationToken cancellation)
    {
        if (operation.TargetMethod.Name != "Sql")
        {
            foreach (var statement in TypedOperations.Write(operation))
                yield return statement;
            yield break;
        }
        var values = new Evaluation(code, null, cancellation).ValuesAt(operation.Arguments[0].Value);
        // What is not constant is not known; the replay has to hear of it all the same.
        if (values is [FlowValue.Text { Sql: { Holes.Count: 0 } text }])
            yield return text;
    }

    private static string IdOf(INamedTypeSymbol type, IOperation body)
    {
        foreach (var attribute in type.GetAttributes())
        {
            if (attribute.AttributeClass?.Name == "MigrationAttribute" && attribute.ConstructorArguments is [{ Value: string id }, ..])
                return id;
        }
        var path = body.Syntax.SyntaxTree.FilePath;
        return path.Substring(path.LastIndexOfAny(['/', '\\']) + 1);
    }

    private static bool IsForeign(IOperation body)
    {
        foreach (var operation in body.Descendants())
        {
            if (operation is ILiteralOperation { ConstantValue.Value: string text } && operation.Parent is IArgumentOperation { Parameter.Name: "type" or "name" or "oldType" } && ForeignMarks.Any(mark => text.StartsWith(mark, StringComparison.OrdinalIgnoreCase)))
                return true;
        }
        return false;
    }
}
