using PolicyLint.Core.Catalog;

namespace PolicyLint.Core.Logic.Proving;

/// <summary>A question to the prover, with the states of the schema in which it is asked.</summary>
internal sealed record Question(Reading Reading, Reading? Earlier, int Steps, KnownSession? Session, Table Table, Claim Premise, Claim Goal, bool IsNew)
{
    /// <summary>Everything that the decision depends on but what it looks up on the way; null where its names may mean something by themselves.</summary>
    public int[]? KeyOf(Contents contents, Naming naming)
    {
        var parts = new List<int>(32)
        {
            naming.IsByName ? 1 : 0,
            contents.Of(Reading.Catalog).Shape,
            Earlier is null ? 0 : contents.Of(Earlier.Catalog).Shape,
            (IsNew ? 1 : 0) | (Reading.Policies.IsRoleKnown ? 2 : 0) | (Earlier?.Policies.IsRoleKnown == true ? 4 : 0) | (Session is null ? 0 : 8),
            Steps,
            Session is null ? 0 : contents.NumberOf(Session.Text),
        };
        var table = contents.Of(Table);
        naming.Add(parts, table);
        return (Add(parts, contents, naming, Premise) & Add(parts, contents, naming, Goal) & !table.IsByName) || naming.IsByName ? [.. parts] : null;
    }

    /// <summary>What is there now to be read.</summary>
    public Content ContentOf(Contents contents, Read read)
    {
        var reading = read.IsEarlier ? Earlier! : Reading;
        switch (read.Kind)
        {
            case ReadKind.Functions:
                return reading.Catalog.Functions.TryGetValue(read.Id, out var functions) ? contents.Of(functions) : Content.None;
            case ReadKind.Relation:
                return contents.Of(Find(reading, read.Id));
            case ReadKind.Policies:
                return Find(reading, read.Id) is Table table ? contents.PoliciesOf(reading.Policies, table) : Content.None;
            default:
                return new(Find(reading, read.Id) is Table owned && reading.Policies.OwnerReadsAll(owned) ? 1 : 0, [], IsByName: false);
        }
    }

    private static Relation? Find(Reading reading, QualifiedId id) => reading.Catalog.Relations.TryGetValue(id, out var relation) ? relation : null;

    private static bool Add(List<int> parts, Contents contents, Naming naming, Claim claim)
    {
        switch (claim)
        {
            case Claim.Everything:
                parts.Add(-1);
                return true;
            case Claim.Nothing:
                parts.Add(-2);
                return true;
            case Claim.AllOf all:
                return Add(parts, contents, naming, -3, all.Claims);
            case Claim.AnyOf any:
                return Add(parts, contents, naming, -4, any.Claims);
            case Claim.Condition condition:
                parts.Add(-5);
                parts.Add((int)condition.Sight);
                return Add(parts, naming, contents.Of(condition.Expression));
            case Claim.Policies combined:
                parts.Add(-6);
                parts.Add((int)combined.Clause);
                return Add(parts, naming, contents.Of(combined.Applying));
            default:
                throw new InvalidOperationException("a claim of an unknown kind");
        }
    }

    private static bool Add(List<int> parts, Naming naming, Content content)
    {
        naming.Add(parts, content);
        return !content.IsByName;
    }

    private static bool Add(List<int> parts, Contents contents, Naming naming, int kind, IReadOnlyList<Claim> claims)
    {
        parts.Add(kind);
        parts.Add(claims.Count);
        var isPlain = true;
        foreach (var claim in claims)
            isPlain &= Add(parts, contents, naming, claim);
        return isPlain;
    }
}
