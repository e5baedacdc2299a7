// create table notes (id uuid primary key, user_id uuid not null);
using Npgsql;

public sealed class Session
{
    private static readonly NpgsqlDataSource Source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder("Host=db;Database=app") { Multiplexing = true });

    public void Use(Guid userId) => Source.CreateCommand($"set app.user_id = '{userId}'").ExecuteNonQuery();
    //                                                     ^^^^^^^^^^^^^^^^ PL5011: Multiplexing is set
}
