using PolicyLint.Core.Analysis;
using PolicyLint.Sql;
using PolicyLint.Sql.Text;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Catalog.Replay;

/// <summary>What the replay of every statement family shares: the state, the session, where facts come from, and what is reported.</summary>
internal sealed class ReplayContext
{
    private readonly UndoValue<string> _role;
    private Origin _here = Origin.Default;

    public ReplayContext(CatalogState state, AnalysisLimits limits, CancellationToken cancellation)
    {
        State = state;
        Limits = limits;
        Cancellation = cancellation;
        _role = new(state.Log, "postgres");
        Types = new TypeNames(state);
        Names = new ObjectNames(state);
        Dependents = new Dependents(state);
    }

    public CatalogState State { get; }

    public AnalysisLimits Limits { get; }

    public CancellationToken Cancellation { get; }

    public TypeNames Types { get; }

    public ObjectNames Names { get; }

    public Dependents Dependents { get; }

    public List<CatalogChange> Changes { get; } = [];

    public List<ReplayIssue> Issues { get; } = [];

    /// <summary>The text that the offsets of the statement's tree belong to.</summary>
    public SourceText Source { get; set; } = new("");

    /// <summary>Set where the statement does not stand in a file: made by EXECUTE, or the platform's.</summary>
    public Origin? FixedOrigin { get; set; }

    /// <summary>The statement stands in a DO block, a function or what EXECUTE made: a quote in a body may be written as two.</summary>
    public bool IsInBody { get; set; }

    /// <summary>The platform's own objects are being made.</summary>
    public bool IsSeeding { get; set; }

    public int TransactionId { get; set; }

    /// <summary>The role that creates and owns what statements make now.</summary>
    public string CurrentRole
    {
        get => _role.Value;
        set => _role.Value = value;
    }

    /// <summary>The role that the session logged in as, or took by SET SESSION AUTHORIZATION.</summary>
    public string SessionRole { get; set; } = "postgres";

    /// <summary>The origin of the statement that is being applied.</summary>
    public Origin Here => _here;

    public void Enter(SqlNode statement) => _here = At(statement);

    public void Restore(Origin here) => _here = here;

    public Origin At(SqlNode node) => FixedOrigin ?? Origin.In(Source, node.Span);

    public Origin At(Name name) => FixedOrigin ?? (name.End > name.Start ? Origin.In(Source, name.Span) : _here);

    /// <summary>A part of the statement, kept as it is.</summary>
    public SqlFragment<T> Fragment<T>(T tree)
        where T : SqlNode => Fragment(tree, tree);

    /// <summary>A part of the statement as it is kept: itself, or with names resolved.</summary>
    public SqlFragment<T> Fragment<T>(T written, T kept)
        where T : SqlNode => new(kept, Source) { IsAsWritten = !IsInBody && ReferenceEquals(written, kept) };

    /// <summary>An expression that PostgreSQL makes itself, such as the default of a serial column.</summary>
    public static SqlFragment<Expression>? Made(string text)
    {
        var source = new SourceText(text, "postgres");
        return SqlParser.ParseExpression(source, out _, SqlParseOptions.Bounded) is { } tree ? new SqlFragment<Expression>(tree, source) : null;
    }

    public void Report(string message, bool isError = false, Origin? at = null)
    {
        if (!IsSeeding)
            Issues.Add(new(at ?? _here, message, isError && State.UnknownEffects.Count == 0));
    }

    /// <summary>A bound was reached: what the statement would have done beyond it is not known.</summary>
    public void ReportBudget(string message, Origin at)
    {
        if (IsSeeding)
            return;
        State.AddUnknownEffect(at);
        Issues.Add(new(at, message, IsError: false) { IsBudget = true });
    }

    public void Record(
        ChangeKind kind, ObjectKind objectKind, QualifiedId id, string part, object? before, object? after, bool isByCascade = false)
    {
        if (!IsSeeding)
            Changes.Add(new(kind, objectKind, id, part, before, after, _here, TransactionId, isByCascade));
    }

    /// <summary>Changes a relation and says so.</summary>
    public void Alter(
        Relation before, Relation after, ChangeKind kind = ChangeKind.Altered, ObjectKind? objectKind = null, string part = "", object? partBefore = null,
        object? partAfter = null, bool isByCascade = false)
    {
        State.Replace(before, after);
        var isPart = partBefore is not null || partAfter is not null;
        Record(kind, objectKind ?? KindOf(after), after.Id, part, isPart ? partBefore : before, isPart ? partAfter : after, isByCascade);
    }

    /// <summary>Adds a relation and says so.</summary>
    public void Create(Relation relation)
    {
        State.Replace(null, relation);
        Record(ChangeKind.Created, KindOf(relation), relation.Id, "", null, relation);
    }

    /// <summary>Takes a relation away and says so.</summary>
    public void Drop(Relation relation, bool isByCascade)
    {
        State.Replace(relation, null);
        State.MarkDropped(relation.Id, _here);
        Record(ChangeKind.Dropped, KindOf(relation), relation.Id, "", relation, null, isByCascade);
    }

    public static ObjectKind KindOf(Relation relation) => relation switch
    {
        View { IsMaterialized: true } => ObjectKind.MaterializedView,
        View => ObjectKind.View,
        Sequence => ObjectKind.Sequence,
        Table { Kind: TableKind.Foreign } => ObjectKind.ForeignTable,
        _ => ObjectKind.Table,
    };

    /// <summary>The schema that an unqualified new object goes into.</summary>
    public string CreationSchema
    {
        get
        {
            var path = State.SearchPath;
            for (var i = 0; i < path.Count; i++)
            {
                if (path[i] != CatalogState.TemporarySchema)
                    return path[i];
            }
            return "public";
        }
    }

    /// <summary>Where a new object of that name goes; a schema that nobody made is assumed.</summary>
    public QualifiedId IdForNew(ObjectName name, Persistence persistence = Persistence.Permanent)
    {
        if (persistence == Persistence.Temporary || name.Schema is CatalogState.TemporarySchema)
            return new(CatalogState.TemporarySchema, name.Name.Text);
        var schema = name.Schema ?? CreationSchema;
        AssumeSchema(schema);
        return State.IdOf(schema, name.Name.Text);
    }

    public void AssumeSchema(string schema)
    {
        if (IsSystemSchema(schema) || State.Schemas.ContainsKey(schema))
            return;
        if (State.Dropped.ContainsKey(new(schema, "")))
            Report($"schema \"{schema}\" does not exist", isError: true);
        State.SetSchema(new Schema { Name = schema, IsAssumed = true, CreatedAt = _here });
    }

    public static bool IsSystemSchema(string schema) =>
        schema == "information_schema" || schema.StartsWith("pg_", StringComparison.Ordinal);

    /// <summary>
    /// The relation that a statement means. One that nobody made is assumed; null where it is the system's, or certain not to exist (which is reported).
    /// </summary>
    public Relation? Require(ObjectName name, bool ifExists = false)
    {
        if (State.FindRelation(name) is { } relation)
            return relation;
        if (name.IsEmpty || IsSystemName(name))
            return null;
        var id = IdOfMissing(name);
        if (ifExists && (State.Dropped.ContainsKey(id) || !State.IsIncomplete))
            return null;
        if (State.Dropped.ContainsKey(id) && State.UnknownEffects.Count == 0)
        {
            Report($"relation \"{name}\" does not exist", isError: true);
            return null;
        }
        if (ifExists)
            return null;
        return Assume(id, $"relation \"{name}\" is not created in what was read");
    }

    /// <summary>The table that a statement means, as <see cref="Require"/>.</summary>
    public Table? RequireTable(ObjectName name, bool ifExists = false)
    {
        var relation = Require(name, ifExists);
        if (relation is null or Table)
            return relation as Table;
        Report($"\"{name}\" is not a table", isError: true);
        return null;
    }

    public QualifiedId IdOfMissing(ObjectName name)
    {
        if (name.Schema is { } schema)
            return new(schema, name.Name.Text);
        foreach (var searched in State.SearchPath)
        {
            if (State.Dropped.ContainsKey(new(searched, name.Name.Text)))
                return new(searched, name.Name.Text);
        }
        return new(CreationSchema, name.Name.Text);
    }

    public Table Assume(QualifiedId id, string? message)
    {
        AssumeSchema(id.Schema);
        State.IsIncomplete = true;
        if (message is not null)
            Report(message);
        var table = new Table
        {
            Id = id,
            CreatedAt = _here,
            IsAssumed = true,
            AreColumnsKnown = false,
            // The platform makes the schema public too, for the project to fill.
            IsForeignOwned = id.Schema != "public" && State.Schemas.TryGetValue(id.Schema, out var schema) && schema.IsForeignOwned,
            RowSecurityEnabled = new(false, _here, IsKnown: false),
            RowSecurityForced = new(false, _here, IsKnown: false),
        };
        State.Replace(null, table);
        return table;
    }

    /// <summary>Marks a relation as one that a statement may have changed in ways that are not known.</summary>
    /// <param name="relation">The relation.</param>
    /// <param name="origin">The statement.</param>
    /// <param name="isSide">It can have changed no more than an index that allows all rows, or a trigger.</param>
    public void Taint(Relation relation, Origin origin, bool isSide = false)
    {
        if (!Has(relation.Taints, origin))
            State.Replace(relation, relation with { Taints = Lists.With(relation.Taints, origin), SideTaints = isSide ? Lists.With(relation.SideTaints, origin) : relation.SideTaints });
        else if (!isSide && Has(relation.SideTaints, origin))
            State.Replace(relation, relation with { SideTaints = Lists.Replace(relation.SideTaints, origin, null) });

        static bool Has(IReadOnlyList<Origin> taints, Origin origin)
        {
            foreach (var taint in taints)
            {
                if (ReferenceEquals(taint, origin))
                    return true;
            }
            return false;
        }
    }

    /// <summary>The role that a statement names; one that nobody made is assumed. `public` for PUBLIC.</summary>
    public string RoleOf(RoleSpecification role)
    {
        switch (role.Kind)
        {
            case RoleSpecificationKind.Public:
                return "public";
            case RoleSpecificationKind.CurrentUser or RoleSpecificationKind.CurrentRole:
                return CurrentRole;
            case RoleSpecificationKind.SessionUser:
                return SessionRole;
            default:
                return RoleOf(role.Name);
        }
    }

    public string RoleOf(Name name)
    {
        if (!name.IsQuoted)
        {
            switch (name.Text)
            {
                case "public":
                    return "public";
                case "current_user" or "current_role":
                    return CurrentRole;
                case "session_user":
                    return SessionRole;
            }
        }
        AssumeRole(name.Text);
        return name.Text;
    }

    public void AssumeRole(string name)
    {
        if (name.StartsWith("pg_", StringComparison.Ordinal) || State.Roles.ContainsKey(name))
            return;
        State.SetRole(new Role { Name = name, IsAssumed = true, CreatedAt = _here });
    }

    public IReadOnlyList<string> RolesOf(RoleSpecification[] roles)
    {
        var names = new string[roles.Length];
        for (var i = 0; i < roles.Length; i++)
            names[i] = RoleOf(roles[i]);
        return names;
    }

    private static bool IsSystemName(ObjectName name) => name.Schema is { } schema
        ? IsSystemSchema(schema) && schema != CatalogState.TemporarySchema
        : name.Name.Text.StartsWith("pg_", StringComparison.Ordinal);
}
