using PolicyLint.Core.Catalog;
using PolicyLint.Core.Platforms;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Live.Catalog;

/// <summary>Makes functions, types and roles of what the queries answer.</summary>
internal sealed class CatalogObjects(LiveSql sql, PlatformSql platform)
{
    public IReadOnlyDictionary<QualifiedId, IReadOnlyList<Function>> Functions(IReadOnlyList<FunctionDocument> documents)
    {
        var functions = new Dictionary<QualifiedId, IReadOnlyList<Function>>();
        foreach (var document in documents)
        {
            var id = new QualifiedId(document.Schema, document.Name);
            if (!functions.TryGetValue(id, out var overloads))
                functions.Add(id, overloads = new List<Function>(1));

            ((List<Function>)overloads).Add(FunctionOf(document, id));
        }

        return functions;
    }

    public IReadOnlyDictionary<QualifiedId, UserType> Types(IReadOnlyList<TypeDocument> documents)
    {
        var types = new Dictionary<QualifiedId, UserType>(documents.Count);
        foreach (var document in documents)
        {
            var id = new QualifiedId(document.Schema, document.Name);
            var origin = Origin.Live($"type {id}");
            types.Add(id, new UserType
            {
                Id = id,
                Kind = document.Kind switch
                {
                    'e' => TypeKind.Enum,
                    'd' => TypeKind.Domain,
                    'c' => TypeKind.Composite,
                    'r' => TypeKind.Range,
                    _ => TypeKind.Other,
                },
                Labels = document.Labels,
                BaseType = document.BaseType ?? "",
                Attributes = Array.ConvertAll(document.Attributes, attribute => new Column
                {
                    Name = attribute.Name,
                    Type = attribute.Type,
                    IsNotNull = new Fact<bool>(false, origin),
                    CreatedAt = origin,
                }),
                IsForeignOwned = document.IsFromExtension || platform.Owns(document.Schema, document.Owner),
                CreatedAt = origin,
            });
        }

        return types;
    }

    public IReadOnlyDictionary<string, Role> Roles(IReadOnlyList<RoleDocument> documents)
    {
        var roles = new Dictionary<string, Role>(documents.Count, StringComparer.Ordinal);
        foreach (var document in documents)
        {
            var origin = Origin.Live($"role {document.Name}");
            roles.Add(document.Name, new Role
            {
                Name = document.Name,
                IsSuperuser = document.IsSuperuser,
                BypassesRowSecurity = document.BypassesRowSecurity,
                CanLogin = document.CanLogin,
                Inherits = document.Inherits,
                MemberOf = Array.ConvertAll(document.Memberships, m => new Membership(m.Role, m.Inherits, m.WithAdmin, origin)),

                // Names that start with pg_ are PostgreSQL's own (manual, CREATE ROLE).
                IsForeignOwned = document.Name.StartsWith("pg_", StringComparison.Ordinal) || platform.Roles.Contains(document.Name),
                CreatedAt = origin,
            });
        }

        return roles;
    }

    private Function FunctionOf(FunctionDocument document, QualifiedId id)
    {
        var parameters = new List<Parameter>();
        var returnColumns = new List<Parameter>();
        var inputs = document.Parameters.Count(static p => p.Mode is not ('o' or 't'));
        var input = 0;
        foreach (var parameter in document.Parameters)
        {
            // Defaults belong to the last input parameters (manual 52.39, pronargdefaults).
            var hasDefault = parameter.Mode is not ('o' or 't') && ++input > inputs - document.DefaultCount;
            (parameter.Mode == 't' ? returnColumns : parameters).Add(new Parameter(parameter.Name, parameter.Type, ModeOf(parameter.Mode), hasDefault));
        }

        var origin = Origin.Live($"function {id}({string.Join(", ", parameters.Where(static p => p.Mode != ParameterMode.Out).Select(static p => p.Type))})");

        return new Function
        {
            Id = id,
            IsProcedure = document.IsProcedure,
            Parameters = parameters,
            Returns = returnColumns.Count > 0 ? "table" : document.ReturnsSet ? "setof " + document.Returns : document.Returns,
            ReturnColumns = returnColumns,
            Language = document.Language,
            IsSecurityDefiner = document.IsSecurityDefiner,
            Volatility = document.Volatility switch { 'i' => Volatility.Immutable, 's' => Volatility.Stable, _ => Volatility.Volatile },
            IsLeakproof = document.IsLeakproof,
            IsStrict = document.IsStrict,
            Settings = SettingsOf(document.Settings),
            Body = sql.Body(document.Definition, origin),
            Owner = document.Owner,
            Grants = Privileges.Of(document.Grants, origin),
            IsForeignOwned = document.IsFromExtension || platform.Owns(document.Schema, document.Owner),
            CreatedAt = origin,
            ChangedAt = origin,
            Comment = document.Comment,
        };
    }

    private static ParameterMode ModeOf(char mode) => mode switch
    {
        'o' or 't' => ParameterMode.Out,
        'b' => ParameterMode.InOut,
        'v' => ParameterMode.Variadic,
        _ => ParameterMode.In,
    };

    private static Dictionary<string, string> SettingsOf(string[] settings)
    {
        var byName = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var setting in settings)
        {
            var equals = setting.IndexOf('=', StringComparison.Ordinal);
            var value = setting[(equals + 1)..];
            byName[setting[..equals]] = value == "\"\"" ? "" : value;
        }

        return byName;
    }
}
