using PolicyLint.Core.Catalog;

namespace PolicyLint.Core.Logic.Proving;

/// <summary>A question to the prover.</summary>
/// <param name="Circumstances">Where and of whom it is asked.</param>
/// <param name="Subject">What is asked.</param>
/// <param name="IsNew">The row is about to be written.</param>
internal readonly record struct Question(Circumstances Circumstances, Subject Subject, bool IsNew);

/// <summary>What is asked about a row of a table: whether the goal follows from the premise. One object for all who ask it says it once.</summary>
internal sealed class Subject(Table table, Claim premise, Claim goal)
{
    private Contents? _contents;
    private Content _content = Content.None;

    public Table Table => table;

    public Claim Premise => premise;

    public Claim Goal => goal;

    public Content In(Contents contents)
    {
        if (!ReferenceEquals(_contents, contents))
            (_contents, _content) = (contents, contents.Of(this));
        return _content;
    }
}

/// <summary>The states of the schema in which questions are asked, what is known of the session, and the steps that an answer may take.</summary>
internal sealed class Circumstances(Reading reading, Reading? earlier, int steps, KnownSession? session)
{
    private readonly Dictionary<long, Content> _read = [];
    private Contents? _contents;
    private int _number;

    /// <summary>Two states are compared.</summary>
    public bool IsOverTime => earlier is not null;

    public bool Are(Reading other, Reading? otherEarlier, int otherSteps, KnownSession? otherSession) =>
        ReferenceEquals(reading, other) && ReferenceEquals(earlier, otherEarlier) && steps == otherSteps && ReferenceEquals(session, otherSession);

    /// <summary>A number for all that an answer depends on but the question and what is looked up on the way.</summary>
    public int NumberIn(Contents contents)
    {
        Enter(contents);
        return _number;
    }

    /// <summary>What is there now to be read.</summary>
    public Content Read(Contents contents, ReadKind kind, bool isEarlier, int schema, int name)
    {
        Enter(contents);
        var key = ((long)schema << 34) | ((long)name << 3) | ((long)kind << 1) | (isEarlier ? 1L : 0L);
        if (!_read.TryGetValue(key, out var content))
            _read.Add(key, content = Read(contents, kind, isEarlier ? earlier! : reading, new(contents.TextOf(schema), contents.TextOf(name))));
        return content;
    }

    private static Content Read(Contents contents, ReadKind kind, Reading reading, QualifiedId id)
    {
        switch (kind)
        {
            case ReadKind.Functions:
                return reading.Catalog.Functions.TryGetValue(id, out var functions) ? contents.Of(functions) : Content.None;
            case ReadKind.Relation:
                return contents.Of(Find(reading, id));
            case ReadKind.Policies:
                return Find(reading, id) is Table table ? contents.PoliciesOf(reading.Policies, table) : Content.None;
            default:
                return Find(reading, id) is Table owned && reading.Policies.OwnerReadsAll(owned) ? Content.Some : Content.None;
        }
    }

    private static Relation? Find(Reading reading, QualifiedId id) => reading.Catalog.Relations.TryGetValue(id, out var relation) ? relation : null;

    private void Enter(Contents contents)
    {
        if (ReferenceEquals(_contents, contents))
            return;
        _contents = contents;
        _read.Clear();
        var content = contents.Begin();
        content.Add(contents.Of(reading.Catalog).Shape);
        content.Add(earlier is null ? 0 : contents.Of(earlier.Catalog).Shape);
        content.AddFlags(reading.Policies.IsRoleKnown, earlier?.Policies.IsRoleKnown == true, session is not null);
        content.Add(steps);
        content.AddText(session?.Text ?? "");
        _number = content.Build().Shape;
    }
}
