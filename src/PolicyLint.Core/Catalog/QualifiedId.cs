namespace PolicyLint.Core.Catalog;

/// <summary>Schema and name of an object, both as PostgreSQL stores them.</summary>
/// <remarks>A class: collections of it are compiled ahead of time with the runtime, those of a struct at every start.</remarks>
public sealed record QualifiedId(string Schema, string Name)
{
    /// <inheritdoc/>
    public bool Equals(QualifiedId? other) => ReferenceEquals(this, other) || (other is not null && string.Equals(Name, other.Name, StringComparison.Ordinal) && string.Equals(Schema, other.Schema, StringComparison.Ordinal));

    /// <inheritdoc/>
    public override int GetHashCode() => unchecked((Schema.GetHashCode() * 31) + Name.GetHashCode());

    /// <summary>`schema.name`, unquoted, for messages.</summary>
    public override string ToString() => Schema + "." + Name;
}
