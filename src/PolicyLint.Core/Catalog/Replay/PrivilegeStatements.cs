using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Catalog.Replay;

/// <summary>GRANT, REVOKE and ALTER DEFAULT PRIVILEGES.</summary>
internal sealed class PrivilegeStatements(ReplayContext context, FunctionStatements functions)
{
    private static readonly string[] s_table = ["select", "insert", "update", "delete", "truncate", "references", "trigger"];
    private static readonly string[] s_column = ["select", "insert", "update", "references"];
    private static readonly string[] s_sequence = ["usage", "select", "update"];
    private static readonly string[] s_schema = ["usage", "create"];
    private static readonly string[] s_function = ["execute"];
    private static readonly string[] s_type = ["usage"];

    public void Apply(GrantStatement statement)
    {
        var grantees = context.RolesOf(statement.Grantees);
        if (statement.Scope == GrantTargetScope.AllInSchema)
        {
            foreach (var target in statement.Targets)
                ApplyToSchema(statement, target.Name.Name.Text, grantees);
            return;
        }
        foreach (var target in statement.Targets)
            ApplyTo(statement, target, grantees);
    }

    public void AlterDefaults(AlterDefaultPrivilegesStatement statement)
    {
        IReadOnlyList<string> owners = statement.ForRoles.Length == 0 ? [context.CurrentRole] : context.RolesOf(statement.ForRoles);
        string?[] schemas = statement.InSchemas.Length == 0 ? [null] : Array.ConvertAll(statement.InSchemas, static s => (string?)s.Text);
        var action = statement.Action;
        var type = TypeOf(action.Kind);
        var list = new List<DefaultPrivilege>(context.State.DefaultPrivileges);
        foreach (var owner in owners)
        {
            foreach (var schema in schemas)
            {
                foreach (var grantee in context.RolesOf(action.Grantees))
                {
                    foreach (var privilege in Named(action.Privileges, AllOf(action.Kind)))
                        SetDefault(list, new(owner, schema, type, privilege, grantee, action.IsRevoke, context.Here));
                }
            }
        }
        context.State.SetDefaultPrivileges(list);
        context.Record(action.IsRevoke ? ChangeKind.Revoked : ChangeKind.Granted, action.Kind, new("", type), "", null, null);
    }

    // A list holds what differs from the built-in defaults; for a schema there are none to take away.
    private static void SetDefault(List<DefaultPrivilege> list, DefaultPrivilege wanted)
    {
        if (wanted.Grantee == wanted.ForRole)
            return;
        list.RemoveAll(d => d.ForRole == wanted.ForRole && d.Schema == wanted.Schema && d.ObjectType == wanted.ObjectType
            && d.Privilege == wanted.Privilege && d.Grantee == wanted.Grantee);
        var isBuiltIn = wanted.Schema is null && wanted.Grantee == "public"
            && ((wanted.ObjectType == "functions" && wanted.Privilege == "execute") || (wanted.ObjectType == "types" && wanted.Privilege == "usage"));
        if (wanted.IsRevoke ? isBuiltIn : !isBuiltIn)
            list.Add(wanted);
    }

    private static string TypeOf(ObjectKind kind) => kind switch
    {
        ObjectKind.Sequence => "sequences",
        ObjectKind.Function or ObjectKind.Procedure or ObjectKind.Routine => "functions",
        ObjectKind.Type or ObjectKind.Domain => "types",
        ObjectKind.Schema => "schemas",
        _ => "tables",
    };

    private static string[] AllOf(ObjectKind kind) => kind switch
    {
        ObjectKind.Sequence => s_sequence,
        ObjectKind.Schema => s_schema,
        ObjectKind.Function or ObjectKind.Procedure or ObjectKind.Routine => s_function,
        ObjectKind.Type or ObjectKind.Domain => s_type,
        _ => s_table,
    };

    private static List<string> Named(Privilege[] privileges, string[] all)
    {
        var names = new List<string>();
        foreach (var privilege in privileges)
        {
            if (privilege.Columns.Length > 0)
                continue;
            if (privilege.Name == "all")
                names.AddRange(all);
            else
                names.Add(privilege.Name.Text);
        }
        return names;
    }

    private void ApplyToSchema(GrantStatement statement, string schema, IReadOnlyList<string> grantees)
    {
        if (statement.Kind is ObjectKind.Function or ObjectKind.Procedure or ObjectKind.Routine)
        {
            var all = new List<Function>();
            foreach (var overloads in context.State.Functions.Values)
            {
                foreach (var function in overloads)
                {
                    if (function.Id.Schema == schema && (statement.Kind == ObjectKind.Routine || function.IsProcedure == (statement.Kind == ObjectKind.Procedure)))
                        all.Add(function);
                }
            }
            foreach (var function in all)
                ApplyToFunction(statement, function, grantees);
            return;
        }
        var isSequence = statement.Kind == ObjectKind.Sequence;
        var relations = new List<Relation>();
        foreach (var relation in context.State.Relations.Values)
        {
            if (relation.Id.Schema == schema && relation is Sequence == isSequence)
                relations.Add(relation);
        }
        relations.Sort(static (a, b) => CatalogLookup.CompareIds(a.Id, b.Id));
        foreach (var relation in relations)
            ApplyToRelation(statement, relation, grantees);
    }

    private void ApplyTo(GrantStatement statement, DropTarget target, IReadOnlyList<string> grantees)
    {
        switch (statement.Kind)
        {
            case ObjectKind.Table or ObjectKind.View or ObjectKind.Sequence or ObjectKind.ForeignTable:
                // An unknown sequence is not assumed to be a table.
                var relation = statement.Kind == ObjectKind.Sequence ? context.State.FindRelation(target.Name) : context.Require(target.Name);
                if (relation is not null)
                    ApplyToRelation(statement, relation, grantees);
                break;
            case ObjectKind.Schema:
                ApplyToOneSchema(statement, target.Name.Name.Text, grantees);
                break;
            case ObjectKind.Function or ObjectKind.Procedure or ObjectKind.Routine:
                if (FunctionStatements.Match(context, context.State.FindFunctions(target.Name), target.Signature) is { } function)
                    ApplyToFunction(statement, function, grantees);
                else
                    context.Report($"function {target.Name} is not created in what was read", context.State.Dropped.ContainsKey(context.IdOfMissing(target.Name)));
                break;
        }
    }

    private void ApplyToOneSchema(GrantStatement statement, string name, IReadOnlyList<string> grantees)
    {
        context.AssumeSchema(name);
        if (!context.State.Schemas.TryGetValue(name, out var schema))
            return;
        var after = schema with { Grants = After(statement, schema.Grants, grantees, Named(statement.Privileges, s_schema), schema.Owner) };
        context.State.SetSchema(after);
        Record(statement, new(name, ""), "", schema, after);
    }

    private void ApplyToFunction(GrantStatement statement, Function function, IReadOnlyList<string> grantees)
    {
        var after = function with { Grants = After(statement, function.Grants, grantees, Named(statement.Privileges, s_function), function.Owner) };
        functions.Replace(function, after, statement.IsRevoke ? ChangeKind.Revoked : ChangeKind.Granted);
    }

    private void ApplyToRelation(GrantStatement statement, Relation relation, IReadOnlyList<string> grantees)
    {
        var all = relation is Sequence ? s_sequence : s_table;
        var named = Named(statement.Privileges, all);
        var after = relation with { Grants = After(statement, relation.Grants, grantees, named, relation.Owner) };
        foreach (var privilege in statement.Privileges)
        {
            if (privilege.Columns.Length > 0)
                after = WithColumns(statement, after, privilege, grantees);
        }

        // Taking a privilege from the table takes it from its columns (manual, REVOKE).
        if (statement.IsRevoke && named.Count > 0)
        {
            after = after with
            {
                Columns = Lists.Map(after.Columns, column => column.Grants.Count == 0
                    ? column
                    : column with { Grants = After(statement, column.Grants, grantees, named, relation.Owner) }),
            };
        }
        context.State.Replace(relation, after);
        Record(statement, relation.Id, "", relation, after);
    }

    private Relation WithColumns(GrantStatement statement, Relation relation, Privilege privilege, IReadOnlyList<string> grantees)
    {
        IReadOnlyList<string> names = privilege.Name == "all" ? s_column : [privilege.Name.Text];
        foreach (var name in privilege.Columns)
        {
            if (relation.FindColumn(name.Text) is not { } column)
            {
                if (relation.AreColumnsKnown)
                    context.Report($"column \"{name}\" of relation \"{relation.Id.Name}\" does not exist", isError: relation.Taints.Count == 0, context.At(name));
                continue;
            }
            var after = column with { Grants = After(statement, column.Grants, grantees, names, relation.Owner) };
            relation = relation with { Columns = Lists.Replace(relation.Columns, column, after) };
        }
        return relation;
    }

    private IReadOnlyList<Grant> After(
        GrantStatement statement, IReadOnlyList<Grant> grants, IReadOnlyList<string> grantees, IReadOnlyList<string> privileges, string? owner)
    {
        if (privileges.Count == 0)
            return grants;
        var list = new List<Grant>(grants);
        foreach (var grantee in grantees)
        {
            // The owner's own privileges are not listed.
            if (grantee == owner)
                continue;
            foreach (var privilege in privileges)
            {
                var at = list.FindIndex(g => g.Privilege == privilege && g.Grantee == grantee);
                if (statement.IsGrantOptionOnly)
                {
                    if (at >= 0)
                        list[at] = list[at] with { WithGrantOption = false };
                }
                else if (statement.IsRevoke)
                {
                    if (at >= 0)
                        list.RemoveAt(at);
                }
                else if (at >= 0)
                    list[at] = list[at] with { WithGrantOption = list[at].WithGrantOption || statement.WithGrantOption };
                else
                    list.Add(new(privilege, grantee, statement.WithGrantOption, context.Here));
            }
        }
        return list;
    }

    private void Record(GrantStatement statement, QualifiedId id, string part, object before, object after) =>
        context.Record(statement.IsRevoke ? ChangeKind.Revoked : ChangeKind.Granted, statement.Kind, id, part, before, after);
}
