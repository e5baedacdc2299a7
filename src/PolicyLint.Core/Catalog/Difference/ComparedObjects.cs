using PolicyLint.Core.Migrations;

namespace PolicyLint.Core.Catalog.Difference;

/// <summary>Which objects of two catalogs are compared: what is the project's in one of them is looked at in both; what one does not know, in neither.</summary>
internal sealed class ComparedObjects
{
    private readonly HashSet<QualifiedId> _unknown = [];
    private readonly HashSet<QualifiedId> _relations = [];
    private readonly HashSet<QualifiedId> _types = [];
    private readonly HashSet<string> _functions = new(StringComparer.Ordinal);
    private readonly HashSet<string> _schemas = new(StringComparer.Ordinal) { "public" };
    private readonly HashSet<string> _unknownFunctions = new(StringComparer.Ordinal);

    public ComparedObjects(ICatalog left, ICatalog right)
    {
        foreach (var catalog in new[] { left, right })
        {
            foreach (var relation in catalog.Relations.Values)
            {
                if (relation.Taints.Count > 0 || relation.IsAssumed || IsToolsOwn(relation, left, right))
                    _unknown.Add(relation.Id);
                if (!relation.IsForeignOwned)
                    _relations.Add(relation.Id);
                else if (!(catalog == left ? right : left).Relations.ContainsKey(relation.Id))
                    _unknown.Add(relation.Id);
            }
            foreach (var type in catalog.Types.Values)
            {
                if (!type.IsForeignOwned)
                    _types.Add(type.Id);
            }
            foreach (var schema in catalog.Schemas.Values)
            {
                if (!schema.IsForeignOwned)
                    _schemas.Add(schema.Name);
            }
            foreach (var overloads in catalog.Functions.Values)
            {
                foreach (var function in overloads)
                    Add(function);
            }
        }
    }

    public bool Knows(Relation relation) =>
        !_unknown.Contains(relation.Id) && (relation is not Sequence { OwnedByTable: { } table } || !_unknown.Contains(table));

    public bool Has(Relation relation) => _relations.Contains(relation.Id) && Knows(relation);

    public bool Has(UserType type) => _types.Contains(type.Id);

    public bool Has(Schema schema) => _schemas.Contains(schema.Name) && !schema.IsAssumed;

    public bool Has(Function function) => Signature(function) is var signature && _functions.Contains(signature) && !_unknownFunctions.Contains(signature);

    /// <summary>`schema.name(type, type)`.</summary>
    public static string Signature(Function function) => $"{function.Id}({string.Join(", ", function.InputTypes)})";

    // The account that a migration tool keeps is on the server and in no file.
    private static bool IsToolsOwn(Relation relation, ICatalog left, ICatalog right) =>
        MigrationAccount.IsAccount(relation.Id.Name) && !(left.Relations.ContainsKey(relation.Id) && right.Relations.ContainsKey(relation.Id));

    private void Add(Function function)
    {
        if (function.IsAssumed || function.IsTainted)
            _unknownFunctions.Add(Signature(function));
        if (!function.IsForeignOwned)
            _functions.Add(Signature(function));
    }
}
