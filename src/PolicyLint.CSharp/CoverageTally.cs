using Microsoft.CodeAnalysis;

namespace PolicyLint.CSharp;

/// <summary>Adds up what is known of the tables of one place: the weakest answer is the place's.</summary>
internal sealed class CoverageTally
{
    private bool _isAny;
    private bool _isOpen;
    private bool _allFiltered = true;
    private bool _allGuarded = true;
    private string? _undecided;

    public void Add(bool isFiltered, bool isOpen, bool isGuarded, string reason)
    {
        _isAny = true;
        _isOpen |= isOpen && !isGuarded;
        _allFiltered &= isFiltered;
        _allGuarded &= isGuarded;
        if (!isFiltered && !isOpen && !isGuarded)
            _undecided ??= reason;
    }

    public SiteCoverage At(Location location)
    {
        if (!_isAny)
            return new(location, SiteAnswer.NoTenantTable, "");
        if (_isOpen)
            return new(location, SiteAnswer.Open, "");
        if (_undecided is not null)
            return new(location, SiteAnswer.NotAnalysed, _undecided);
        // Where neither covers all tables, both are at work.
        return new(location, (_allFiltered, _allGuarded) switch { (true, true) => SiteAnswer.GuardedByBoth, (true, false) => SiteAnswer.GuardedByPredicate, (false, true) => SiteAnswer.GuardedByRowSecurity, _ => SiteAnswer.GuardedByBoth }, "");
    }
}
