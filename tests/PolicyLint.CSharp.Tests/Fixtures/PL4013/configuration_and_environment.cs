// create table notes (id uuid primary key, user_id uuid not null);
using Microsoft.Extensions.Configuration;

public sealed class Startup(IConfiguration configuration)
{
    public bool Variable() => Environment.GetEnvironmentVariable("APP_DISABLE_TENANT_ISOLATION") == "1";
    //                                                           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PL4013: APP_DISABLE_TENANT_ISOLATION switches isolation off

    public bool Key() => configuration.GetValue<bool>("Security:BypassRls");
    //                                                ^^^^^^^^^^^^^^^^^^^^ PL4013: Security:BypassRls

    public bool Indexer() => bool.Parse(configuration["Tenancy:SkipTenantFilter"] ?? "false");
    //                                                ^^^^^^^^^^^^^^^^^^^^^^^^^^ PL4013

    public bool Other() => configuration.GetValue<bool>("Http:IgnoreUrls") || configuration.GetValue<bool>("Tenancy:DisableTenantRegistration") || configuration.GetValue<bool>("Db:SkipIsolationLevel");

    public bool Isolation() => configuration.GetValue<bool>("Tenancy:Isolation");

    public bool Develop(Microsoft.Extensions.Hosting.IHostEnvironment environment) =>
        Microsoft.Extensions.Hosting.HostEnvironmentEnvExtensions.IsDevelopment(environment) && configuration.GetValue<bool>("DisableIsolation");
}
