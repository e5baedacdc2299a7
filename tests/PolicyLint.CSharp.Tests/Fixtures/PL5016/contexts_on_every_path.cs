// create table notes (id uuid primary key, user_id uuid not null);
// alter table notes enable row level security;
// alter table notes force row level security;
// create policy own on notes using (user_id = (select current_setting('app.user_id', true)::uuid));
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

public sealed class Note
{
    public Guid Id { get; set; }
    public Guid UserId { get; set; }
}

public sealed class NotesContext(DbContextOptions<NotesContext> options) : DbContext(options)
{
    public DbSet<Note> Notes => Set<Note>();
}


public static class Registration
{
    public static void Add(IServiceCollection services, string connectionString) =>
        services.AddPooledDbContextFactory<NotesContext>(options => options.UseNpgsql(connectionString));
}

public sealed class Worker(IDbContextFactory<NotesContext> factory, IServiceScopeFactory scopes)
{
    public async Task<List<Note>> InATransaction(Guid userId)
    {
        await using var context = await factory.CreateDbContextAsync();
        await using var transaction = await context.Database.BeginTransactionAsync();
        await context.Database.ExecuteSqlAsync($"select set_config('app.user_id', {userId.ToString()}, true)");
        return await context.Notes.ToListAsync();
    }

    public async Task<List<Note>> BehindTheTransaction(Guid userId)
    {
        await using var context = await factory.CreateDbContextAsync();
        await using var transaction = await context.Database.BeginTransactionAsync();
        await context.Database.ExecuteSqlAsync($"select set_config('app.user_id', {userId.ToString()}, true)");
        await transaction.CommitAsync();
        return await context.Notes.ToListAsync();
        //                   ^^^^^ PL5016: is over
    }

    public async Task<List<Note>> OpenedFirst(Guid userId)
    {
        await using var context = await factory.CreateDbContextAsync();
        await context.Database.OpenConnectionAsync();
        await context.Database.ExecuteSqlAsync($"select set_config('app.user_id', {userId.ToString()}, false)");
        return await context.Notes.OrderBy(note => note.Id).ToListAsync();
    }

    public async Task<List<Note>> OpenedForEachStatement(Guid userId)
    {
        await using var context = await factory.CreateDbContextAsync();
        await context.Database.ExecuteSqlAsync($"select set_config('app.user_id', {userId.ToString()}, false)");
        return await context.Notes.OrderBy(note => note.Id).ToListAsync();
        //                   ^^^^^ PL5016: in a session that is not held open
    }

    public async Task<List<Note>> OnOneBranch(Guid? userId)
    {
        await using var context = await factory.CreateDbContextAsync();
        await context.Database.OpenConnectionAsync();
        if (userId is { } id)
            await context.Database.ExecuteSqlAsync($"select set_config('app.user_id', {id.ToString()}, false)");
        var query = context.Notes.AsNoTracking();
        return await query.ToListAsync();
        //                 ^^^^^^^^^^^ PL5016: a path leads here
    }

    public async Task<int> ThroughAMethod(Guid userId)
    {
        await using var context = await factory.CreateDbContextAsync();
        await using var transaction = await context.Database.BeginTransactionAsync();
        await Use(context, userId);
        return await context.Notes.CountAsync();
    }

    public async Task<int> InAScope()
    {
        await using var scope = scopes.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<NotesContext>();
        return await context.Notes.CountAsync();
        //                   ^^^^^ PL5016: nothing sets app.user_id
    }

    public void InALoop()
    {
        using var context = factory.CreateDbContext();
        foreach (var note in context.Notes)
        //                           ^^^^^ PL5016
            Console.WriteLine(note.Id);
    }

    public async Task<List<Note>> Written()
    {
        await using var context = await factory.CreateDbContextAsync();
        return await context.Notes.FromSql($"select * from notes").ToListAsync();
        //                                                 ^^^^^ PL5016
    }

    private static Task Use(NotesContext context, Guid userId) =>
        context.Database.ExecuteSqlAsync($"select set_config('app.user_id', {userId.ToString()}, true)");
}
