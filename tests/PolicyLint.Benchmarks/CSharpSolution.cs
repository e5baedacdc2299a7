using System.Globalization;
using System.Text;

namespace PolicyLint.Benchmarks;

/// <summary>A generated solution: services with queries through Dapper, Npgsql and EF Core among ordinary code, and the migrations of their tables.</summary>
internal sealed class CSharpSolution(string folder, int projects, int filesPerProject, int migrations)
{
    /// <summary>What the package adds to a project that refers to it.</summary>
    public const string Targets = "PolicyLint.Analyzers.targets";

    public string Folder { get; } = folder;

    public string SolutionFile => Path.Combine(Folder, "Generated.slnx");

    public int Queries => projects * filesPerProject * 3;

    /// <summary>The file that the edits go to.</summary>
    public string EditedFile => FileOf(projects - 1, filesPerProject / 2);

    public string EditedProject => ProjectFileOf(projects - 1);

    public void Write()
    {
        File.WriteAllText(Path.Combine(Folder, "policylint.yml"), "migrations: migrations/*.sql\ntenancy:\n  user_id: { is: \"current_setting('app.user_id', true)::uuid\" }\n");
        using (var targets = File.Create(Path.Combine(Folder, Targets)))
            typeof(CSharpSolution).Assembly.GetManifestResourceStream(Targets)!.CopyTo(targets);
        Directory.CreateDirectory(Path.Combine(Folder, "migrations"));
        for (var i = 0; i < migrations; i++)
            File.WriteAllText(Path.Combine(Folder, "migrations", i.ToString("0000", CultureInfo.InvariantCulture) + "_t" + i.ToString(CultureInfo.InvariantCulture) + ".sql"), Migration(i));
        var solution = new StringBuilder("<Solution>\n");
        for (var project = 0; project < projects; project++)
        {
            var file = ProjectFileOf(project);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, ProjectFile);
            solution.Append(CultureInfo.InvariantCulture, $"  <Project Path=\"P{project}/P{project}.csproj\" />\n");
            for (var i = 0; i < filesPerProject; i++)
                File.WriteAllText(FileOf(project, i), Service((project * filesPerProject) + i));
        }
        File.WriteAllText(SolutionFile, solution.Append("</Solution>\n").ToString());
    }

    /// <summary>Changes one line, another one each time.</summary>
    public static string Edit(string text, int edit) => text.Replace("private const int Attempts = 3;", $"private const int Attempts = {edit.ToString(CultureInfo.InvariantCulture)};", StringComparison.Ordinal);

    private string ProjectFileOf(int project) => Path.Combine(Folder, $"P{project}", $"P{project}.csproj");

    private string FileOf(int project, int file) => Path.Combine(Folder, $"P{project}", $"Service{(project * filesPerProject) + file}.cs");

    private const string ProjectFile = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <TargetFramework>net10.0</TargetFramework>
            <Nullable>enable</Nullable>
            <ImplicitUsings>enable</ImplicitUsings>
            <NuGetAudit>false</NuGetAudit>
            <!-- As the README says: one project of a solution reports what is found in SQL. -->
            <PolicyLintSqlFindings Condition="'$(MSBuildProjectName)' != 'P0'">false</PolicyLintSqlFindings>
          </PropertyGroup>
          <ItemGroup>
            <PackageReference Include="Npgsql.EntityFrameworkCore.PostgreSQL" Version="10.0.0" />
            <PackageReference Include="Dapper" Version="2.1.66" />
            <PackageDownload Include="Meziantou.Analyzer" Version="[3.0.321]" />
          </ItemGroup>
          <ItemGroup Condition="'$(With)' == 'meziantou'">
            <Analyzer Include="$(NuGetPackageRoot)meziantou.analyzer/3.0.321/analyzers/dotnet/roslyn5.0/cs/*.dll" />
          </ItemGroup>
          <ItemGroup Condition="'$(With)' == 'policylint'">
            <Analyzer Include="$(PolicyLintFolder)/PolicyLint.*.dll;$(PolicyLintFolder)/YamlDotNet.dll" />
          </ItemGroup>
          <Import Project="$(PolicyLintTargets)" Condition="'$(With)' == 'policylint'" />
        </Project>
        """;

    private static string Migration(int i) => $"""
        create table public.notes{i} (
          id uuid primary key default gen_random_uuid(),
          user_id uuid not null,
          title text not null,
          body text,
          score int not null default 0 check (score >= 0),
          created_at timestamptz not null default now()
        );
        create index notes{i}_user on public.notes{i} (user_id, created_at);
        alter table public.notes{i} enable row level security;
        alter table public.notes{i} force row level security;
        create policy own_select on public.notes{i} for select using (user_id = (select current_setting('app.user_id', true)::uuid));
        create policy own_write on public.notes{i} for all using (user_id = (select current_setting('app.user_id', true)::uuid)) with check (user_id = (select current_setting('app.user_id', true)::uuid));
        comment on table public.notes{i} is 'Notes of one user.';

        """;

    private string Service(int i)
    {
        var table = i % migrations;
        return $$""""
            using System.Globalization;
            using System.Text;
            using Dapper;
            using Microsoft.EntityFrameworkCore;
            using Npgsql;

            namespace Generated.Services{{i}};

            public sealed record Note(Guid Id, Guid UserId, string Title, string? Body, int Score, DateTimeOffset CreatedAt)
            {
                public string Summary => Body is { Length: > 80 } text ? text[..80] + "…" : Body ?? Title;

                public bool IsRecent(DateTimeOffset now) => now - CreatedAt < TimeSpan.FromDays(7);
            }

            public sealed class Notes{{i}}
            {
                public Guid Id { get; set; }
                public Guid UserId { get; set; }
                public string Title { get; set; } = "";
                public string? Body { get; set; }
                public int Score { get; set; }
            }

            public sealed class Context{{i}}(DbContextOptions<Context{{i}}> options, Guid user) : DbContext(options)
            {
                public DbSet<Notes{{i}}> Notes => Set<Notes{{i}}>();

                protected override void OnModelCreating(ModelBuilder modelBuilder)
                {
                    modelBuilder.Entity<Notes{{i}}>().ToTable("notes{{table}}", "public").Property(note => note.UserId).HasColumnName("user_id");
                    modelBuilder.Entity<Notes{{i}}>().HasQueryFilter(note => note.UserId == user);
                }
            }

            public sealed class NoteService{{i}}(NpgsqlDataSource source, Context{{i}} context)
            {
                private const int Attempts = 3;

                private readonly Dictionary<Guid, Note> _known = [];

                public async Task<IReadOnlyList<Note>> List(Guid userId, int most)
                {
                    await using var connection = await source.OpenConnectionAsync();
                    var notes = await connection.QueryAsync<Note>(
                        "select id, user_id, title, body, score, created_at from public.notes{{table}} where user_id = @userId and score > @least order by created_at desc limit @most",
                        new { userId, least = 3, most });
                    foreach (var note in notes)
                        _known[note.Id] = note;
                    return [.. notes];
                }

                public async Task<int> Rename(Guid userId, Guid id, string title)
                {
                    ArgumentException.ThrowIfNullOrWhiteSpace(title);
                    await using var command = source.CreateCommand("""
                        update public.notes{{table}}
                        set title = @title
                        where id = @id and user_id = @user
                        """);
                    command.Parameters.AddWithValue("title", title.Trim());
                    command.Parameters.AddWithValue("id", id);
                    command.Parameters.AddWithValue("user", userId);
                    return await command.ExecuteNonQueryAsync();
                }

                public async Task<List<string>> Titles(string start) =>
                    await context.Notes.Where(note => note.Title.StartsWith(start)).OrderBy(note => note.Title).Select(note => note.Title).ToListAsync();

                public string Report(IReadOnlyList<Note> notes, DateTimeOffset now)
                {
                    var text = new StringBuilder();
                    foreach (var group in notes.GroupBy(note => note.CreatedAt.Date).OrderBy(group => group.Key))
                    {
                        text.Append(group.Key.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)).Append(": ").AppendLine(group.Count().ToString(CultureInfo.InvariantCulture));
                        foreach (var note in group.Where(note => note.IsRecent(now)))
                            text.Append("  ").Append(note.Title).Append(" (").Append(note.Score).Append(')').AppendLine();
                    }
                    return text.ToString();
                }

                public async Task<T> Retry<T>(Func<Task<T>> work)
                {
                    for (var attempt = 1; ; attempt++)
                    {
                        try
                        {
                            return await work();
                        }
                        catch (TimeoutException) when (attempt < Attempts)
                        {
                            await Task.Delay(TimeSpan.FromMilliseconds(20 * attempt));
                        }
                    }
                }

                public static int Rank(Note note, IReadOnlyDictionary<string, int> weights)
                {
                    var rank = note.Score;
                    foreach (var word in note.Title.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                    {
                        if (weights.TryGetValue(word.ToLowerInvariant(), out var weight))
                            rank += weight;
                        else if (word.Length > 12)
                            rank--;
                    }
                    return Math.Max(0, rank);
                }
            }

            """";
    }
}
