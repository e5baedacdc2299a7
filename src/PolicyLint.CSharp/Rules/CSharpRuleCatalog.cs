using PolicyLint.CSharp.Rules.Conventions;
using PolicyLint.CSharp.Rules.DataAccess;
using PolicyLint.CSharp.Rules.WaysAround;

namespace PolicyLint.CSharp.Rules;

/// <summary>All rules of this assembly, one line each, in order of their ids.</summary>
public static class CSharpRuleCatalog
{
    /// <summary>In order of ids.</summary>
    public static IReadOnlyList<CSharpRule> All { get; } =
    [
        new QueryWithoutTenantFilter(),
        new WriteWithoutTenantFilter(),
        new InsertWithoutTenant(),
        new TenantFromRequest(),
        new UpdateChangesTenant(),
        new LinqWithoutTenantFilter(),
        new QueryFiltersIgnored(),
        new BulkWriteWithoutTenantFilter(),
        new SqlConcatenated(),
        new SqlDoesNotFitTheSchema(),
        new SessionSettingLeaks(),
        new ConnectionBypassesRls(),
        new QueryFilterMissing(),
        new QueryFilterOverwritten(),
        new FilterDoesNotCoverWrites(),
        new TenantContextNotSet(),
        new ContextOutsideTransaction(),
        new PoolKeepsTenant(),
        new EmptyListDropsFilter(),
        new RepositoryNotUserScoped(),
        new FilterNotApplied(),
        new UserNotPropagated(),
        new EndpointWithoutAuthorization(),
        new UserTakenFromRequest(),
    ];

    /// <summary>All that run: those above, and what reports in C# under the id of a rule over SQL.</summary>
    internal static IReadOnlyList<CSharpRule> Running { get; } = [.. All, new IsolationSwitchRead()];
}
