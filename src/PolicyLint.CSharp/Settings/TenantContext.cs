using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PolicyLint.Core.Catalog;
using PolicyLint.CSharp.Connections;
using PolicyLint.CSharp.Text;
using PolicyLint.Sql.Tree;

namespace PolicyLint.CSharp.Settings;

/// <summary>The settings by which policies know the user, and what of the code may set them without a query showing it.</summary>
internal sealed class TenantContext
{
    // What these register is known.
    private static readonly string[] s_known = ["Npgsql", "Microsoft.", "System."];

    private readonly Dictionary<QualifiedId, (string Name, string? Column)> _settings = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly List<(string Text, bool IsInInterceptor)> _literals = [];
    private readonly ProjectAnalysis _project;
    private readonly Lazy<bool> _mayOthersRegister;

    private TenantContext(ProjectAnalysis project, CancellationToken cancellation)
    {
        _project = project;
        Hooks = new(project, cancellation);
        _mayOthersRegister = new(() => MayRegisterConnections(project.Code.Compilation));
    }

    /// <summary>What runs whenever a connection is opened.</summary>
    public OpeningHooks Hooks { get; }

    /// <summary>The code says itself how its Npgsql data sources are made.</summary>
    public bool MakesDataSources => _names.Contains("NpgsqlDataSourceBuilder") || _names.Contains("AddNpgsqlDataSource") || _names.Contains("NpgsqlDataSource.Create");

    /// <summary>
    /// Who asks the services for an NpgsqlConnection is given one of their own, new and closed: the registration is that of Npgsql, and nothing is seen that may take its place.
    /// </summary>
    public bool GivesNewConnections => _names.Contains(SettingOutline.NewConnections) && !_names.Contains(SettingOutline.OtherConnections) && !_mayOthersRegister.Value;

    /// <summary>The code says itself how its contexts reach PostgreSQL.</summary>
    public bool ConfiguresContexts => _names.Contains("UseNpgsql");

    /// <summary>The code is told when a connection is opened.</summary>
    public bool ListensToStates => _names.Contains("StateChange");

    /// <summary>The code registers its contexts with the methods of EF Core.</summary>
    public bool RegistersContexts => _names.Contains("AddDbContext");

    /// <summary>The code makes contexts in a factory of its own.</summary>
    public bool HasFactoriesOfItsOwn => _project.Implementations.WithInterface("IDbContextFactory").Any();

    /// <summary>The setting that the policies of a table compare with; null where they know the user in another way, or the table is not isolated.</summary>
    public string? SettingOf(Table table) => _settings.TryGetValue(table.Id, out var setting) ? setting.Name : null;

    /// <summary>The column of a table that its policies compare with the setting as it is; null where they make something else of it.</summary>
    public string? ColumnOf(Table table) => _settings.TryGetValue(table.Id, out var setting) ? setting.Column : null;

    /// <summary>Some text of the code names the setting, those of interceptors apart: what they do is read from their code.</summary>
    public bool IsNamed(string setting) => _literals.Exists(literal => literal.Text.IndexOf(setting, StringComparison.OrdinalIgnoreCase) >= 0 && !(literal.IsInInterceptor && _names.Contains("AddInterceptors")));

    public static TenantContext Read(ProjectAnalysis project, CancellationToken cancellation)
    {
        var context = new TenantContext(project, cancellation);
        foreach (var table in project.Catalog.TablesInOrder())
        {
            var search = new SettingSearch();
            foreach (var policy in table.Policies.Where(policy => policy.IsPermissive))
                search.Visit(policy.Using?.Tree);
            if (search.Found is [{ Length: > 0 } setting] && project.Tenancy.IsTenantTable(table) && project.IsGuardedByRowSecurity(table, cancellation))
                context._settings[table.Id] = (setting, search.Column);
        }
        if (context._settings.Count == 0)
            return context;
        foreach (var (_, outline) in project.Code.OutlinesOf(SettingOutline.Read, cancellation))
        {
            context._names.UnionWith(outline.Names);
            context._literals.AddRange(outline.Literals);
        }
        return context;
    }

    // Projects of the same solution, too, are assemblies here.
    private static bool MayRegisterConnections(Compilation compilation)
    {
        foreach (var assembly in compilation.SourceModule.ReferencedAssemblySymbols)
        {
            if (Array.Exists(s_known, known => assembly.Name.StartsWith(known, StringComparison.Ordinal)))
                continue;
            var references = assembly.Modules.SelectMany(static module => module.ReferencedAssemblies).Select(static reference => reference.Name).ToList();
            if (references.Contains("Npgsql") && references.Contains("Microsoft.Extensions.DependencyInjection.Abstractions"))
                return true;
        }
        return false;
    }

    private sealed class SettingSearch : SqlVisitor
    {
        private readonly HashSet<string> _columns = new(StringComparer.Ordinal);
        private int _reads;
        private int _comparisons;

        public List<string> Found { get; } = [];

        /// <summary>What every reading of a setting is compared with.</summary>
        public string? Column => _comparisons == _reads && _columns.Count == 1 ? _columns.First() : null;

        public override void VisitOperatorExpression(OperatorExpression node)
        {
            if (node.Operator.Name == "=")
                Compare(Bare(node.Left), Bare(node.Right));
            base.VisitOperatorExpression(node);
        }

        public override void VisitFunctionCall(FunctionCall node)
        {
            _reads += IsReading(node) ? 1 : 0;
            if (node is { Name: { Name.Text: "current_setting", Schema: null or "pg_catalog" }, Arguments: [var name, ..] })
                Add((name is CastExpression cast ? cast.Operand : name) is Literal { Kind: LiteralKind.String } literal && literal.GetText().IndexOf('.') > 0 ? literal.GetText() : "");
            else if (node.Name.Schema is { } schema && schema != "pg_catalog")
                Add("");
            base.VisitFunctionCall(node);
        }

        private void Compare(Expression? left, Expression? right)
        {
            if (left is ColumnReference)
                (left, right) = (right, left);
            if (right is not ColumnReference column || !IsReading(left))
                return;
            _columns.Add(column.Name.Name.Text);
            _comparisons++;
        }

        private static bool IsReading(Expression? node) => node is FunctionCall { Name: { Name.Text: "current_setting", Schema: null or "pg_catalog" } };

        // Without casts, `(select …)` and `nullif(…, '')`.
        private static Expression? Bare(Expression? node) => node switch
        {
            CastExpression cast => Bare(cast.Operand),
            ScalarSubquery { Query: SelectQuery { From.Length: 0, Where: null, Targets: [var target] } } => Bare(target.Value),
            ConditionalExpression { Function: ConditionalFunction.NullIf, Arguments: [var value, Literal] } => Bare(value),
            _ => node,
        };

        // Empty: something of which nothing is known.
        private void Add(string setting)
        {
            if (!Found.Contains(setting))
                Found.Add(setting);
        }
    }
}

/// <summary>What a file says that may be about a setting or the connections.</summary>
internal sealed class SettingOutline
{
    /// <summary>A name for the registration of data sources that gives each who asks a connection of its own.</summary>
    public const string NewConnections = "NpgsqlConnection+";

    /// <summary>A name for what may register other connections, or reach those of a handler.</summary>
    public const string OtherConnections = "NpgsqlConnection?";

    private SettingOutline()
    {
    }

    /// <summary>What it names of the ways to configure data sources and contexts.</summary>
    public HashSet<string> Names { get; } = new(StringComparer.Ordinal);

    /// <summary>Its texts.</summary>
    public List<(string Text, bool IsInInterceptor)> Literals { get; } = [];

    public static SettingOutline Read(SyntaxNode root)
    {
        var outline = new SettingOutline();
        foreach (var token in root.DescendantTokens())
        {
            if (token.IsKind(SyntaxKind.IdentifierToken))
                outline.Add(token);
            else if (token.Kind() is SyntaxKind.StringLiteralToken or SyntaxKind.InterpolatedStringTextToken or SyntaxKind.SingleLineRawStringLiteralToken or SyntaxKind.MultiLineRawStringLiteralToken && token.ValueText.Length > 2)
                outline.Literals.Add((token.ValueText, SessionSettings.IsInInterceptor(token.Parent!)));
        }
        return outline;
    }

    private void Add(SyntaxToken identifier)
    {
        var name = identifier.ValueText;
        if (name is "NpgsqlDataSourceBuilder" or "AddNpgsqlDataSource" or "UseNpgsql" or "AddInterceptors" or "StateChange")
            Names.Add(name);
        else if (name is "AddDbContext" or "AddDbContextPool" or "AddDbContextFactory" or "AddPooledDbContextFactory")
            Names.Add("AddDbContext");
        else if (name == "NpgsqlDataSource" && identifier.Parent?.Parent is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Create" })
            Names.Add("NpgsqlDataSource.Create");
        if (name is "AddNpgsqlDataSource" or "AddNpgsqlSlimDataSource" && identifier.Parent?.Parent?.Parent is InvocationExpressionSyntax { ArgumentList.Arguments: var arguments })
            Names.Add(IsPlain(arguments) ? NewConnections : OtherConnections);
        else if (MayBeOfOtherConnections(identifier))
            Names.Add(OtherConnections);
    }

    // Arguments that may be about lifetimes or keys are none of these.
    private static bool IsPlain(SeparatedSyntaxList<ArgumentSyntax> arguments) => arguments.Count switch
    {
        1 => true,
        2 => arguments[1].Expression is AnonymousFunctionExpressionSyntax,
        _ => false,
    };

    // `AddScoped<NpgsqlConnection>(…)`, `typeof(NpgsqlConnection)`, `AddScoped(_ => …)`; filters of endpoints see the arguments of a handler.
    private static bool MayBeOfOtherConnections(SyntaxToken identifier)
    {
        switch (identifier.ValueText)
        {
            case "AddEndpointFilter" or "AddEndpointFilterFactory" or "IEndpointFilter":
                return true;
            case "NpgsqlConnection":
                return identifier.Parent?.FirstAncestorOrSelf<TypeOfExpressionSyntax>() is not null || identifier.Parent?.FirstAncestorOrSelf<UsingDirectiveSyntax>() is not null
                    || identifier.Parent?.FirstAncestorOrSelf<TypeArgumentListSyntax>() is { Parent: GenericNameSyntax method } && IsCalled(method) && !method.Identifier.ValueText.StartsWith("Get", StringComparison.Ordinal);
            case "AddScoped" or "AddTransient" or "AddSingleton" or "TryAddScoped" or "TryAddTransient" or "TryAddSingleton" or "AddKeyedScoped" or "AddKeyedTransient" or "AddKeyedSingleton":
                // What is registered is said by what the lambda gives.
                return identifier.Parent is IdentifierNameSyntax { Parent.Parent: InvocationExpressionSyntax { ArgumentList: var arguments } } && arguments.Arguments.Any(static argument => !IsOfAnotherType(argument.Expression));
            default:
                return false;
        }
    }

    private static bool IsCalled(GenericNameSyntax method) => method.Parent is InvocationExpressionSyntax || method.Parent is MemberAccessExpressionSyntax or MemberBindingExpressionSyntax && method.Parent.Parent is InvocationExpressionSyntax;

    private static bool IsOfAnotherType(ExpressionSyntax registered) =>
        registered is TypeOfExpressionSyntax || registered is LambdaExpressionSyntax { ExpressionBody: ObjectCreationExpressionSyntax { Type: var type } } && type.ToString().IndexOf("NpgsqlConnection", StringComparison.Ordinal) < 0;
}
