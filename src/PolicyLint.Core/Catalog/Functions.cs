using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Catalog;

/// <summary>A parameter of a function, or a column of RETURNS TABLE.</summary>
/// <param name="Name">Empty where unnamed.</param>
/// <param name="Type">As format_type prints it.</param>
/// <param name="Mode">IN where nothing is written.</param>
/// <param name="HasDefault">A DEFAULT is written.</param>
public sealed record Parameter(string Name, string Type, ParameterMode Mode, bool HasDefault);

/// <summary>A function or procedure.</summary>
public sealed record Function
{
    public required QualifiedId Id { get; init; }

    public bool IsProcedure { get; init; }

    public IReadOnlyList<Parameter> Parameters { get; init; } = [];

    /// <summary>The return type as format_type prints it, `setof` before it where it is a set, `table` for RETURNS TABLE; empty for a procedure.</summary>
    public string Returns { get; init; } = "";

    public IReadOnlyList<Parameter> ReturnColumns { get; init; } = [];

    /// <summary>Lower case: sql, plpgsql, c, internal, …</summary>
    public string Language { get; init; } = "sql";

    public bool IsSecurityDefiner { get; init; }

    /// <summary>Volatile where nothing is written.</summary>
    public Volatility Volatility { get; init; } = Volatility.Volatile;

    public bool IsLeakproof { get; init; }

    public bool IsStrict { get; init; }

    /// <summary>SET clauses: setting name to its value as written, `search_path` to `` for an empty one.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>The body; null where it could not be read (C, internal, or a live function in another language).</summary>
    public SqlFragment<FunctionBody>? Body { get; init; }

    public string? Owner { get; init; }

    /// <summary>EXECUTE privileges. PUBLIC's default EXECUTE is listed unless revoked.</summary>
    public IReadOnlyList<Grant> Grants { get; init; } = [];

    public bool IsForeignOwned { get; init; }

    /// <summary>Used but never created in what was read.</summary>
    public bool IsAssumed { get; init; }

    /// <summary>A statement that could not be read, or may not have run, may have changed it.</summary>
    public bool IsTainted { get; init; }

    public required Origin CreatedAt { get; init; }

    /// <summary>The statement that changed it last, of whatever kind.</summary>
    public required Origin ChangedAt { get; init; }

    /// <summary>The CREATE OR REPLACE that gave it the body that it has.</summary>
    public Origin DefinedAt
    {
        get => field ?? ChangedAt;
        init;
    }

    public string? Comment { get; init; }

    /// <summary>Types of the input parameters, which tell overloads apart.</summary>
    public IEnumerable<string> InputTypes
    {
        get
        {
            foreach (var parameter in Parameters)
            {
                if (parameter.Mode != ParameterMode.Out)
                    yield return parameter.Type;
            }
        }
    }
}
