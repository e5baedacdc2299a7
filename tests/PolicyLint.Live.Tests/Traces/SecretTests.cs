using PolicyLint.Cli;
using PolicyLint.Cli.Output;
using PolicyLint.Cli.Verification;
using PolicyLint.Core.Options;

namespace PolicyLint.Live.Tests.Traces;

/// <summary>However a password is given, it is in nothing that is written, also where the connection fails.</summary>
public sealed class SecretTests
{
    private const string Secret = "hunter2 & 'more'";

    public static TheoryData<string> Forms() => new()
    {
        "postgres://u:hunter2%20%26%20%27more%27@127.0.0.1:1/d?connect_timeout=1",
        "postgres://127.0.0.1:1/d?connect_timeout=1&user=u&password=hunter2%20%26%20'more'",
        "postgres://u:hunter2%20%26%20%27more%27@127.0.0.1:1/d?connect_timeout=1&sslmode=verify-full&sslcert=/none.pem&sslkey=/none.key&sslpassword=hunter2%20%26%20%27more%27",
        "postgres://u:hunter2%20%26%20%27more%27@no-such-host.invalid/d?connect_timeout=1",
        "postgres://u:hunter2%20%26%20%27more%27@127.0.0.1:x/d",
        "postgres://u:hunter2 & 'more'/@127.0.0.1:1/d",
        @"host=127.0.0.1 port=1 connect_timeout=1 dbname=d user=u password='hunter2 & \'more\''",
        "host=127.0.0.1 port=1 dbname=d user=u password=hunter2 & 'more'",
        "Host=127.0.0.1;Port=1;Timeout=1;Database=d;Username=u;Password=\"hunter2 & 'more'\"",
        "Host=127.0.0.1;Port=hunter2 & 'more';Database=d",
        "Host=127.0.0.1;Database=d;hunter2 & 'more'=x",
    };

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task A_password_is_in_no_format(string form)
    {
        var terminal = new Terminal(TextWriter.Null, TextWriter.Null, AppContext.BaseDirectory, UseColor: false, ShowProgress: false);
        var target = DatabaseTarget.Parse(form, out var error);
        var report = target is null
            ? new Report { Findings = [], Problems = [new("", error)] }
            : await DatabaseVerification.RunAsync(target, PolicyLintOptions.Default, new VerifyRequest(), terminal, default);

        Assert.Equal(ExitCode.NotDone, report.ExitCodeFor(Core.Findings.Severity.Error));
        foreach (var format in ReportFormats.Names)
        {
            using var text = new StringWriter();
            ReportFormats.Create(format, useColor: false).Write(report, text);
            foreach (var secret in new[] { Secret, "hunter2", Uri.EscapeDataString(Secret) })
                Assert.DoesNotContain(secret, text.ToString(), StringComparison.OrdinalIgnoreCase);
        }
    }
}
