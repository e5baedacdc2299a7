#:property PublishAot=false
// Begins a rule: its file, its line in RuleCatalog.cs and a folder for its odd cases.
// Run: dotnet run scripts/new-rule.cs PL2024 name-of-the-bad-pattern [catalog|statement|migration]
using System.Text.RegularExpressions;

const string Usage = "usage: dotnet run scripts/new-rule.cs PL2024 name-of-the-bad-pattern [catalog|statement|migration]";
if (args.Length is < 2 or > 3)
    return Refuse(Usage);
var (id, name, woken) = (args[0].ToUpperInvariant(), args[1], args.Length > 2 ? args[2] : "catalog");
var folder = Regex.IsMatch(id, "^PL[1-4][0-9]{3}$")
    ? id[2] switch { '1' => "RowLevelSecurityState", '2' => "Policies", '3' => "Migrations", _ => "WaysAround" }
    : null;
if (folder is null)
    return Refuse($"{id} is no id of PL1 to PL4; the rules over C# are written after those in src/PolicyLint.CSharp/Rules");
if (!Regex.IsMatch(name, "^[a-z0-9]+(-[a-z0-9]+)*$"))
    return Refuse($"{name} is not in kebab case");
if (woken is not ("catalog" or "statement" or "migration"))
    return Refuse(Usage);

var rules = Path.Combine("src", "PolicyLint.Core", "Rules");
var type = string.Concat(name.Split('-').Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
var known = Directory.GetFiles(rules, "*.cs", SearchOption.AllDirectories)
    .Select(path => (Type: Path.GetFileNameWithoutExtension(path), Id: Regex.Match(File.ReadAllText(path), "Id = \"(PL[0-9]{4})\"").Groups[1].Value))
    .Where(rule => rule.Id.Length > 0)
    .ToDictionary(rule => rule.Type, rule => rule.Id);
if (known.ContainsValue(id))
    return Refuse($"{id} is {known.First(rule => rule.Value == id).Key}; ids are never given twice");
var file = Path.Combine(rules, folder, type + ".cs");
if (File.Exists(file))
    return Refuse($"{file} is there already");

AddToCatalog();
File.WriteAllText(file, Rule());
var fixtures = Path.Combine("tests", "PolicyLint.Core.Tests", "Fixtures", id);
Directory.CreateDirectory(fixtures);
Console.WriteLine($"{file}\n{fixtures}: odd cases go here, one .sql file each\nNext: dotnet test tests/PolicyLint.Core.Tests --filter RuleExample");
return 0;

int Refuse(string why)
{
    Console.Error.WriteLine(why);
    return 2;
}

void AddToCatalog()
{
    var catalog = Path.Combine(rules, "RuleCatalog.cs");
    var lines = File.ReadAllLines(catalog).ToList();
    var using_ = $"using PolicyLint.Core.Rules.{folder};";
    if (!lines.Contains(using_))
        lines.Insert(lines.FindIndex(line => line.Length == 0 || string.CompareOrdinal(line, using_) > 0), using_);
    var end = lines.IndexOf("    ];");
    var at = lines.FindIndex(line => Regex.Match(line, "^        (?:new )?([A-Za-z]+)(?:\\(\\)|\\.Rule),$") is { Success: true } entry
        && known.TryGetValue(entry.Groups[1].Value, out var other) && string.CompareOrdinal(other, id) > 0);
    lines.Insert(at < 0 ? end : at, $"        new {type}(),");
    File.WriteAllText(catalog, string.Join('\n', lines) + "\n");
}

string Rule() => $$""""
    using PolicyLint.Core.Catalog;
    using PolicyLint.Core.Findings;

    namespace PolicyLint.Core.Rules.{{folder}};

    internal sealed class {{type}} : {{char.ToUpperInvariant(woken[0]) + woken[1..]}}Rule
    {
        public override RuleInfo Info { get; } = new()
        {
            Id = "{{id}}",
            Name = "{{name}}",
            Severity = Severity.Warning,
            Title = "The bad pattern in one line",
            What = "Reports what, and leaves alone what. One finding a table.",
            Why = "What happens to whom.",
            Fix = "The statement to write instead.",
            Bad = """
                create table public.notes (id uuid primary key, user_id uuid not null);
                -- ^^^ {{id}}: part of the message
                """,
            Good = """
                create table public.notes (id uuid primary key, user_id uuid not null);
                create index on public.notes (user_id);
                alter table public.notes enable row level security;
                alter table public.notes force row level security;
                create policy own on public.notes using (user_id = (select current_setting('app.user_id', true)::uuid));
                """,
            Sources = ["PostgreSQL manual, section"],{{(woken == "catalog" ? "\n        IsLive = true," : "")}}
        };

        public override void Check({{char.ToUpperInvariant(woken[0]) + woken[1..]}}RuleContext context)
        {
    {{Check()}}
        }
    }

    """";

string Check() => woken switch
{
    "catalog" => """
                foreach (var table in context.KnownTables)
                {
                    if (context.Tenancy.IsTenantTable(table))
                        context.Report(this, Location.Of(table.CreatedAt), table.Id.ToString(), $"part of the message about {table.Id}");
                }
        """,
    "statement" => """
                if (context.Statement is PolicyLint.Sql.Tree.CreateTableStatement create && context.Catalog.FindTable(create.Table) is null)
                    context.Report(this, context.At(create.Span), create.Table.ToString(), $"part of the message about {create.Table}");
        """,
    _ => """
                foreach (var change in context.Replay.Changes)
                    context.Report(this, Location.Of(change.Origin), change.Object.ToString(), $"part of the message about {change.Object}");
        """,
};
