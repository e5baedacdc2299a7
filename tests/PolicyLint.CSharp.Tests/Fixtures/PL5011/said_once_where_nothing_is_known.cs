// create table notes (id uuid primary key, user_id uuid not null);
using Npgsql;

public sealed class Session(NpgsqlConnection connection)
{
    // Nobody runs this text.
    public const string Example = "set app.user_id = '1'";

    public void Use(Guid userId)
    {
        Console.WriteLine($"set app.user_id = '{userId}'");
        new NpgsqlCommand($"set app.user_id = '{userId}'", connection).ExecuteNonQuery();
        //                  ^^^^^^^^^^^^^^^^ PL5011: set it for the transaction (4 more texts do the same)
    }

    public void UseAgain(Guid userId) => new NpgsqlCommand($"set app.user_id = '{userId}'", connection).ExecuteNonQuery();

    public void UseByCall() => new NpgsqlCommand("select set_config('app.user_id', '1', false)", connection).ExecuteNonQuery();

    public void UseTenant(Guid tenantId) => new NpgsqlCommand($"set app.tenant_id = '{tenantId}'", connection).ExecuteNonQuery();
    //                                                          ^^^^^^^^^^^^^^^^^^ PL5011: set it for the transaction
}
