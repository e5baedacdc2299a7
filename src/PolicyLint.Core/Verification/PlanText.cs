using System.Globalization;
using System.Text;
using PolicyLint.Core.Catalog;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Verification;

/// <summary>Writes a drafted plan as YAML, as a plan is read.</summary>
public static class PlanText
{
    /// <summary>The text of a plan.</summary>
    /// <param name="plan">As <see cref="PlanDraft"/> makes it.</param>
    public static string Write(VerificationPlan plan)
    {
        var text = new StringBuilder();
        text.Append("# What is to be checked around the migrations from ").Append(plan.From).Append(" on, as the files themselves say it.\n");
        text.Append("# Take out what does not matter, say what the files can't, and name the databases that it is for:\n");
        text.Append("# guard: { database: app_production }\n");
        text.Append("from: ").Append(Scalar(plan.From)).Append('\n');
        Phase(text, "before", "May the migrations run? Nothing of what they make is there, and what they change is as they expect it.", plan.Before);
        Phase(text, "after", "Did they do what they were meant to do?", plan.After);
        Phase(text, "rollback", "Is the old state back?", plan.Rollback);
        return text.ToString();
    }

    private static void Phase(StringBuilder text, string name, string question, IReadOnlyList<Expectation> expectations)
    {
        if (expectations.Count == 0)
            return;
        text.Append("\n# ").Append(question).Append('\n').Append(name).Append(":\n");
        var targets = new List<string>();
        for (var i = 0; i < expectations.Count; i++)
        {
            // What is said alike of one thing after another is said once.
            var (kind, target, parameters) = Line(expectations[i]);
            targets.Add(target);
            if (i + 1 < expectations.Count && Line(expectations[i + 1]) is var next && (next.Kind, next.Parameters) == (kind, parameters))
                continue;
            text.Append("  - { ").Append(kind).Append(": ").Append(targets.Count == 1 ? target : $"[{string.Join(", ", targets)}]").Append(parameters).Append(" }\n");
            targets.Clear();
        }
    }

    private static (string Kind, string Target, string Parameters) Line(Expectation expectation)
    {
        var entries = Entries(expectation);
        if (expectation.Reason.Length > 0)
            entries.Add(("reason", Scalar(expectation.Reason)));
        return (entries[0].Key, entries[0].Value, string.Concat(entries.Skip(1).Select(static entry => $", {entry.Key}: {entry.Value}")));
    }

    private static List<(string Key, string Value)> Entries(Expectation expectation)
    {
        var entries = new List<(string, string)>();
        switch (expectation)
        {
            case RelationExpected e:
                entries.Add(("table", Id(e.Relation)));
                Exists(e.Exists);
                break;
            case RlsExpected e:
                entries.Add(("rls", Id(e.Table)));
                if (!e.Enabled)
                    entries.Add(("enabled", "false"));
                Flag("forced", e.Forced);
                break;
            case ColumnExpected e:
                entries.Add(("column", Column(e.Table, e.Column)));
                Exists(e.Exists);
                Text("type", e.Type);
                Flag("nullable", e.Nullable);
                Text("default", e.Default);
                break;
            case IndexExpected e:
                entries.Add(("index", Scalar(e.Name)));
                entries.Add(("on", Id(e.Table)));
                Exists(e.Exists);
                Texts("columns", e.Columns);
                Flag("unique", e.Unique);
                Text("where", e.Where);
                break;
            case ForeignKeyExpected e:
                entries.Add(("foreign-key", Column(e.Table, e.Columns[0])));
                Exists(e.Exists);
                if (e.References is { } referenced)
                    entries.Add(("references", Id(referenced)));
                if (e.Exists)
                    entries.Add(("on-delete", ExpectationWords.Of(e.OnDelete)));
                break;
            case FunctionExpected e:
                entries.Add(("function", Id(e.Function)));
                Exists(e.Exists);
                Flag("definer", e.Definer);
                if (e.SearchPath is { } path)
                    entries.Add(("search-path", Scalar(path)));
                break;
            case PolicyExpected e:
                entries.Add(("policy", Scalar(e.Name)));
                entries.Add(("on", Id(e.Table)));
                Exists(e.Exists);
                Text("for", e.Command);
                Texts("to", e.Roles);
                Flag("permissive", e.Permissive);
                break;
            case PolicyCountExpected e:
                entries.Add(("policies", Id(e.Table)));
                entries.Add(("count", e.Count.ToString(CultureInfo.InvariantCulture)));
                break;
            case ViewExpected e:
                entries.Add(("view", Id(e.View)));
                Flag("invoker", e.Invoker);
                break;
            case TriggerExpected e:
                entries.Add(("trigger", Scalar(e.Name)));
                entries.Add(("on", Id(e.Table)));
                Exists(e.Exists);
                break;
            case FilledExpected e:
                entries.Add(("no-nulls", Column(e.Table, e.Column)));
                break;
            case BucketExpected e:
                entries.Add(("bucket", Scalar(e.Id)));
                Exists(e.Exists);
                Flag("public", e.Public);
                break;
            case NoLongTransactionExpected e:
                entries.Add(("no-long-transaction", ExpectationWords.Of(e.Limit)));
                break;
            default:
                throw new ArgumentException($"A draft holds no {expectation.GetType().Name}.", nameof(expectation));
        }
        return entries;

        void Exists(bool exists)
        {
            if (!exists)
                entries.Add(("exists", "false"));
        }

        void Flag(string key, bool? value)
        {
            if (value is { } set)
                entries.Add((key, set ? "true" : "false"));
        }

        void Text(string key, string value)
        {
            if (value.Length > 0)
                entries.Add((key, Scalar(value)));
        }

        void Texts(string key, IReadOnlyList<string> values)
        {
            if (values.Count > 0)
                entries.Add((key, values.Count == 1 ? Scalar(values[0]) : $"[{string.Join(", ", values.Select(Scalar))}]"));
        }
    }

    private static string Id(QualifiedId id) => Scalar(DottedName.Write(id.Schema, id.Name));

    private static string Column(QualifiedId table, string column) => Scalar(DottedName.Write(table.Schema, table.Name, column));

    // Plain where YAML can't take it for anything else.
    private static string Scalar(string text)
    {
        if (IsPlain(text))
            return text;
        var quoted = new StringBuilder("\"");
        foreach (var c in text)
        {
            if (c is '"' or '\\')
                quoted.Append('\\').Append(c);
            else if (char.IsControl(c) || char.IsSurrogate(c) || c is '\u0085' or '\u2028' or '\u2029' or '\ufeff')
                quoted.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture));
            else
                quoted.Append(c);
        }
        return quoted.Append('"').ToString();
    }

    private static bool IsPlain(string text)
    {
        if (text.Length == 0 || !(char.IsLetter(text[0]) || text[0] == '_') || text is "true" or "false" or "null" or "yes" or "no" or "on" or "off" or "y" or "n")
            return false;
        foreach (var c in text)
        {
            if (c > '~' || !(char.IsLetterOrDigit(c) || c is '_' or '.' or '/' or '-'))
                return false;
        }
        return true;
    }
}
