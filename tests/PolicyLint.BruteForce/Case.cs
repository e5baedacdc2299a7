using System.Collections.Immutable;
using System.Text;
using PolicyLint.Core.Access;
using PolicyLint.Sql.Tree;

namespace PolicyLint.BruteForce;

/// <summary>A function: of SQL that the prover looks into, or opaque.</summary>
internal sealed record Function(string Name, ImmutableArray<Sort> Parameters, Sort Returns, Term? Body, Query? Rows, bool IsDefiner, bool IsStrict)
{
    private static readonly string[] s_opaque = ["opaque_stable", "opaque_uuid", "opaque_strict", "opaque_volatile"];

    /// <summary>Functions that the prover can say nothing of.</summary>
    public static IReadOnlyList<string> Opaque => s_opaque;

    public static bool IsUuid(int opaque) => opaque % s_opaque.Length == 1;

    public static int OpaqueOf(string name) => Array.IndexOf(s_opaque, name);

    public static string OpaqueName(int opaque) => s_opaque[opaque % s_opaque.Length] + (opaque < s_opaque.Length ? "" : " as changed");

    public static string ParameterName(int position) => "arg" + position;

    /// <summary>What the opaque functions really say: on a server.</summary>
    public static int Say(int opaque, int argument, int user1, int user2)
    {
        if (opaque % s_opaque.Length == 1)
            return argument == user1 ? user2 : user1;
        return argument == Pool.Null ? Pool.Null : (argument == user1) == opaque < s_opaque.Length ? 1 : 0;
    }

    public static string OpaqueText(int opaque, bool isChanged)
    {
        var (result, volatility) = opaque switch { 0 => ("boolean", "stable"), 1 => ("uuid", "immutable"), 2 => ("boolean", "immutable strict"), _ => ("boolean", "volatile") };
        var body = opaque == 1
            ? $"if right(u::text, 1) = '1' then return '{World.User2}'; end if; return '{World.User1}';"
            : $"if u is null then return null; end if; return right(u::text, 1) {(isChanged ? "<>" : "=")} '1';";
        return $"create function {s_opaque[opaque]}(u uuid) returns {result} language plpgsql {volatility} as $$ begin {body} end $$;\n";
    }

    public void Print(StringBuilder text)
    {
        text.Append("create function ").Append(Name).Append('(')
            .AppendJoin(", ", Parameters.Select(static (sort, i) => ParameterName(i) + " " + Column.TypeOf(sort)))
            .Append(") returns ").Append(Rows is null ? "" : "setof ").Append(Column.TypeOf(Returns)).Append(" language sql stable").Append(IsStrict ? " strict" : "").Append(IsDefiner ? " security definer" : "").Append(" as $$ ");
        if (Rows is null)
        {
            text.Append("select ");
            Body!.Print(text, new Naming());
        }
        else
            Rows.Print(text, new Naming());
        text.Append(" $$;\n");
    }
}

internal sealed record TablePolicy(Shape Shape, bool IsPermissive, PolicyCommand Command, ImmutableArray<string> Roles, Term? Using, Term? WithCheck)
{
    public void Print(StringBuilder text, int number)
    {
        text.Append("create policy p").Append(number).Append(" on ").Append(Shape.Name).Append(IsPermissive ? "" : " as restrictive")
            .Append(" for ").Append(Command.ToString().ToLowerInvariant()).Append(" to ").AppendJoin(", ", Roles);
        foreach (var (keyword, term) in new[] { (" using (", Using), (" with check (", WithCheck) })
        {
            if (term is null)
                continue;
            text.Append(keyword);
            Case.Print(text, term, Shape);
            text.Append(')');
        }
        text.Append(";\n");
    }
}

internal enum ConstraintForm
{
    NotNull,
    Unique,
    Primary,
    Foreign,
    Check,
}

internal sealed record TableConstraint(ConstraintForm Form, Shape Shape, ImmutableArray<string> Columns)
{
    public Shape? Referenced { get; init; }

    public ImmutableArray<string> ReferencedColumns { get; init; } = [];

    public Term? Condition { get; init; }

    public bool IsValidated { get; init; } = true;

    public void Print(StringBuilder text)
    {
        text.Append("alter table ").Append(Shape.Name);
        switch (Form)
        {
            case ConstraintForm.NotNull:
                text.Append(" alter column ").Append(Columns[0]).Append(" set not null");
                break;
            case ConstraintForm.Check:
                text.Append(" add check (");
                Case.Print(text, Condition!, Shape);
                text.Append(')').Append(IsValidated ? "" : " not valid");
                break;
            case ConstraintForm.Foreign:
                text.Append(" add foreign key (").AppendJoin(", ", Columns).Append(") references ").Append(Referenced!.Name).Append('(').AppendJoin(", ", ReferencedColumns).Append(')').Append(IsValidated ? "" : " not valid");
                break;
            default:
                text.Append(Form == ConstraintForm.Primary ? " add primary key (" : " add unique (").AppendJoin(", ", Columns).Append(')');
                break;
        }
        text.Append(";\n");
    }
}

internal sealed record Security(bool IsEnabled, bool IsForced, bool IsOwn);

/// <summary>What the asking role is: `app`.</summary>
internal sealed record RoleSetup(bool IsMember, bool Inherits, bool Bypasses);

/// <summary>A schema with its policies.</summary>
internal sealed record State(
    ImmutableArray<TableConstraint> Constraints, ImmutableArray<Function> Functions, ImmutableArray<TablePolicy> Policies, ImmutableArray<Security> Tables, RoleSetup Role, bool IsOpaqueChanged)
{
    public IEnumerable<Term> Terms() =>
        Policies.SelectMany(static p => new[] { p.Using, p.WithCheck }).Concat(Constraints.Select(static c => c.Condition)).Concat(Functions.Select(static f => f.Body)).OfType<Term>()
            .Concat(Functions.SelectMany(static f => f.Rows?.Terms ?? [])).SelectMany(static t => t.All());

    public string Print(IEnumerable<Term> asked)
    {
        var text = new StringBuilder("create role app;\ncreate role team;\ncreate role other;\n");
        if (!Role.Inherits)
            text.Append("alter role app noinherit;\n");
        if (Role.Bypasses)
            text.Append("alter role app bypassrls;\n");
        if (Role.IsMember)
            text.Append("grant team to app;\n");
        foreach (var shape in Shape.All)
            text.Append("create table ").Append(shape.Name).Append('(').AppendJoin(", ", shape.Columns.Select(static c => c.Name + " " + c.Type)).Append(");\n");
        foreach (var constraint in Constraints)
            constraint.Print(text);
        text.Append("grant all on docs, orgs, members to app;\n");
        var calls = Terms().Concat(asked.SelectMany(static t => t.All())).OfType<CallTerm>().Select(static c => c.Name).ToHashSet(StringComparer.Ordinal);
        for (var i = 0; i < Function.Opaque.Count; i++)
        {
            if (calls.Contains(Function.Opaque[i]))
                text.Append(Function.OpaqueText(i, IsOpaqueChanged));
        }
        foreach (var function in Functions)
            function.Print(text);
        foreach (var shape in Shape.All)
        {
            var security = Tables[shape.Number];
            if (security.IsEnabled)
                text.Append("alter table ").Append(shape.Name).Append(" enable row level security;\n");
            if (security.IsForced)
                text.Append("alter table ").Append(shape.Name).Append(" force row level security;\n");
            if (security.IsOwn)
                text.Append("alter table ").Append(shape.Name).Append(" owner to app;\n");
        }
        for (var i = 0; i < Policies.Length; i++)
            Policies[i].Print(text, i);
        return text.ToString();
    }
}

internal enum QuestionForm
{
    /// <summary>Whoever reached a row before does so after.</summary>
    Additive,

    /// <summary>Rows that the policies let pass meet a condition.</summary>
    Isolates,

    /// <summary>A condition follows from another.</summary>
    Implies,
}

internal sealed record Question(QuestionForm Form, StatementForm Statement, PolicyClause Clause, Term? Premise, Term? Goal)
{
    /// <summary>The row is about to be written.</summary>
    public bool IsNew => Clause == PolicyClause.WithCheck;

    public IEnumerable<Term> Terms => new[] { Premise, Goal }.OfType<Term>();
}

/// <summary>A question to the prover about a schema, or about two states of it.</summary>
internal sealed record Case(State Before, State After, Question Question)
{
    public override string ToString()
    {
        var text = new StringBuilder();
        if (Question.Form == QuestionForm.Additive)
            text.Append("-- before\n").Append(Before.Print([])).Append("-- after\n").Append(After.Print([]));
        else
            text.Append(After.Print(Question.Terms));
        text.Append("-- ").Append(Question.Form).Append(' ').Append(Question.Statement).Append(' ').Append(Question.Clause);
        if (Question.Premise is not null)
            text.Append("\n--   ").Append(PrintOf(Question.Premise));
        if (Question.Goal is not null)
            text.Append("\n--   => ").Append(PrintOf(Question.Goal));
        return text.Append('\n').ToString();
    }

    public static string PrintOf(Term term)
    {
        var text = new StringBuilder();
        Print(text, term, Shape.Docs);
        return text.ToString();
    }

    /// <summary>A term over a row of a relation.</summary>
    public static void Print(StringBuilder text, Term term, Shape shape)
    {
        var naming = new Naming();
        naming.Enter();
        naming.Add(shape.Name, shape);
        term.Print(text, naming);
    }

    /// <summary>How often each construct of the grammar is tallied: once a case.</summary>
    public IEnumerable<string> Constructs()
    {
        var found = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var state in Question.Form == QuestionForm.Additive ? new[] { Before, After } : [After])
        {
            foreach (var term in state.Terms())
                Add(term);
            foreach (var constraint in state.Constraints)
                found.Add("constraint " + constraint.Form + (constraint.IsValidated ? "" : ", not valid") + (constraint.Columns.Length > 1 ? ", of two columns" : ""));
            foreach (var policy in state.Policies)
            {
                found.Add((policy.IsPermissive ? "permissive" : "restrictive") + " for " + policy.Command);
                found.Add("TO " + string.Join(", ", policy.Roles));
                found.Add(policy.WithCheck is null ? "policy with USING" : policy.Using is null ? "policy with WITH CHECK" : "policy with both");
                if (policy.Shape != Shape.Docs)
                    found.Add("policy of a table that is read");
            }
            if (state.Role.Bypasses)
                found.Add("role BYPASSRLS");
            if (state.Role.IsMember)
                found.Add(state.Role.Inherits ? "role that inherits" : "role that does not inherit");
            if (state.Tables[0].IsOwn)
                found.Add(state.Tables[0].IsForced ? "owner, forced" : "owner");
        }
        foreach (var term in Question.Terms.SelectMany(static t => t.All()))
            Add(term);
        found.Add("question " + Question.Form);
        found.Add("statement " + Question.Statement + " " + Question.Clause);
        return found;

        void Add(Term term)
        {
            found.Add(term.Construct);
            if (term is not SubqueryTerm { Query: var query })
                return;
            foreach (var source in query.Sources.Skip(1))
                found.Add("join " + source.Join);
            if (query.Union is not null)
                found.Add("UNION");
            if (query.SetFunction is not null)
                found.Add("function that returns rows");
            if (query.Sources.Any(static s => s.Shape == Shape.Docs))
                found.Add("subquery on the own table");
        }
    }
}
