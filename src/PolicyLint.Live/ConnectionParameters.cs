using Npgsql;

namespace PolicyLint.Live;

/// <summary>Parameters of a connection under libpq's names (manual 34.1.2), kept as Npgsql's keywords. What is set first stays.</summary>
internal sealed class ConnectionParameters
{
    // host, port, user, password and dbname may also stand after the '?' of a URL, and then win.
    private static readonly Dictionary<string, string> Keywords = new(StringComparer.Ordinal)
    {
        ["host"] = "Host",
        ["port"] = "Port",
        ["user"] = "Username",
        ["password"] = "Password",
        ["dbname"] = "Database",
        ["passfile"] = "Passfile",
        ["sslmode"] = "SSL Mode",
        ["sslnegotiation"] = "SSL Negotiation",
        ["sslrootcert"] = "Root Certificate",
        ["sslcert"] = "SSL Certificate",
        ["sslkey"] = "SSL Key",
        ["sslpassword"] = "SSL Password",
        ["gssencmode"] = "GSS Encryption Mode",
        ["krbsrvname"] = "Kerberos Service Name",
        ["channel_binding"] = "Channel Binding",
        ["require_auth"] = "Require Auth",
        ["connect_timeout"] = "Timeout",
        ["application_name"] = "Application Name",
        ["options"] = "Options",
        ["client_encoding"] = "Client Encoding",
        ["target_session_attrs"] = "Target Session Attributes",
        ["load_balance_hosts"] = "Load Balance Hosts",
        ["keepalives"] = "Tcp Keepalive",
        ["keepalives_idle"] = "Tcp Keepalive Time",
        ["keepalives_interval"] = "Tcp Keepalive Interval",
    };

    // Parameters of libpq that make no difference to what is read, and those that Prisma puts into the URLs that it shares with others.
    private static readonly HashSet<string> Ignored = new(StringComparer.Ordinal)
    {
        "fallback_application_name", "keepalives_count", "tcp_user_timeout", "sslcompression", "sslsni", "gsslib", "gssdelegation",
        "schema", "pgbouncer", "connection_limit", "pool_timeout", "socket_timeout", "statement_cache_size",
    };

    private static readonly (string Variable, string Key)[] Variables =
    [
        ("PGHOST", "host"), ("PGPORT", "port"), ("PGDATABASE", "dbname"), ("PGUSER", "user"), ("PGPASSWORD", "password"), ("PGPASSFILE", "passfile"),
        ("PGSSLMODE", "sslmode"), ("PGSSLNEGOTIATION", "sslnegotiation"), ("PGSSLROOTCERT", "sslrootcert"), ("PGSSLCERT", "sslcert"), ("PGSSLKEY", "sslkey"),
        ("PGGSSENCMODE", "gssencmode"), ("PGKRBSRVNAME", "krbsrvname"), ("PGCHANNELBINDING", "channel_binding"), ("PGREQUIREAUTH", "require_auth"),
        ("PGCONNECT_TIMEOUT", "connect_timeout"), ("PGOPTIONS", "options"), ("PGCLIENTENCODING", "client_encoding"),
        ("PGTARGETSESSIONATTRS", "target_session_attrs"), ("PGLOADBALANCEHOSTS", "load_balance_hosts"),
    ];

    private readonly HashSet<string> given = new(StringComparer.Ordinal);

    /// <summary>What Npgsql is told.</summary>
    public NpgsqlConnectionStringBuilder Connection { get; } = [];

    /// <summary>The service whose parameters fill in what is not given; null for none.</summary>
    public string? Service { get; private set; }

    /// <summary>Whether a parameter has this name in libpq.</summary>
    public static bool IsKnown(string key) => key == "service" || Keywords.ContainsKey(key) || Ignored.Contains(key);

    /// <summary>Sets a parameter whose value can't be wrong.</summary>
    public void Set(string key, string value)
    {
        given.Add(key);
        Connection[Keywords[key]] = value;
    }

    /// <summary>Sets a parameter.</summary>
    public bool TrySet(string key, string value, out string error)
    {
        error = "";
        if (key == "service")
        {
            Service = value;
            return true;
        }
        if (Ignored.Contains(key))
            return true;
        if (!Keywords.TryGetValue(key, out var keyword))
        {
            error = $"'{key}' is not a parameter of connections that is known here. Known are {string.Join(", ", Keywords.Keys)}, service.";
            return false;
        }
        if (key == "sslrootcert" && value == "system")
        {
            // The system's store is Npgsql's default; libpq does not let it go with less than this.
            given.Add(key);
            Set("sslmode", "VerifyFull");
            return true;
        }
        try
        {
            Connection[keyword] = ForNpgsql(key, value);
            given.Add(key);
            return true;
        }
        catch (Exception e) when (e is ArgumentException or FormatException or OverflowException or InvalidCastException)
        {
            error = key is "password" or "sslpassword" ? $"The value of '{key}' can't be read." : $"'{value}' is no value for '{key}'.";
            return false;
        }
    }

    /// <summary>Fills in what is not given: from the service, where one is named, then from the environment, as libpq does.</summary>
    /// <param name="variable">Gives the value of an environment variable, or null.</param>
    /// <param name="error">Why a value can't be read, or the service is not found.</param>
    public bool TryComplete(Func<string, string?> variable, out string error)
    {
        Service ??= variable("PGSERVICE") is { Length: > 0 } named ? named : null;
        if (Service is not null)
        {
            if (ServiceFile.Read(Service, variable, out error) is not { } parameters)
                return false;
            foreach (var (key, value) in parameters)
            {
                if (!given.Contains(key) && !TrySet(key, value, out error))
                {
                    error = $"The service '{Service}': {error}";
                    return false;
                }
            }
        }
        foreach (var (name, key) in Variables)
        {
            if (!given.Contains(key) && variable(name) is { Length: > 0 } value && !TrySet(key, value, out error))
            {
                error = $"{name}: {error}";
                return false;
            }
        }
        error = "";
        return true;
    }

    // Npgsql writes its enumerations without the hyphens that libpq's values have (verify-full), and has words of its own for switches.
    private static string ForNpgsql(string key, string value) => key switch
    {
        "sslmode" or "sslnegotiation" or "gssencmode" or "channel_binding" => value.Replace("-", "", StringComparison.Ordinal),
        "require_auth" => value.Replace("scram-sha-256", "ScramSHA256", StringComparison.Ordinal),
        "keepalives" => value == "0" ? "false" : value == "1" ? "true" : value,
        "load_balance_hosts" => value == "disable" ? "false" : value == "random" ? "true" : value,
        _ => value,
    };
}
