using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PolicyLint.CSharp.EntityFramework;
using PolicyLint.CSharp.Text;

namespace PolicyLint.CSharp.Migrations;

/// <summary>Writes the typed operations of an EF Core migration (CreateTable, AddColumn, …) as the SQL that Npgsql makes of them.</summary>
internal static class TypedOperations
{
    /// <summary>The statements of an operation; none where it does nothing that the catalog holds.</summary>
    public static IEnumerable<SqlText> Write(IInvocationOperation call)
    {
        var name = Text(call, "name");
        var table = Qualified(call, Text(call, "table") ?? "");
        switch (call.TargetMethod.Name)
        {
            case "EnsureSchema" when name is not null:
                yield return At(call, "CREATE SCHEMA IF NOT EXISTS " + Quote(name));
                break;
            case "CreateTable" when name is not null:
                yield return CreateTable(call, name);
                break;
            case "DropTable" when name is not null:
                yield return At(call, "DROP TABLE " + Qualified(call, name));
                break;
            case "RenameTable" when name is not null:
                if (Text(call, "newName") is { } renamed && renamed != name)
                    yield return At(call, $"ALTER TABLE {Qualified(call, name)} RENAME TO {Quote(renamed)}");
                if (Text(call, "newSchema") is { } schema)
                    yield return At(call, $"ALTER TABLE {Qualified(call, Text(call, "newName") ?? name)} SET SCHEMA {Quote(schema)}");
                break;
            case "AddColumn" when name is not null:
                yield return At(call, $"ALTER TABLE {table} ADD COLUMN {Column(call, name)}");
                break;
            case "DropColumn" when name is not null:
                yield return At(call, $"ALTER TABLE {table} DROP COLUMN {Quote(name)}");
                break;
            case "RenameColumn" when name is not null && Text(call, "newName") is { } column:
                yield return At(call, $"ALTER TABLE {table} RENAME COLUMN {Quote(name)} TO {Quote(column)}");
                break;
            case "AlterColumn" when name is not null:
                if (Text(call, "type") is { } type)
                    yield return At(call, $"ALTER TABLE {table} ALTER COLUMN {Quote(name)} TYPE {type}");
                if (Flag(call, "nullable") != Flag(call, "oldNullable"))
                    yield return At(call, $"ALTER TABLE {table} ALTER COLUMN {Quote(name)} {(Flag(call, "nullable") ? "DROP" : "SET")} NOT NULL");
                break;
            case "CreateIndex" when name is not null:
                var filter = Text(call, "filter") is { } condition ? " WHERE " + condition : "";
                yield return At(call, $"CREATE {(Flag(call, "unique") ? "UNIQUE " : "")}INDEX {Quote(name)} ON {table} ({Columns(call, "column", "columns")}){filter}");
                break;
            case "DropIndex" when name is not null:
                yield return At(call, "DROP INDEX " + Qualified(call, name));
                break;
            case "AddPrimaryKey" when name is not null:
                yield return At(call, $"ALTER TABLE {table} ADD CONSTRAINT {Quote(name)} PRIMARY KEY ({Columns(call, "column", "columns")})");
                break;
            case "AddUniqueConstraint" when name is not null:
                yield return At(call, $"ALTER TABLE {table} ADD CONSTRAINT {Quote(name)} UNIQUE ({Columns(call, "column", "columns")})");
                break;
            case "AddForeignKey" when name is not null:
                yield return At(call, $"ALTER TABLE {table} ADD CONSTRAINT {Quote(name)} {ForeignKey(call, Columns(call, "column", "columns"))}");
                break;
            case "DropForeignKey" or "DropPrimaryKey" or "DropUniqueConstraint" or "DropCheckConstraint" when name is not null:
                yield return At(call, $"ALTER TABLE {table} DROP CONSTRAINT {Quote(name)}");
                break;
        }
    }

    private static SqlText CreateTable(IInvocationOperation call, string name)
    {
        var text = At(call, $"CREATE TABLE {Qualified(call, name)} (");
        var columnOf = new Dictionary<string, string>(StringComparer.Ordinal);
        var isFirst = true;
        if (Lambda(call, "columns")?.Descendants().OfType<IAnonymousObjectCreationOperation>().FirstOrDefault() is { } members)
        {
            foreach (var initializer in members.Initializers)
            {
                if (initializer is not ISimpleAssignmentOperation { Target: IPropertyReferenceOperation { Property.Name: var member }, Value: var value } || ColumnCall(value) is not { } column)
                    continue;
                var columnName = Text(column, "name") ?? member;
                columnOf[member] = columnName;
                text = SqlText.Concat(text, At(column, (isFirst ? "" : ", ") + Column(column, columnName)));
                isFirst = false;
            }
        }
        foreach (var constraint in Lambda(call, "constraints")?.Descendants().OfType<IInvocationOperation>() ?? [])
        {
            if (Text(constraint, "name") is not { } constraintName)
                continue;
            var keys = string.Join(", ", (Lambda(constraint, "columns") ?? Lambda(constraint, "column"))?.Descendants().OfType<IPropertyReferenceOperation>()
                .Where(property => property.Instance is IParameterReferenceOperation).Select(property => Quote(columnOf.TryGetValue(property.Property.Name, out var mapped) ? mapped : property.Property.Name)) ?? []);
            var clause = constraint.TargetMethod.Name switch
            {
                "PrimaryKey" => $"PRIMARY KEY ({keys})",
                "UniqueConstraint" => $"UNIQUE ({keys})",
                "ForeignKey" => ForeignKey(constraint, keys),
                _ => null,
            };
            if (clause is null || keys.Length == 0)
                continue;
            text = SqlText.Concat(text, At(constraint, $"{(isFirst ? "" : ", ")}CONSTRAINT {Quote(constraintName)} {clause}"));
            isFirst = false;
        }
        return SqlText.Concat(text, At(call, ")"));
    }

    // The chain may go on: table.Column<int>(…).Annotation(…).
    private static IInvocationOperation? ColumnCall(IOperation value)
    {
        value = value.WithoutConversions();
        while (value is IInvocationOperation call)
        {
            if (call.TargetMethod.Name == "Column")
                return call;
            if (call.Instance is null)
                return null;
            value = call.Instance;
        }
        return null;
    }

    private static string Column(IInvocationOperation call, string name)
    {
        var text = Quote(name) + " " + (Text(call, "type") ?? TypeOf(call.TargetMethod.TypeArguments.FirstOrDefault()));
        if (Text(call, "computedColumnSql") is { } computed)
            return text + $" GENERATED ALWAYS AS ({computed}) STORED";
        if (Text(call, "defaultValueSql") is { } expression)
            text += " DEFAULT " + expression;
        else if (Argument(call, "defaultValue") is { } value && value.ArgumentKind == ArgumentKind.Explicit && Constant(value.Value) is { } constant)
            text += " DEFAULT " + constant;
        return Flag(call, "nullable") ? text : text + " NOT NULL";
    }

    private static string? Constant(IOperation value)
    {
        value = value.WithoutConversions();
        if (value is IObjectCreationOperation { Type.Name: "Guid", Arguments: [{ Value.ConstantValue: { HasValue: true, Value: string guid } }] })
            return "'" + guid + "'";
        if (value.ConstantValue is { HasValue: true, Value: { } constant })
        {
            return constant switch
            {
                bool flag => flag ? "true" : "false",
                string text => "'" + text.Replace("'", "''") + "'",
                _ => Convert.ToString(constant, CultureInfo.InvariantCulture),
            };
        }
        return value is IObjectCreationOperation { Type.Name: "DateTime" or "DateTimeOffset" } ? "'-infinity'" : null;
    }

    private static string ForeignKey(IInvocationOperation call, string columns)
    {
        var principal = (Text(call, "principalSchema") is { } schema ? Quote(schema) + "." : "") + Quote(Text(call, "principalTable") ?? "");
        var keys = Columns(call, "principalColumn", "principalColumns");
        var onDelete = Argument(call, "onDelete")?.Value is IFieldReferenceOperation { Field.Name: var action }
            ? action switch { "Cascade" => " ON DELETE CASCADE", "Restrict" => " ON DELETE RESTRICT", "SetNull" => " ON DELETE SET NULL", "SetDefault" => " ON DELETE SET DEFAULT", _ => "" }
            : "";
        return $"FOREIGN KEY ({columns}) REFERENCES {principal}{(keys.Length > 0 ? " (" + keys + ")" : "")}{onDelete}";
    }

    private static string Columns(IInvocationOperation call, string one, string many)
    {
        if (Text(call, one) is { } single)
            return Quote(single);
        var names = Argument(call, many)?.Value.DescendantsAndSelf().OfType<ILiteralOperation>().Select(literal => literal.ConstantValue.Value).OfType<string>() ?? [];
        return string.Join(", ", names.Select(Quote));
    }

    private static string Qualified(IInvocationOperation call, string name) => (Text(call, "schema") is { } schema ? Quote(schema) + "." : "") + Quote(name);

    private static SqlText At(IOperation operation, string text) => SqlText.FromUse(text, operation.Syntax);

    private static string Quote(string name) => EntityJudgement.Quote(name);

    private static IArgumentOperation? Argument(IInvocationOperation call, string parameter)
    {
        foreach (var argument in call.Arguments)
        {
            if (argument.Parameter?.Name == parameter)
                return argument;
        }
        return null;
    }

    private static IAnonymousFunctionOperation? Lambda(IInvocationOperation call, string parameter) => Argument(call, parameter) is { } argument ? EntityQueries.LambdaOf(argument.Value) : null;

    private static string? Text(IInvocationOperation call, string parameter) => Argument(call, parameter)?.Value.ConstantValue is { HasValue: true, Value: string text } ? text : null;

    private static bool Flag(IInvocationOperation call, string parameter) => Argument(call, parameter)?.Value.ConstantValue is { HasValue: true, Value: true };

    // Npgsql's mapping where the migration names no type.
    private static string TypeOf(ITypeSymbol? type) => type switch
    {
        { SpecialType: SpecialType.System_String } => "text",
        { SpecialType: SpecialType.System_Int32 } => "integer",
        { SpecialType: SpecialType.System_Int64 } => "bigint",
        { SpecialType: SpecialType.System_Int16 } => "smallint",
        { SpecialType: SpecialType.System_Boolean } => "boolean",
        { SpecialType: SpecialType.System_Decimal } => "numeric",
        { SpecialType: SpecialType.System_Double } => "double precision",
        { SpecialType: SpecialType.System_Single } => "real",
        { SpecialType: SpecialType.System_DateTime } or { Name: "DateTimeOffset" } => "timestamp with time zone",
        { Name: "Guid" } => "uuid",
        { Name: "DateOnly" } => "date",
        IArrayTypeSymbol { ElementType.SpecialType: SpecialType.System_Byte } => "bytea",
        _ => "text",
    };
}
