namespace PolicyLint.Core.Catalog;

/// <summary>Schema and name of an object, both as PostgreSQL stores them.</summary>
/// <remarks>A class: collections of it are compiled ahead of time with the runtime, those of a struct at every start.</remarks>
public sealed record QualifiedId(string Schema, string Name)
{
    /// <summary>`schema.name`, unquoted, for messages.</summary>
    public override string ToString() => Schema + "." + Name;
}
