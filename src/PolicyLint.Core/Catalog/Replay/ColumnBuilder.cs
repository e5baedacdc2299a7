using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Catalog.Replay;

/// <summary>Makes a column of its definition, and the sequence that a serial or identity column brings.</summary>
internal sealed class ColumnBuilder(ReplayContext context)
{
    /// <summary>The column without its table constraints, and the sequence to make with it.</summary>
    public Column Build(QualifiedId table, ColumnDefinition definition, Column? inherited, List<Sequence> sequences, string? owner, Persistence persistence)
    {
        var origin = context.At(definition);
        var name = definition.Name.Text;
        var typeName = inherited?.Type ?? "";
        var isNotNull = inherited?.IsNotNull ?? new(false, Origin.Default);
        var value = inherited?.Default;
        var isGenerated = inherited?.IsGenerated ?? false;
        var isIdentity = inherited?.IsIdentity ?? false;
        if (definition.Type is { } type)
        {
            typeName = context.Types.OfColumn(type);
            if (IsSerial(type))
            {
                var sequence = NewSequence(table, name, owner, persistence, sequences);
                isNotNull = new(true, origin);
                value = NextValue(sequence.Id);
            }
        }
        foreach (var constraint in definition.Constraints)
        {
            switch (constraint)
            {
                case NullabilityConstraint { IsNotNull: true } or UniqueConstraint { IsPrimaryKey: true }:
                    isNotNull = new(true, context.At(constraint));
                    break;
                case DefaultConstraint written:
                    value = DefaultOf(written.Value);
                    break;
                case GeneratedConstraint generated:
                    value = context.Fragment(generated.Value);
                    isGenerated = true;
                    break;
                case IdentityConstraint identity:
                    NewIdentitySequence(table, name, identity, owner, persistence, sequences);
                    isIdentity = true;
                    isNotNull = new(true, context.At(constraint));
                    break;
            }
        }
        return inherited is null
            ? new() { Name = name, Type = typeName, IsNotNull = isNotNull, Default = value, IsGenerated = isGenerated, IsIdentity = isIdentity, CreatedAt = origin }
            : inherited with { Type = typeName, IsNotNull = isNotNull, Default = value, IsGenerated = isGenerated, IsIdentity = isIdentity };
    }

    /// <summary>A default as PostgreSQL keeps it: DEFAULT NULL is none (heap.c, AddRelationNewConstraints).</summary>
    public SqlFragment<Expression>? DefaultOf(Expression value)
    {
        var bare = value;
        while (bare is CastExpression cast)
            bare = cast.Operand;
        return bare is Literal { Kind: LiteralKind.Null } && bare == value ? null : context.Fragment(value);
    }

    /// <summary>The sequence of an identity column; SEQUENCE NAME, which pg_dump writes, names it.</summary>
    public Sequence NewIdentitySequence(QualifiedId table, string column, IdentityConstraint identity, string? owner, Persistence persistence, List<Sequence> sequences)
    {
        foreach (var option in identity.Options)
        {
            if (option.Name == "sequence_name" && option.Value is ColumnReference name)
                return NewSequence(new(name.Name.Schema ?? table.Schema, name.Name.Name.Text), table, column, owner, sequences);
        }
        return NewSequence(table, column, owner, persistence, sequences);
    }

    public Sequence NewSequence(QualifiedId table, string column, string? owner, Persistence persistence, List<Sequence> sequences)
    {
        var schema = persistence == Persistence.Temporary ? CatalogState.TemporarySchema : table.Schema;
        return NewSequence(new(schema, context.Names.Relation(schema, table.Name, column, "seq", isConstraint: false)), table, column, owner, sequences);
    }

    private Sequence NewSequence(QualifiedId id, QualifiedId table, string column, string? owner, List<Sequence> sequences)
    {
        var sequence = new Sequence
        {
            Id = id,
            CreatedAt = context.Here,
            Owner = owner,
            OwnedByTable = table,
            OwnedByColumn = column,
            IsForeignOwned = context.IsSeeding,
        };
        sequences.Add(sequence);
        return sequence;
    }

    public static SqlFragment<Expression>? NextValue(QualifiedId sequence)
    {
        var name = TypeNames.Display(sequence).Replace("'", "''");
        return ReplayContext.Made("nextval('" + name + "'::regclass)");
    }

    public static bool IsSerial(TypeName type) =>
        type is { IsSystemName: false, Name.PartCount: 1, ArrayDimensions: 0, IsColumnType: false }
        && type.Name.Name.Text is "serial" or "serial4" or "bigserial" or "serial8" or "smallserial" or "serial2";
}
