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
    [InlineData("host=h dbname=d password=s3cr&t", "semicolons")]
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
