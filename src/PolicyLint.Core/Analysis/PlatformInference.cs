using PolicyLint.Core.Catalog.Replay;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Analysis;

/// <summary>Tells the platform from what the files name: Supabase's session functions, schemas and roles.</summary>
internal static class PlatformInference
{
    // Each name that the search knows has one of them; in an escaped name any may stand.
    private static readonly string[] Words = ["auth", "storage", "anon", "service_role", "u&"];

    public static string Infer(IReadOnlyList<Script> scripts, List<string> inferences)
    {
        var search = new SupabaseSearch();
        foreach (var script in scripts)
        {
            if (!MayName(script.Tree.Source.Text))
                continue;
            foreach (var statement in script.Tree.Statements)
            {
                search.Visit(statement);
                if (search.Found is { } name)
                {
                    inferences.Add($"platform: supabase, inferred from {name}");
                    return "supabase";
                }
            }
        }
        return "plain";
    }

    private static bool MayName(string text)
    {
        foreach (var word in Words)
        {
            if (text.IndexOf(word, StringComparison.OrdinalIgnoreCase) >= 0)
                return true;
        }
        return false;
    }

    private sealed class SupabaseSearch : SqlVisitor
    {
        public string? Found { get; private set; }

        public override void VisitFunctionCall(FunctionCall node)
        {
            if (node.Name.Schema == "auth" && node.Name.Name.Text is "uid" or "jwt" or "role" or "email")
                Found ??= node.Name + "()";
            base.VisitFunctionCall(node);
        }

        public override void VisitNamedTable(NamedTable node)
        {
            Note(node.Name);
            base.VisitNamedTable(node);
        }

        public override void VisitForeignKeyConstraint(ForeignKeyConstraint node)
        {
            Note(node.Table);
            base.VisitForeignKeyConstraint(node);
        }

        public override void VisitCreatePolicyStatement(CreatePolicyStatement node)
        {
            Note(node.Table);
            base.VisitCreatePolicyStatement(node);
        }

        public override void VisitInsertStatement(InsertStatement node)
        {
            Note(node.Table);
            base.VisitInsertStatement(node);
        }

        // Self-hosted copies of Supabase's schemas grant to a role of the same name; the anonymous one is there where its API is.
        public override void VisitGrantStatement(GrantStatement node)
        {
            foreach (var grantee in node.Grantees)
            {
                if (grantee.Name.Text == "anon")
                    Found ??= "role anon";
            }
        }

        public override void VisitRoleSpecification(RoleSpecification node)
        {
            if (node.Name.Text is "authenticated" or "service_role" or "anon")
                Found ??= "role " + node.Name.Text;
        }

        private void Note(ObjectName name)
        {
            if ((name.Schema == "auth" && name.Name.Text == "users") || (name.Schema == "storage" && name.Name.Text is "objects" or "buckets"))
                Found ??= name.ToString();
        }
    }
}
