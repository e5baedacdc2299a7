using System.Globalization;
using PolicyLint.Core.Catalog;
using PolicyLint.Sql.Text;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Verification;

/// <summary>One thing that must hold of a database.</summary>
public abstract record Expectation
{
    /// <summary>Where it stands in the plan.</summary>
    public required TextSpan Span { get; init; }

    /// <summary>Why it is meant so, as the plan says; empty where it does not.</summary>
    public string Reason { get; init; } = "";

    /// <summary>What it is about, for findings: begins with the object's qualified name.</summary>
    public abstract string Subject { get; }

    /// <summary>What must hold, in words.</summary>
    public abstract string Statement { get; }
}

/// <summary>An expectation that the catalog answers.</summary>
public abstract record CatalogExpectation : Expectation;

/// <summary>An expectation that only rows, or the server's state, answer.</summary>
public abstract record DataExpectation : Expectation;

/// <summary>`table`: a table or view is there, or is not.</summary>
public sealed record RelationExpected(QualifiedId Relation, bool Exists) : CatalogExpectation
{
    public override string Subject => Relation.ToString();

    public override string Statement => $"{Relation} {(Exists ? "exists" : "does not exist")}";
}

/// <summary>`rls`: row-level security as it is meant to be.</summary>
/// <param name="Table">Whose.</param>
/// <param name="Enabled">ENABLE ROW LEVEL SECURITY.</param>
/// <param name="Forced">FORCE ROW LEVEL SECURITY; null where either will do.</param>
public sealed record RlsExpected(QualifiedId Table, bool Enabled, bool? Forced) : CatalogExpectation
{
    public override string Subject => Table.ToString();

    public override string Statement =>
        $"{Table} has row-level security {(Enabled ? "enabled" : "disabled")}{Forced switch { true => " and forced", false => " and not forced", null => "" }}";
}

/// <summary>`column`: a column, its type, whether it may be null, its default.</summary>
/// <param name="Table">Whose.</param>
/// <param name="Column">Its name.</param>
/// <param name="Exists">Whether it is meant to be there.</param>
/// <param name="Type">As people write it (`timestamptz`) or format_type prints it; empty for any.</param>
/// <param name="Nullable">Null for either.</param>
/// <param name="Default">An expression, `none` for no default, empty for any.</param>
public sealed record ColumnExpected(QualifiedId Table, string Column, bool Exists, string Type, bool? Nullable, string Default) : CatalogExpectation
{
    public override string Subject => Table + "/" + Column;

    public override string Statement
    {
        get
        {
            if (!Exists)
                return $"{Table} has no column {Column}";
            var text = $"{Table}.{Column} exists";
            if (Type.Length > 0)
                text += ", of type " + Type;
            if (Nullable is { } nullable)
                text += nullable ? ", nullable" : ", not null";
            if (Default.Length > 0)
                text += Default == "none" ? ", without a default" : ", default " + Default;
            return text;
        }
    }
}

/// <summary>`index`: an index by name, by columns, or both. One that exists must be valid.</summary>
/// <param name="Table">Whose; its schema is the index's.</param>
/// <param name="Name">Empty where any index with the columns will do.</param>
/// <param name="Exists">Whether it is meant to be there.</param>
/// <param name="Columns">The columns that it begins with; empty for any.</param>
/// <param name="Unique">Null for either.</param>
/// <param name="Where">The predicate of a partial index, `none` for a whole one, empty for any.</param>
public sealed record IndexExpected(QualifiedId Table, string Name, bool Exists, IReadOnlyList<string> Columns, bool? Unique, string Where) : CatalogExpectation
{
    public override string Subject => Table + "/" + (Name.Length > 0 ? Name : string.Join(",", Columns));

    public override string Statement
    {
        get
        {
            var index = Unique switch { true => "a unique index", false => "an index that is not unique", null => "an index" };
            if (Name.Length > 0)
                index = Unique == true ? $"the unique index {Name}" : $"the index {Name}";
            if (!Exists)
                return $"{Table} has not {index}";
            if (Columns.Count > 0)
                index += $" on ({string.Join(", ", Columns)})";
            if (Where.Length > 0)
                index += Where == "none" ? " over all rows" : " where " + Where;
            return $"{Table} has {index}, valid";
        }
    }
}

/// <summary>`foreign-key`: of a column, validated, with what happens on delete.</summary>
/// <param name="Table">Whose.</param>
/// <param name="Columns">The columns that refer.</param>
/// <param name="Exists">Whether it is meant to be there.</param>
/// <param name="References">The table referred to; null for any.</param>
/// <param name="OnDelete">Unspecified for any.</param>
public sealed record ForeignKeyExpected(QualifiedId Table, IReadOnlyList<string> Columns, bool Exists, QualifiedId? References, ReferentialAction OnDelete) : CatalogExpectation
{
    public override string Subject => Table + "/" + string.Join(",", Columns);

    public override string Statement
    {
        get
        {
            var columns = $"{Table}({string.Join(", ", Columns)})";
            if (!Exists)
                return columns + " has no foreign key";
            var text = $"{columns} has a validated foreign key";
            if (References is { } table)
                text += " to " + table;
            return OnDelete == ReferentialAction.Unspecified ? text : text + ", on delete " + ExpectationWords.Of(OnDelete);
        }
    }
}

/// <summary>`function`: a function, its security, its settings.</summary>
/// <param name="Function">By name: all overloads are meant.</param>
/// <param name="Exists">Whether it is meant to be there.</param>
/// <param name="Definer">SECURITY DEFINER; null for either.</param>
/// <param name="SearchPath">The setting, `any` for a fixed one, null for no matter.</param>
/// <param name="Volatility">Unspecified for any.</param>
/// <param name="Callable">Roles that may execute it.</param>
/// <param name="NotCallable">Roles that may not.</param>
public sealed record FunctionExpected(
    QualifiedId Function, bool Exists, bool? Definer, string? SearchPath, Volatility Volatility, IReadOnlyList<string> Callable, IReadOnlyList<string> NotCallable) : CatalogExpectation
{
    public override string Subject => Function.ToString();

    public override string Statement
    {
        get
        {
            if (!Exists)
                return $"the function {Function} does not exist";
            var text = $"the function {Function} exists";
            if (Definer is { } definer)
                text += definer ? ", security definer" : ", security invoker";
            if (SearchPath is { } path)
                text += path == "any" ? ", with a fixed search_path" : $", with search_path = '{path}'";
            if (Volatility != Volatility.Unspecified)
                text += ", " + Volatility.ToString().ToLowerInvariant();
            if (Callable.Count > 0)
                text += ", callable by " + string.Join(", ", Callable);
            return NotCallable.Count > 0 ? text + ", not callable by " + string.Join(", ", NotCallable) : text;
        }
    }
}

/// <summary>`policy`: one policy by name.</summary>
/// <param name="Table">Whose.</param>
/// <param name="Name">Its name.</param>
/// <param name="Exists">Whether it is meant to be there.</param>
/// <param name="Command">`all`, `select`, …; empty for any.</param>
/// <param name="Roles">Exactly these, in any order; empty for any.</param>
/// <param name="Permissive">Null for either.</param>
/// <param name="Using">An expression, `none`, or empty for any.</param>
/// <param name="Check">An expression, `none`, or empty for any.</param>
public sealed record PolicyExpected(
    QualifiedId Table, string Name, bool Exists, string Command, IReadOnlyList<string> Roles, bool? Permissive, string Using, string Check) : CatalogExpectation
{
    public override string Subject => Table + "/" + Name;

    public override string Statement
    {
        get
        {
            if (!Exists)
                return $"{Table} has no policy \"{Name}\"";
            var text = $"{Table} has the policy \"{Name}\"";
            if (Permissive is { } permissive)
                text += permissive ? ", permissive" : ", restrictive";
            if (Command.Length > 0)
                text += ", for " + Command;
            if (Roles.Count > 0)
                text += ", to " + string.Join(", ", Roles);
            if (Using.Length > 0)
                text += $", using ({Using})";
            return Check.Length > 0 ? text + $", with check ({Check})" : text;
        }
    }
}

/// <summary>`policies`: how many there are.</summary>
/// <param name="Table">Whose.</param>
/// <param name="Like">A pattern of their names as LIKE has it; empty for all.</param>
/// <param name="Command">Only those for it (`all` counts policies FOR ALL); empty for any.</param>
/// <param name="Count">Exactly.</param>
public sealed record PolicyCountExpected(QualifiedId Table, string Like, string Command, int Count) : CatalogExpectation
{
    public override string Subject => Table + "/policies" + (Like.Length > 0 ? " like " + Like : "") + (Command.Length > 0 ? " for " + Command : "");

    public override string Statement =>
        $"{Table} has {Count} {(Count == 1 ? "policy" : "policies")}{(Like.Length > 0 ? $" like '{Like}'" : "")}{(Command.Length > 0 ? " for " + Command : "")}";
}

/// <summary>`view`: runs with the rights of the caller, or of its owner.</summary>
public sealed record ViewExpected(QualifiedId View, bool Invoker) : CatalogExpectation
{
    public override string Subject => View.ToString();

    public override string Statement => $"the view {View} runs with the rights of {(Invoker ? "its caller" : "its owner")}";
}

/// <summary>`trigger`: a trigger that is there and enabled, or not there.</summary>
public sealed record TriggerExpected(QualifiedId Table, string Name, bool Exists) : CatalogExpectation
{
    public override string Subject => Table + "/" + Name;

    public override string Statement => Exists ? $"{Table} has the trigger {Name}, enabled" : $"{Table} has no trigger {Name}";
}

/// <summary>`grants`: exactly what a role may do with a whole table, be it granted to it, to PUBLIC or to a role that it inherits from.</summary>
/// <param name="Table">With what.</param>
/// <param name="Role">Who.</param>
/// <param name="Privileges">Lower case, sorted.</param>
public sealed record GrantsExpected(QualifiedId Table, string Role, IReadOnlyList<string> Privileges) : CatalogExpectation
{
    public override string Subject => Table + "/" + Role;

    public override string Statement => $"{Role} may {(Privileges.Count == 0 ? "do nothing" : string.Join(", ", Privileges))} on {Table}";
}

/// <summary>`no-bypass`: a role that row-level security binds: no superuser, no BYPASSRLS, no member of one, no owner of an unforced table.</summary>
public sealed record NoBypassExpected(string Role) : CatalogExpectation
{
    public override string Subject => Role;

    public override string Statement => $"row-level security binds the role {Role}";
}

/// <summary>`valid`: all indexes and constraints of a schema are valid.</summary>
public sealed record AllValidExpected(string Schema) : CatalogExpectation
{
    public override string Subject => Schema;

    public override string Statement => $"all indexes and constraints of the schema {Schema} are valid";
}

/// <summary>`no-nulls` and `backfill`: the share of rows in which a column is filled.</summary>
/// <param name="Table">Whose.</param>
/// <param name="Column">Which.</param>
/// <param name="AtLeastPercent">100 for `no-nulls`.</param>
/// <param name="AtMostNulls">How many may be null; null where only the share counts.</param>
/// <param name="Where">Only these rows; empty for all.</param>
public sealed record FilledExpected(QualifiedId Table, string Column, decimal AtLeastPercent, long? AtMostNulls, string Where) : DataExpectation
{
    public override string Subject => Table + "/" + Column;

    public override string Statement
    {
        get
        {
            var rows = Where.Length > 0 ? " where " + Where : "";
            return AtMostNulls switch
            {
                0 => $"{Table}.{Column} is never null{rows}",
                { } most => $"{Table}.{Column} is null in at most {most} rows{rows}",
                null => $"{Table}.{Column} is filled in {AtLeastPercent.ToString("0.##", CultureInfo.InvariantCulture)} % of the rows{rows}",
            };
        }
    }
}

/// <summary>`no-orphans`: every value has its row in the table that it refers to, foreign key or not.</summary>
public sealed record NoOrphansExpected(QualifiedId Table, string Column, QualifiedId References, string ReferencedColumn, string Where) : DataExpectation
{
    public override string Subject => Table + "/" + Column;

    public override string Statement => $"every {Table}.{Column} is a {References}.{ReferencedColumn}{(Where.Length > 0 ? " where " + Where : "")}";
}

/// <summary>`no-duplicates`: no two rows have the same values.</summary>
public sealed record NoDuplicatesExpected(QualifiedId Table, IReadOnlyList<string> Columns, string Where) : DataExpectation
{
    public override string Subject => Table + "/" + string.Join(",", Columns);

    public override string Statement => $"no two rows of {Table} have the same {string.Join(", ", Columns)}{(Where.Length > 0 ? " where " + Where : "")}";
}

/// <summary>`rows`: how many rows a table has.</summary>
public sealed record RowsExpected(QualifiedId Table, string Where, long? AtLeast, long? AtMost) : DataExpectation
{
    public override string Subject => Table + "/rows" + (Where.Length > 0 ? " " + Where : "");

    public override string Statement => $"{Table} has {ExpectationWords.Range(AtLeast, AtMost)} rows{(Where.Length > 0 ? " where " + Where : "")}";
}

/// <summary>`each`: every row of one table has rows in another: every user has a tenant.</summary>
/// <param name="Table">Each of its rows, called `each` in the condition.</param>
/// <param name="Other">Has rows here, called `has` in the condition.</param>
/// <param name="On">The condition that ties them.</param>
/// <param name="AtLeast">How many.</param>
/// <param name="AtMost">How many at most; null for no limit.</param>
/// <param name="Where">Only for these rows of <paramref name="Table"/>; empty for all.</param>
public sealed record EachHasExpected(QualifiedId Table, QualifiedId Other, string On, long? AtLeast, long? AtMost, string Where) : DataExpectation
{
    public override string Subject => Table + "/" + Other;

    public override string Statement => $"each row of {Table}{(Where.Length > 0 ? " where " + Where : "")} has {ExpectationWords.Range(AtLeast, AtMost)} rows of {Other}";
}

/// <summary>`bucket`: a storage bucket as Supabase keeps it.</summary>
public sealed record BucketExpected(string Id, bool Exists, bool? Public, long? SizeLimit, IReadOnlyList<string> MimeTypes) : DataExpectation
{
    public override string Subject => "storage.buckets/" + Id;

    public override string Statement
    {
        get
        {
            if (!Exists)
                return $"there is no storage bucket {Id}";
            var text = $"the storage bucket {Id} exists";
            if (Public is { } isPublic)
                text += isPublic ? ", public" : ", not public";
            if (SizeLimit is { } limit)
                text += $", for files of at most {limit.ToString(CultureInfo.InvariantCulture)} bytes";
            return MimeTypes.Count > 0 ? text + ", for " + string.Join(", ", MimeTypes) : text;
        }
    }
}

/// <summary>`query`: any query and its rows as text, in the order that it gives them.</summary>
public sealed record QueryExpected(string Sql, string Title, IReadOnlyList<IReadOnlyList<string>> Rows) : DataExpectation
{
    public override string Subject => Title.Length > 0 ? Title : Sql;

    public override string Statement =>
        (Title.Length > 0 ? Title : Sql) + (Rows.Count == 0 ? ": no rows" : ": " + string.Join("; ", Rows.Select(static row => string.Join(" | ", row))));
}

/// <summary>`plan-uses`: the planner can answer a query through an index, told not to read whole tables.</summary>
public sealed record PlanUsesExpected(string Index, string Sql) : DataExpectation
{
    public override string Subject => Index;

    public override string Statement => $"the index {Index} serves {Sql}";
}

/// <summary>`no-long-transaction`: no other session has had a transaction open for longer.</summary>
public sealed record NoLongTransactionExpected(TimeSpan Limit) : DataExpectation
{
    public override string Subject => "long transaction";

    public override string Statement => $"no transaction has been open for longer than {ExpectationWords.Of(Limit)}";
}

/// <summary>`size`: of a table with its indexes, or of the database.</summary>
/// <param name="Table">Null for the database.</param>
/// <param name="AtMost">In bytes.</param>
public sealed record SizeExpected(QualifiedId? Table, long AtMost) : DataExpectation
{
    public override string Subject => Table?.ToString() ?? "database";

    public override string Statement => $"{Table?.ToString() ?? "the database"} takes at most {ExpectationWords.Bytes(AtMost)}";
}
