using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PolicyLint.Core.Analysis;
using PolicyLint.Core.Catalog.Replay;
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

/// <summary>Finds the migrations of EF Core, FluentMigrator and DbUp in a compilation and writes what they do as SQL, in the order in which they run.</summary>
public static class CodeMigrations
{
    // What only other databases have: such a migration is none of PostgreSQL's, nor are its neighbours.
    private static readonly string[] ForeignMarks = ["MySql:", "SqlServer:", "Sqlite:", "nvarchar", "uniqueidentifier", "datetime2", "longtext", "char(36)", "datetime(6)", "tinyint"];

    private static readonly (string Base, string Member)[] Kinds =
    [
        ("Microsoft.EntityFrameworkCore.Migrations.Migration", "Up"),
        ("FluentMigrator.MigrationBase", "Up"),
        (ScriptProvider, "ProvideScript"),
    ];

    private const string ScriptProvider = "DbUp.Engine.IScript";

    /// <summary>In order of their ids.</summary>
    public static IReadOnlyList<CodeMigration> Read(Compilation compilation, CancellationToken cancellation) => Read(compilation, new SourceOutlines(), cancellation);

    /// <summary>In order of their ids, with what is known already of the files.</summary>
    public static IReadOnlyList<CodeMigration> Read(Compilation compilation, SourceOutlines outlines, CancellationToken cancellation)
    {
        var code = new CodeBase(compilation, outlines);
        // To look for a type in all references takes longer than to see that there is nothing to ask it about.
        if (!code.OutlinesOf(DeclarationOutline.Read, cancellation).Any(file => file.Outline.Migrations.Count > 0))
            return [];
        var kinds = Kinds.Select(kind => (Type: compilation.GetTypeByMetadataName(kind.Base), kind.Member, IsProvider: kind.Base == ScriptProvider)).Where(kind => kind.Type is not null).ToList();
        if (kinds.Count == 0)
            return [];
        var found = new List<(string Id, string Space, IOperation Body, bool IsProvider)>();
        foreach (var (tree, outline) in code.OutlinesOf(DeclarationOutline.Read, cancellation))
        {
            foreach (var declaration in outline.Migrations)
            {
                if (code.SymbolAt(tree, declaration, cancellation) is not IMethodSymbol { ContainingType: { TypeKind: TypeKind.Class, IsAbstract: false } type } up)
                    continue;
                foreach (var (baseType, member, isProvider) in kinds)
                {
                    if (up.Name == member && Derives(type, baseType!) && SymbolEqualityComparer.Default.Equals(type.GetMembers(member).FirstOrDefault(), up) && code.BodyOf(up, cancellation) is { } body)
                        found.Add((IdOf(type, body), type.ContainingNamespace.ToDisplayString(), body, isProvider));
                }
            }
        }
        var foreign = new HashSet<string>(found.Where(entry => IsForeign(entry.Body)).Select(entry => entry.Space), StringComparer.Ordinal);
        var scripts = new MigrationScripts(code, cancellation);
        var migrations = new List<CodeMigration>();
        foreach (var (_, space, body, isProvider) in found.OrderBy(entry => entry.Id, StringComparer.Ordinal))
        {
            if (foreign.Contains(space))
                continue;
            var text = scripts.Write(body, isProvider);
            migrations.Add(new(new SqlSource(text.Text, body.Syntax.SyntaxTree.FilePath), text));
        }
        return migrations;
    }

    private static bool Derives(INamedTypeSymbol type, INamedTypeSymbol ancestor)
    {
        if (ancestor.TypeKind == TypeKind.Interface)
            return type.AllInterfaces.Contains(ancestor, SymbolEqualityComparer.Default);
        for (var current = type.BaseType; current is not null; current = current.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(current, ancestor))
                return true;
        }
        return false;
    }

    /// <summary>The files of a database with these migrations. They own the tables; scripts beside them come after.</summary>
    public static IReadOnlyList<InputFile> Before(IReadOnlyList<CodeMigration> migrations, IReadOnlyList<InputFile> files) =>
        [.. migrations.Select(migration => new InputFile(migration.Source, ScriptRole.Migration, IsOneTransaction: true)), .. files];

    private static string IdOf(INamedTypeSymbol type, IOperation body)
    {
        foreach (var attribute in type.GetAttributes())
        {
            if (attribute.AttributeClass?.Name != "MigrationAttribute")
                continue;
            switch (attribute.ConstructorArguments)
            {
                case [{ Value: string id }, ..]:
                    return id;
                case [{ Value: long number }, ..]:
                    return number.ToString("D20", CultureInfo.InvariantCulture);
            }
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
