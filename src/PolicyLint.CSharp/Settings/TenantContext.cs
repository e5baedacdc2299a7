using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PolicyLint.Core.Catalog;
using PolicyLint.Sql.Tree;

namespace PolicyLint.CSharp.Settings;

/// <summary>The settings by which policies know the user, and what of the code may set them without a query showing it.</summary>
internal sealed class TenantContext
{
    private static readonly HashSet<string> SettersAtOpening = new(StringComparer.Ordinal)
    {
        "UsePhysicalConnectionInitializer", "AddInterceptors", "DbConnectionInterceptor", "IDbConnectionInterceptor", "DbCommandInterceptor", "IDbCommandInterceptor", "StateChange", "ConnectionOpening", "ConnectionOpened",
    };

    private readonly Dictionary<QualifiedId, string> _settings = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly List<string> _literals = [];

    private TenantContext()
    {
    }

    /// <summary>A hook of the driver or of EF Core, or a connection string, may set it whenever a connection is opened.</summary>
    public bool MayBeSetAtOpening { get; private set; }

    /// <summary>The code says itself how its Npgsql data sources are made.</summary>
    public bool MakesDataSources => _names.Contains("NpgsqlDataSourceBuilder") || _names.Contains("AddNpgsqlDataSource") || _names.Contains("NpgsqlDataSource.Create");

    /// <summary>The code says itself how its contexts reach PostgreSQL.</summary>
    public bool ConfiguresContexts => _names.Contains("UseNpgsql");

    /// <summary>The setting that the policies of a table compare with; null where they know the user in another way, or the table is not isolated.</summary>
    public string? SettingOf(Table table) => _settings.TryGetValue(table.Id, out var setting) ? setting : null;

    /// <summary>Some text of the code names the setting.</summary>
    public bool IsNamed(string setting) => _literals.Exists(text => text.IndexOf(setting, StringComparison.OrdinalIgnoreCase) >= 0);

    public static TenantContext Read(ProjectAnalysis project, CancellationToken cancellation)
    {
        var context = new TenantContext();
        foreach (var table in project.Catalog.TablesInOrder())
        {
            var search = new SettingSearch();
            foreach (var policy in table.Policies.Where(policy => policy.IsPermissive))
                search.Visit(policy.Using?.Tree);
            if (search.Found is [{ Length: > 0 } setting] && project.Tenancy.IsTenantTable(table) && project.IsGuardedByRowSecurity(table, cancellation))
                context._settings[table.Id] = setting;
        }
        if (context._settings.Count == 0)
            return context;
        context.MayBeSetAtOpening = ConnectionString.In(project.Settings).Any(connection => connection.Find("options") is not null);
        foreach (var tree in project.Code.Compilation.SyntaxTrees)
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (var token in tree.GetRoot(cancellation).DescendantTokens())
            {
                if (token.IsKind(SyntaxKind.IdentifierToken))
                    context.Add(token);
                else if (token.Kind() is SyntaxKind.StringLiteralToken or SyntaxKind.InterpolatedStringTextToken or SyntaxKind.SingleLineRawStringLiteralToken or SyntaxKind.MultiLineRawStringLiteralToken && token.ValueText.Length > 2)
                    context._literals.Add(token.ValueText);
            }
        }
        return context;
    }

    private void Add(SyntaxToken identifier)
    {
        var name = identifier.ValueText;
        MayBeSetAtOpening |= SettersAtOpening.Contains(name);
        if (name is "NpgsqlDataSourceBuilder" or "AddNpgsqlDataSource" or "UseNpgsql")
            _names.Add(name);
        else if (name == "NpgsqlDataSource" && identifier.Parent?.Parent is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Create" })
            _names.Add("NpgsqlDataSource.Create");
    }

    private sealed class SettingSearch : SqlVisitor
    {
        public List<string> Found { get; } = [];

        public override void VisitFunctionCall(FunctionCall node)
        {
            if (node is { Name: { Name.Text: "current_setting", Schema: null or "pg_catalog" }, Arguments: [var name, ..] })
                Add((name is CastExpression cast ? cast.Operand : name) is Literal { Kind: LiteralKind.String } literal && literal.GetText().IndexOf('.') > 0 ? literal.GetText() : "");
            else if (node.Name.Schema is { } schema && schema != "pg_catalog")
                Add("");
            base.VisitFunctionCall(node);
        }

        // Empty: something of which nothing is known.
        private void Add(string setting)
        {
            if (!Found.Contains(setting))
                Found.Add(setting);
        }
    }
}
