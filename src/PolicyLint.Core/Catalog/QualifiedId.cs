namespace PolicyLint.Core.Catalog;

/// <summary>Schema and name of an object, both as PostgreSQL stores them.</summary>
public readonly record struct QualifiedId(string Schema, string Name)
{
    /// <summary>`schema.name`, unquoted, for messages.</summary>
    public override string ToString() => Schema + "." + Name;
}
