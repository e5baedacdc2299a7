// create table notes (id uuid primary key, user_id uuid not null);
// alter table notes enable row level security;
// create policy own on notes using (user_id = current_setting('app.user_id')::uuid);
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

public sealed class NotesContext(DbContextOptions<NotesContext> options) : DbContext(options);

public sealed class NotesContextFactory : IDesignTimeDbContextFactory<NotesContext>
{
    // Migrations are the owner's.
    public NotesContext CreateDbContext(string[] args) => new(new DbContextOptionsBuilder<NotesContext>().UseNpgsql("Host=db;Database=app;Username=postgres").Options);
}

public static class Connections
{
    public const string Main = "Host=db;Database=app;Username=postgres;Password=secret";
    //                                               ^^^^^^^^^^^^^^^^^ PL5012: postgres passes row-level security
    public const string Escaped = "Host=db;Application Name=\u0061pp;Username=postgres";
    //                            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PL5012: postgres passes row-level security

    // A developer's.
    public const string Here = "Host=localhost;Database=app;Username=postgres";
    public const string There = "Host=db;Database=app;Username=app";

    // Nobody connects with it.
    public const string Odd = "\0;Username=postgres;Multiplexing=true";
}
