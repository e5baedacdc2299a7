using PolicyLint.Core.Analysis;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Catalog.Replay;
using PolicyLint.Core.Platforms;
using PolicyLint.Live.Catalog;
using PolicyLint.Live.Scratch;
using PolicyLint.Sql.Text;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Live.Tests.Catalog;

/// <summary>Reads Data/all_kinds.sql back and compares every kind of object with what the file says.</summary>
public sealed class AllKindsFixture : IAsyncLifetime
{
    private readonly PostgresFixture postgres = new();
    private CatalogReading? reading;

    public CatalogReading Reading
    {
        get
        {
            _ = postgres.Cluster;
            return reading!;
        }
    }

    public DatabaseCatalog Catalog => Reading.Catalog;

    public async Task InitializeAsync()
    {
        await postgres.InitializeAsync();
        if (postgres.IsMissing)
            return;

        await using var database = await postgres.Cluster.CreateDatabaseAsync("kinds", PlatformSql.Plain);
        var text = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Data", "all_kinds.sql"));
        var run = await MigrationRunner.ApplyAsync(database, [new InputFile(new SourceText(text, "all_kinds.sql"), ScriptRole.Migration, IsOneTransaction: false)]);
        Assert.Empty(run.Notes.Select(static n => n.Message));
        await using var session = await SafeSession.OpenAsync(database.Target);
        reading = await CatalogReader.ReadAsync(session);
    }

    public async Task DisposeAsync() => await postgres.DisposeAsync();
}

public sealed class CatalogReaderTests(AllKindsFixture kinds) : IClassFixture<AllKindsFixture>
{
    private Table Items => (Table)Relation("items");

    [SkippableFact]
    public void Everything_can_be_read()
    {
        Assert.Empty(kinds.Reading.Issues.Select(static i => i.Origin.Description + ": " + i.Message));
        Assert.True(kinds.Catalog.IsLive);
        Assert.Equal("plain", kinds.Catalog.Platform);
        Assert.Equal(["public"], kinds.Catalog.SearchPath);
        Assert.Contains("plpgsql", kinds.Catalog.Extensions);
        Assert.DoesNotContain(kinds.Catalog.Relations.Keys, static id => id.Schema is "pg_catalog" or "information_schema" or "pg_toast");
        Assert.DoesNotContain(kinds.Catalog.Relations.Keys, static id => id.Name == "items_code");
    }

    [SkippableFact]
    public void Roles_and_memberships()
    {
        var admin = kinds.Catalog.Roles["kinds_admin"];
        Assert.True(admin.CanLogin);
        Assert.True(admin.BypassesRowSecurity);
        Assert.True(admin.Inherits);
        Assert.False(admin.IsSuperuser);
        Assert.False(admin.IsForeignOwned);
        var membership = Assert.Single(admin.MemberOf);
        Assert.Equal(("kinds_reader", true, true), (membership.Role, membership.Inherits, membership.WithAdmin));
        Assert.False(kinds.Catalog.Roles["kinds_reader"].Inherits);
        Assert.True(kinds.Catalog.Roles["postgres"].IsSuperuser);
        Assert.True(kinds.Catalog.Roles["pg_monitor"].IsForeignOwned);
        Assert.Equal("role kinds_admin", admin.CreatedAt.Description);
    }

    [SkippableFact]
    public void Schemas_and_default_privileges()
    {
        var app = kinds.Catalog.Schemas["app"];
        Assert.Equal("kinds_owner", app.Owner);
        Assert.Equal(["usage:kinds_reader", "usage:public"], GrantsOf(app.Grants));
        Assert.True(kinds.Catalog.Schemas.ContainsKey("public"));
        Assert.Equal(
            [("kinds_owner", null, "functions", "execute", "public", true),
             ("kinds_owner", "app", "tables", "insert", "kinds_reader", false),
             ("kinds_owner", "app", "tables", "select", "kinds_reader", false)],
            kinds.Catalog.DefaultPrivileges
                .Select(static d => (d.ForRole, d.Schema, d.ObjectType, d.Privilege, d.Grantee, d.IsRevoke))
                .OrderBy(static d => d.Privilege, StringComparer.Ordinal));
    }

    [SkippableFact]
    public void Columns()
    {
        Assert.Equal(
            [("id", "bigint", true), ("tenant_id", "uuid", true), ("code", "character varying(20)", true), ("price", "numeric(10,2)", false),
             ("doubled", "numeric", false), ("tags", "text[]", false), ("mood", "app.mood", false), ("mail", "app.email", false),
             ("at", "timestamp with time zone", false), ("period", "daterange", false)],
            Items.Columns.Select(static c => (c.Name, c.Type, c.IsNotNull.Value)));
        Assert.True(Items.FindColumn("id")!.IsIdentity);
        Assert.Null(Items.FindColumn("id")!.Default);
        Assert.True(Items.FindColumn("doubled")!.IsGenerated);
        Assert.Equal("app.tenant()", Items.FindColumn("tenant_id")!.Default!.Source.Text);
        Assert.IsType<FunctionCall>(Items.FindColumn("tenant_id")!.Default!.Tree);
        Assert.Equal(["update:kinds_reader"], GrantsOf(Items.FindColumn("price")!.Grants));
        Assert.Equal("column price of app.items", Items.FindColumn("price")!.CreatedAt.Description);
        Assert.True(Items.AreColumnsKnown);
    }

    [SkippableFact]
    public void Tables()
    {
        Assert.Equal("kinds_owner", Items.Owner);
        Assert.True(Items.RowSecurityEnabled.Value);
        Assert.True(Items.RowSecurityForced.Value);
        Assert.Equal("table app.items", Items.RowSecurityEnabled.Origin.Description);
        Assert.Equal(["insert:kinds_reader", "select:kinds_reader", "update+:kinds_admin"], GrantsOf(Items.Grants));
        Assert.Empty(Items.Taints);
        Assert.Equal("who pays", Relation("tenants").Comment);
        Assert.False(((Table)Relation("tenants")).RowSecurityEnabled.Value);
        Assert.Equal(TableKind.Partitioned, ((Table)Relation("events")).Kind);
        Assert.Equal(new QualifiedId("app", "events"), ((Table)Relation("events_2026")).PartitionOf);
        Assert.Empty(((Table)Relation("events_2026")).Inherits);
        Assert.Equal([new QualifiedId("app", "items")], ((Table)Relation("special_items")).Inherits);
        Assert.Null(((Table)Relation("special_items")).PartitionOf);
        Assert.Equal(Persistence.Unlogged, ((Table)Relation("noise")).Persistence);
        Assert.IsType<Sequence>(Relation("numbers"));
    }

    [SkippableFact]
    public void Constraints()
    {
        var byName = Items.Constraints.ToDictionary(static c => c.Name);
        Assert.Equal((ConstraintKind.PrimaryKey, "id"), (byName["items_pkey"].Kind, string.Join(',', byName["items_pkey"].Columns)));
        var foreign = byName["items_tenant_id_fkey"];
        Assert.Equal(ConstraintKind.ForeignKey, foreign.Kind);
        Assert.Equal(["tenant_id"], foreign.Columns);
        Assert.Equal(new QualifiedId("app", "tenants"), foreign.ReferencedTable);
        Assert.Equal(["id"], foreign.ReferencedColumns);
        Assert.Equal((ReferentialAction.Cascade, ReferentialAction.Cascade, true), (foreign.OnDelete, foreign.OnUpdate, foreign.IsValidated));
        Assert.False(byName["later"].IsValidated);
        Assert.Equal(ReferentialAction.NoAction, byName["later"].OnDelete);
        Assert.Equal(ConstraintKind.Check, byName["items_code_check"].Kind);
        Assert.NotNull(byName["items_code_check"].Condition);
        Assert.Equal(ConstraintKind.Exclusion, byName["no_overlap"].Kind);
        var unique = ((Table)Relation("tenants")).Constraints.Single(static c => c.Kind == ConstraintKind.Unique);
        Assert.Equal(["name", "parent"], unique.Columns);
        Assert.True(unique.NullsNotDistinct);
        Assert.Equal(ReferentialAction.SetNull, ((Table)Relation("tenants")).Constraints.Single(static c => c.Kind == ConstraintKind.ForeignKey).OnDelete);
    }

    [SkippableFact]
    public void Indexes()
    {
        var byName = Items.Indexes.ToDictionary(static i => i.Name);
        Assert.Equal("items_pkey", byName["items_pkey"].Constraint);
        var code = byName["items_code"];
        Assert.Equal((true, true, "btree", null), (code.IsUnique, code.IsValid, code.Method, code.Constraint));
        Assert.Equal("tenant_id", code.Keys[0].Column);
        Assert.Null(code.Keys[1].Column);
        Assert.Equal("LOWER(code::text)", code.Keys[1].Expression!.ToString(), ignoreCase: true);
        Assert.Equal(["price"], code.Include);
        Assert.Equal("price IS NOT NULL", code.Predicate!.ToString());
        Assert.Equal("gin", byName["items_tags"].Method);
        Assert.Null(byName["items_tags"].Predicate);
        Assert.True(((Table)Relation("tenants")).Indexes.Single(static i => i.Keys.Count == 2).NullsNotDistinct);
    }

    [SkippableFact]
    public void Policies()
    {
        var byName = Items.Policies.ToDictionary(static p => p.Name);
        Assert.Equal(5, byName.Count);
        Assert.Equal((PolicyCommand.All, true), (byName["everyone"].Command, byName["everyone"].IsPermissive));
        Assert.Equal(["public"], byName["everyone"].Roles);
        Assert.Null(byName["everyone"].Using);
        Assert.Equal(["kinds_reader", "kinds_admin"], byName["mine"].Roles);
        Assert.Equal("tenant_id = app.tenant()", byName["mine"].Using!.ToString());
        Assert.Equal("own rows", byName["mine"].Comment);
        Assert.Equal("policy mine on app.items", byName["mine"].CreatedAt.Description);
        Assert.Equal((PolicyCommand.Insert, false), (byName["write"].Command, byName["write"].IsPermissive));
        Assert.NotNull(byName["write"].WithCheck);
        Assert.Equal(PolicyCommand.Update, byName["change"].Command);
        Assert.NotNull(byName["change"].Using);
        Assert.NotNull(byName["change"].WithCheck);
        Assert.Equal(PolicyCommand.Delete, byName["remove"].Command);
        Assert.DoesNotContain(Items.Policies, static p => p.IsTainted);
    }

    [SkippableFact]
    public void Triggers()
    {
        var byName = Items.Triggers.ToDictionary(static t => t.Name);
        Assert.Equal(["touch", "wiped"], byName.Keys.Order());
        var touch = byName["touch"];
        Assert.Equal((TriggerTiming.Before, true, true, false, false), (touch.Timing, touch.OnInsert, touch.OnUpdate, touch.OnDelete, touch.OnTruncate));
        Assert.Equal(["price", "code"], touch.UpdateColumns);
        Assert.Equal((true, true), (touch.IsForEachRow, touch.IsEnabled));
        Assert.Equal(new QualifiedId("app", "touch"), touch.Function);
        Assert.Equal((TriggerTiming.After, true, false, false), (byName["wiped"].Timing, byName["wiped"].OnTruncate, byName["wiped"].IsForEachRow, byName["wiped"].IsEnabled));
    }

    [SkippableFact]
    public void Views()
    {
        var open = (View)Relation("open_items");
        Assert.Equal((true, true, false), (open.SecurityInvoker.Value, open.SecurityBarrier.Value, open.IsMaterialized));
        Assert.Equal(["id", "label"], open.Columns.Select(static c => c.Name));
        Assert.NotNull(open.Query);
        var all = (View)Relation("all_items");
        Assert.Equal((false, false), (all.SecurityInvoker.Value, all.SecurityBarrier.Value));
        var totals = (View)Relation("totals");
        Assert.True(totals.IsMaterialized);
        Assert.Equal("totals_key", Assert.Single(totals.Indexes).Name);
    }

    [SkippableFact]
    public void Functions()
    {
        var find = kinds.Catalog.Functions[new("app", "find")];
        Assert.Equal(2, find.Count);
        var definer = find.Single(static f => f.Language == "plpgsql");
        Assert.Equal((true, true, true, Volatility.Immutable), (definer.IsSecurityDefiner, definer.IsLeakproof, definer.IsStrict, definer.Volatility));
        Assert.Equal("app, pg_temp", definer.Settings["search_path"]);
        Assert.Equal("8MB", definer.Settings["work_mem"]);
        Assert.Equal("setof record", definer.Returns);
        Assert.Equal(
            [("", "text", ParameterMode.In, false), ("limit", "integer", ParameterMode.In, true), ("id", "bigint", ParameterMode.Out, false), ("label", "text", ParameterMode.Out, false)],
            definer.Parameters.Select(static p => (p.Name, p.Type, p.Mode, p.HasDefault)));
        Assert.Equal("function app.find(text, integer)", definer.CreatedAt.Description);
        Assert.Equal(["execute:public"], GrantsOf(definer.Grants));
        Assert.IsType<StringBody>(definer.Body!.Tree);

        var atomic = find.Single(static f => f.Language == "sql");
        Assert.Equal("table", atomic.Returns);
        Assert.Equal(["a", "b"], atomic.ReturnColumns.Select(static c => c.Name));
        Assert.Equal(["execute:kinds_reader"], GrantsOf(atomic.Grants));
        Assert.IsType<AtomicBody>(atomic.Body!.Tree);
        Assert.Equal("", kinds.Catalog.Functions[new("app", "touch")][0].Settings["search_path"]);
        Assert.Equal("trigger", kinds.Catalog.Functions[new("app", "touch")][0].Returns);
        Assert.Equal(ParameterMode.Variadic, kinds.Catalog.Functions[new("app", "many")][0].Parameters[0].Mode);
        var clean = kinds.Catalog.Functions[new("app", "clean")][0];
        Assert.Equal((true, "", ParameterMode.InOut), (clean.IsProcedure, clean.Returns, clean.Parameters[0].Mode));
    }

    [SkippableFact]
    public void Types()
    {
        var types = kinds.Catalog.Types;
        Assert.Equal(["sad", "it's ok", "happy"], types[new("app", "mood")].Labels);
        Assert.Equal((TypeKind.Domain, "character varying(320)"), (types[new("app", "email")].Kind, types[new("app", "email")].BaseType));
        Assert.Equal([("a", "integer"), ("b", "app.mood")], types[new("app", "pair")].Attributes.Select(static a => (a.Name, a.Type)));
        Assert.Equal(TypeKind.Range, types[new("app", "span")].Kind);
        Assert.Equal(4, types.Keys.Count(static id => id.Schema == "app"));
    }

    private Relation Relation(string name) => kinds.Catalog.Relations[new QualifiedId("app", name)];

    private static IEnumerable<string> GrantsOf(IReadOnlyList<Grant> grants) =>
        grants.Select(static g => g.Privilege + (g.WithGrantOption ? "+" : "") + ":" + g.Grantee).Order(StringComparer.Ordinal);
}
