using Npgsql;

namespace PolicyLint.Live.Tests;

public sealed class DatabaseTargetTests
{
    private const string Secret = "s3cr&t";

    [Theory]
    [InlineData("postgres://u:p@h:5433/d", "Host=h;Port=5433;Username=u;Password=p;Database=d")]
    [InlineData("postgresql://h", "Host=h")]
    [InlineData("POSTGRES://u@h/d", "Host=h;Username=u;Database=d")]
    [InlineData("postgres:///d", "Host=localhost;Database=d")]
    [InlineData("postgres:///d?host=/run/postgresql", "Host=/run/postgresql;Database=d")]
    [InlineData("postgres://%2Frun%2Fpostgresql/d", "Host=/run/postgresql;Database=d")]
    [InlineData("postgres://u%40x:p%2F%3A%40@h/d%20e", "Host=h;Username=u@x;Password=p/:@;Database=d e")]
    [InlineData("postgres://u:a@b@h/d", "Host=h;Username=u;Password=a@b;Database=d")]
    [InlineData("postgres://u:a:b@h/d", "Host=h;Username=u;Password=a:b;Database=d")]
    [InlineData("postgres://[::1]:5433/d", "Host=::1;Port=5433;Database=d")]
    [InlineData("postgres://a:5432,b:5433/d", "Host=a:5432,b:5433;Database=d")]
    [InlineData("postgres://h/d?sslmode=require", "Host=h;Database=d;SSL Mode=Require")]
    [InlineData("postgres://h/d?sslmode=verify-full&sslrootcert=/ca.pem", "Host=h;Database=d;SSL Mode=VerifyFull;Root Certificate=/ca.pem")]
    [InlineData("postgres://h/d?sslmode=verify-ca", "Host=h;Database=d;SSL Mode=VerifyCA")]
    [InlineData("postgres://h/d?connect_timeout=7&application_name=me", "Host=h;Database=d;Timeout=7;Application Name=me")]
    [InlineData("postgres://h/d?options=-c%20geqo%3Doff", "Host=h;Database=d;Options=-c geqo=off")]
    [InlineData("postgres://a,b/d?target_session_attrs=read-write", "Host=a,b;Database=d;Target Session Attributes=read-write")]
    [InlineData("postgres://h/d?channel_binding=require", "Host=h;Database=d;Channel Binding=Require")]
    [InlineData("postgres://h/d?gssencmode=disable", "Host=h;Database=d;GSS Encryption Mode=Disable")]
    [InlineData("postgres://h/d?require_auth=scram-sha-256&load_balance_hosts=random", "Host=h;Database=d;Require Auth=ScramSHA256;Load Balance Hosts=true")]
    [InlineData("postgres://h/d?keepalives=1&keepalives_idle=30&keepalives_interval=5&keepalives_count=3", "Host=h;Database=d;Tcp Keepalive=true;Tcp Keepalive Time=30;Tcp Keepalive Interval=5")]
    [InlineData("postgres://h/d?sslcert=/c.pem&sslkey=/k.pem&sslpassword=p&sslnegotiation=direct&sslmode=require", "Host=h;Database=d;SSL Certificate=/c.pem;SSL Key=/k.pem;SSL Password=p;SSL Negotiation=Direct;SSL Mode=Require")]
    [InlineData("postgres://h/d?sslrootcert=system", "Host=h;Database=d;SSL Mode=VerifyFull")]
    [InlineData("postgres://h/d?passfile=/p&krbsrvname=k&client_encoding=UTF8", "Host=h;Database=d;Passfile=/p;Kerberos Service Name=k;Client Encoding=UTF8")]
    [InlineData("postgres://h/d?schema=public&pgbouncer=true&connection_limit=1", "Host=h;Database=d")]
    [InlineData("postgres://u@h/d?user=v&host=i&port=5433&dbname=e&password=p", "Host=i;Port=5433;Database=e;Username=v;Password=p")]
    [InlineData("host=h port=5433 dbname=d user=u", "Host=h;Port=5433;Database=d;Username=u")]
    [InlineData("host = h  password = 'it\\'s a \\\\ b' sslmode=verify-full", "Host=h;Password=\"it's a \\ b\";SSL Mode=VerifyFull")]
    [InlineData("dbname=d", "Host=localhost;Database=d")]
    [InlineData(" Host=h; Database=d; Password=\"a;b\" ", "Host=h;Database=d;Password=\"a;b\"")]
    public void A_url_means_what_libpq_says(string text, string expected)
    {
        var target = DatabaseTarget.Parse(text, out var error);
        Assert.Equal("", error);
        Assert.NotNull(target);
        Assert.True(new NpgsqlConnectionStringBuilder(expected).EquivalentTo(target.Connection), target.Connection.ConnectionString);
    }

    [Theory]
    [InlineData("postgres://u:s3cr&t@h/d?sslmod=require", "'sslmod'")]
    [InlineData("postgres://u:s3cr&t@h/d?sslmode=maybe", "'maybe'")]
    [InlineData("postgres://u:s3cr&t@h/d?connect_timeout=soon", "'soon'")]
    [InlineData("postgres://u:s3cr&t@h:port/d", "port")]
    [InlineData("postgres://u:s3cr&t/x@h/d", "%2F")]
    [InlineData("postgres://u:s3cr&t?x=y@h/d", "%3F")]
    [InlineData("postgres://u:s3cr&t#x@h/d", "%23")]
    [InlineData("postgres://u:s3cr&t", "end with '@'")]
    [InlineData("postgres://u:s3cr&t%zz@h/d", "%25")]
    [InlineData("postgres://u:s3cr&t@[::1/d", "']'")]
    [InlineData("postgres://u:s3cr&t@h/d?sslmode", "name=value")]
    [InlineData("Host=h;Password=x;s3cr&t=y", "semicolon")]
    [InlineData("Host=h;Port=s3cr&t", "can't be read")]
    [InlineData("host=h password=s3cr&t s3cr&t=x", "blank")]
    [InlineData("host=h password=s3cr&t secret=x", "single quotes")]
    [InlineData("host=h password='s3cr&t", "closing quote")]
    [InlineData("Host=h Database=d Password=s3cr&t", "semicolons")]
    [InlineData("postgres://u:s3cr&t@h/d?requirepeer=postgres", "'requirepeer'")]
    [InlineData("Database=d;Password=s3cr&t", "no Host")]
    [InlineData("s3cr&t", "neither a URL")]
    public void What_cannot_be_read_is_said_without_a_password(string text, string part)
    {
        Assert.Null(DatabaseTarget.Parse(text, out var error));
        Assert.Contains(part, error, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_target_shows_everything_but_the_password()
    {
        var target = DatabaseTarget.Parse("postgres://u:s3cr&t@h:5433/d?sslpassword=s3cr%26t", out _)!;
        Assert.Equal("u@h:5433/d", target.ToString());
        Assert.Equal("a *** b *** c", target.WithoutPassword("a s3cr&t b s3cr%26t c"));
    }

    [Theory]
    [InlineData("postgres://h/d?service=prod", "", "app@h:6000/d", "of the service")]
    [InlineData("service=prod", "", "app@db.example:6000/shop", "of the service")]
    [InlineData("service=prod user=me", "", "me@db.example:6000/shop", "of the service")]
    [InlineData("", "PGSERVICE=prod", "app@db.example:6000/shop", "of the service")]
    [InlineData("", "PGSERVICE=prod PGUSER=other PGDATABASE=other", "app@db.example:6000/shop", "of the service")]
    [InlineData("", "PGSERVICE=everywhere", "sys@system/all", null)]
    [InlineData("", "PGSERVICE=prod PGSERVICEFILE=none", "", "in none of the service files")]
    [InlineData("service=staging", "", "", "in none of the service files")]
    [InlineData("service=broken", "", "", "line 9 is not name=value")]
    [InlineData("service=wrong", "", "", "'colour'")]
    [InlineData("postgres:///d", "PGHOST=h PGPORT=6001 PGUSER=u PGPASSWORD=p", "u@h:6001/d", "p")]
    [InlineData("postgres://v@i/d", "PGHOST=h PGUSER=u PGPASSWORD=p", "v@i/d", "p")]
    [InlineData("Host=i;Database=d", "PGUSER=u PGSERVICE=prod", "i/d", null)]
    [InlineData("", "DATABASE_URL=postgres:///d?service=prod", "app@db.example:6000/d", "of the service")]
    public void What_is_left_out_comes_from_the_service_and_the_environment(string text, string environment, string expected, string? password)
    {
        var folder = Directory.CreateTempSubdirectory("policylint");
        try
        {
            File.WriteAllText(Path.Combine(folder.FullName, "mine"), """
                # comment
                [prod]
                host=db.example
                port=6000
                dbname = shop
                user=app
                password=of the service
                [broken]
                hostdb.example
                [wrong]
                colour=red
                """);
            File.WriteAllText(Path.Combine(folder.FullName, "pg_service.conf"), "[everywhere]\nhost=system\nuser=sys\ndbname=all\n");
            var variables = environment.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(static pair => pair.Split('=', 2)).ToDictionary(static pair => pair[0], static pair => pair[1], StringComparer.Ordinal);
            variables.TryAdd("PGSERVICEFILE", Path.Combine(folder.FullName, "mine"));
            variables.TryAdd("PGSYSCONFDIR", folder.FullName);
            var target = text.Length > 0 ? DatabaseTarget.Parse(text, out var error, variables.GetValueOrDefault) : DatabaseTarget.FromEnvironment(variables.GetValueOrDefault, out error);

            Assert.Equal(expected, target?.ToString() ?? "");
            if (target is null)
                Assert.Contains(password!, error, StringComparison.Ordinal);
            else
                Assert.Equal(password, target.Connection.Password);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void The_environment_is_read_as_libpq_does()
    {
        Assert.Equal("u@h/d", From(("DATABASE_URL", "postgres://u@h/d"), ("PGHOST", "other"), ("PGUSER", "other"))!.ToString());
        Assert.Equal("u@h:5433/d", From(("PGHOST", "h"), ("PGPORT", "5433"), ("PGDATABASE", "d"), ("PGUSER", "u"), ("PGPASSWORD", Secret))!.ToString());
        Assert.Null(From(("PGUSER", "u")));
        Assert.Null(From(("PGSERVICE", "prod"), ("PGHOST", "h")));
        Assert.Null(From(("PGHOST", "h"), ("PGPORT", "none")));

        static DatabaseTarget? From(params (string Name, string Value)[] variables)
        {
            var target = DatabaseTarget.FromEnvironment(
                name => Array.Find(variables, v => v.Name == name).Value, out var error);
            Assert.Equal(target is null, error.Length > 0);
            return target;
        }
    }
}
