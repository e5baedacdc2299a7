namespace PolicyLint.CSharp.Connections;

/// <summary>Whether a connection knows the user, at one place of one path.</summary>
internal enum Standing
{
    /// <summary>Code that can't be read may have set it.</summary>
    Unknown,

    /// <summary>Nothing has set it since the connection was opened.</summary>
    Unset,

    /// <summary>It is set for the session.</summary>
    Set,

    /// <summary>It is set for the transaction that is open.</summary>
    SetForTransaction,

    /// <summary>It was set for a transaction, and that is over.</summary>
    Ended,

    /// <summary>It was set for a session that went back to the pool with its statement.</summary>
    Returned,
}

/// <summary>What is known of a connection, or of a context of EF Core with its connection, at one place of one path.</summary>
/// <param name="Tenant">Whether it knows the user.</param>
/// <param name="HasTransaction">A transaction is open; null where that is not known.</param>
/// <param name="IsHeldOpen">Otherwise each statement opens it and gives it back.</param>
/// <param name="IsOfRequest">The user was taken from the request that is being served.</param>
internal readonly record struct ConnectionState(Standing Tenant, bool? HasTransaction, bool IsHeldOpen, bool IsOfRequest = false)
{
    /// <summary>Not opened yet.</summary>
    public static ConnectionState Closed { get; } = new(Standing.Unset, HasTransaction: false, IsHeldOpen: false);

    /// <summary>Opened, and nothing run on it.</summary>
    public static ConnectionState Open { get; } = Closed with { IsHeldOpen = true };

    /// <summary>A query finds no user.</summary>
    public bool IsOpenToAll => Tenant is Standing.Unset or Standing.Ended or Standing.Returned;

    /// <summary>Behind the end of its transaction.</summary>
    public ConnectionState WithoutTransaction => this with { HasTransaction = false, Tenant = Tenant == Standing.SetForTransaction ? Standing.Ended : Tenant };

    /// <summary>Behind its return to the pool.</summary>
    public ConnectionState GivenBack => this with { HasTransaction = false, IsHeldOpen = false, Tenant = Tenant is Standing.Set or Standing.SetForTransaction ? Standing.Returned : Tenant };
}
