// create table notes (id uuid primary key, user_id uuid not null);
// config: csharp:
// config:   repository-base: App.UserScoped
namespace App;

public abstract class UserScoped
{
    public Guid UserId { get; private set; }

    public void ForUser(Guid userId) => UserId = userId;
}

public sealed class NoteRepository : UserScoped
{
    public int Count() => 0;

    public int CountOf(Guid userId) => 0;
}

public sealed class Forgets(NoteRepository notes)
{
    public int Count() => notes.Count();
    //                    ^^^^^ PL6003: Forgets uses NoteRepository and never tells it the user (UserScoped.ForUser)

    public int Again() => notes.Count();
}

public sealed class Tells(NoteRepository notes)
{
    public int Count(Guid userId)
    {
        notes.ForUser(userId);
        return notes.Count();
    }
}

public sealed class Passes(NoteRepository notes)
{
    public int Count(Guid userId) => notes.CountOf(userId);
}

public sealed class HandsOn(NoteRepository notes)
{
    public int Count() => notes.Count();

    public Tells Other() => new(notes);
}

public sealed class Makes
{
    public NoteRepository Notes { get; } = new();
}

public sealed class ByConstructor(Guid? userId = null) : UserScoped
{
    public ByConstructor WithUser(Guid user) => new(user);

    public Guid? Given => userId;
}

public static class Makers
{
    public static ByConstructor Forgets() => new();
    //                                       ^^^^^ PL6003: ByConstructor is made without a user

    public static ByConstructor TellsAtOnce(Guid userId) => new ByConstructor().WithUser(userId);
}
