using PolicyLint.Core.Rules.Live;
using PolicyLint.Core.Rules.Migrations;
using PolicyLint.Core.Rules.Policies;
using PolicyLint.Core.Rules.RowLevelSecurityState;
using PolicyLint.Core.Rules.Tool;
using PolicyLint.Core.Rules.WaysAround;

namespace PolicyLint.Core.Rules;

/// <summary>All rules of this assembly, one line each, in order of their ids. A test compares the list with the types that exist.</summary>
public static class RuleCatalog
{
    /// <summary>In order of ids.</summary>
    public static IReadOnlyList<Rule> All { get; } =
    [
        new RlsNotEnabled(),
        new RlsNotForced(),
        new RlsWithoutPolicy(),
        new PoliciesWithoutRls(),
        new TenantColumnNullable(),
        new TenantColumnMissing(),
        new PolicyColumnUnindexed(),
        new TenantColumnWithoutForeignKey(),
        new RlsDisabledByMigration(),
        new PartitionWithoutRls(),
        new ExposedWithoutRls(),
        new PolicyAlwaysTrue(),
        new PolicyDoesNotIsolate(),
        new WriteCheckLetsRowsChangeOwner(),
        new PolicyForPublic(),
        new MultiplePermissivePolicies(),
        new SessionFunctionPerRow(),
        new PolicyRecursion(),
        new PolicyTrustsUserMetadata(),
        new RestrictiveWithoutPermissive(),
        new CommandNotCovered(),
        new UpdateWithoutSelect(),
        new AnonymousAccess(),
        new MembershipNotVisible(),
        new PolicyRedundant(),
        new SettingMayBeMissing(),
        new PolicyNeverTrue(),
        new PolicyVolatileFunction(),
        new MembershipWithoutTenantKey(),
        new TenantColumnShadowed(),
        new NotInNullTrap(),
        new OwnRowOpensPrivilege(),
        new ServicePolicyForEveryone(),
        new ParentNotChecked(),
        new PolicyNotDecided(),
        new PolicyChangeNotAdditive(),
        new PolicyChangeWidens(),
        new PolicyDropped(),
        new NotNullWithoutDefault(),
        new TenantColumnWithoutBackfill(),
        new BackfillUnguarded(),
        new NotIdempotent(),
        new PolicyGap(),
        new TableExposedBeforeRls(),
        new RollbackIncomplete(),
        new RollbackOpensAccess(),
        new ConflictWithoutUnique(),
        new BackfillNotDeterministic(),
        new IndexBlocksWrites(),
        new ConcurrentlyInTransaction(),
        new ForeignKeyBlocksWrites(),
        new BackfillUnderRls(),
        new UnknownObject(),
        new CascadeDropsPolicies(),
        new HelperChangeChangesAccess(),
        new LockedOut(),
        new CopyIntoRlsTable(),
        new DefinerSearchPath(),
        new DefinerBypassesRls(),
        new ViewBypassesRls(),
        new CopyOfRowsExposed(),
        new GrantToAnon(),
        new RoleBypassesRls(),
        new DefinerPublicExecute(),
        new AuthUsersExposed(),
        new TruncateGranted(),
        new RowSecurityOff(),
        new DynamicSqlInjection(),
        new DefaultPrivilegesOpen(),
        new IsolationSwitch(),
        ExpectationFailed.Rule,
        ProbeCrossedTenants.Rule,
        ProbeContradictsProof.Rule,
        DatabaseDrifted.Rule,
        WitnessNotConfirmed.Rule,
        SyntaxErrors.Rule,
        SuppressionWithoutReason.Rule,
        SuppressionOfNothing.Rule,
        ConfigurationErrors.Rule,
        UnknownEffect.Rule,
        BudgetExceeded.Rule,
        NotAnalysed.Rule,
        CoverageOfDataAccess.Rule,
    ];

    /// <summary>The rule with that id, or null.</summary>
    public static RuleInfo? Find(string id)
    {
        foreach (var rule in All)
        {
            if (string.Equals(rule.Info.Id, id, StringComparison.OrdinalIgnoreCase))
                return rule.Info;
        }
        return null;
    }
}
