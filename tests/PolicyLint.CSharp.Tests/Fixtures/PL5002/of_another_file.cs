// create table notes (id uuid primary key, user_id uuid not null, title text not null);
using Npgsql;

public sealed class Notes(NpgsqlDataSource source)
{
    public void Clear() => source.CreateCommand(Queries.Clear).ExecuteNonQuery();
}

// file: Queries.cs
internal static class Queries
{
    public const string Clear = "delete from notes";
    //                                       ^^^^^ PL5002: notes is deleted from
}
