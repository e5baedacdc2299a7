using PolicyLint.Sql.Tree;

namespace PolicyLint.Sql.Printing;

/// <content>Roles, grants, default privileges.</content>
internal sealed partial class SqlWriter
{
    private static string KeywordOf(RoleStatementKind kind) => kind switch
    {
        RoleStatementKind.Role => "ROLE",
        RoleStatementKind.User => "USER",
        _ => "GROUP",
    };

    public override void VisitCreateRoleStatement(CreateRoleStatement node)
    {
        Word("CREATE");
        Word(KeywordOf(node.Kind));
        Write(node.Role);
        Sequence(node.Options);
    }

    public override void VisitAlterRoleStatement(AlterRoleStatement node)
    {
        Word("ALTER");
        Word(KeywordOf(node.Kind));
        Visit(node.Role);
        Sequence(node.Options);
        if (node.Members.Length == 0)
            return;
        Word(node.IsDropMembers ? "DROP USER" : "ADD USER");
        List(node.Members);
    }

    public override void VisitAlterRoleSetStatement(AlterRoleSetStatement node)
    {
        Word("ALTER");
        Word(KeywordOf(node.Kind));
        if (node.Role is null)
            Word("ALL");
        else
            Visit(node.Role);
        Write("IN DATABASE", node.Database);
        Visit(node.Setting);
    }

    public override void VisitAlterDatabaseSetStatement(AlterDatabaseSetStatement node)
    {
        Write("ALTER DATABASE", node.Database);
        Visit(node.Setting);
    }

    public override void VisitRoleOption(RoleOption node)
    {
        var no = node.IsNegated ? "NO" : "";
        switch (node.Keyword)
        {
            case "canlogin":
                Word(no + "LOGIN");
                break;
            case "isreplication":
                Word(no + "REPLICATION");
                break;
            case "connectionlimit":
                Word("CONNECTION LIMIT");
                break;
            case "validUntil":
                Word("VALID UNTIL");
                break;
            case "addroleto":
                Word("IN ROLE");
                break;
            case "rolemembers":
                Word("USER");
                break;
            case "adminmembers":
                Word("ADMIN");
                break;
            default:
                Word(no + node.Keyword.ToUpperInvariant());
                break;
        }
        Visit(node.Value);
        List(node.Roles);
    }

    public override void VisitPrivilege(Privilege node)
    {
        if (node.Name.IsQuoted || !PrintedNames.IsWord(node.Name.Text.Replace(' ', '_')))
            Write(node.Name);
        else
            Word(node.Name.Text.ToUpperInvariant());
        NamesInParentheses(node.Columns);
    }

    public override void VisitGrantStatement(GrantStatement node)
    {
        BeginGrant(node);
        if (node.Scope == GrantTargetScope.AllInSchema)
        {
            Word("ALL " + KeywordsOf(node.Kind) + "S IN SCHEMA");
            DropTargets(ObjectKind.Schema, node.Targets);
        }
        else
        {
            if (node.Kind != ObjectKind.Table)
                Word(node.Kind == ObjectKind.ForeignServer ? "FOREIGN SERVER" : KeywordsOf(node.Kind));
            DropTargets(node.Kind, node.Targets);
        }
        EndGrant(node);
    }

    private void BeginGrant(GrantStatement node)
    {
        Word(node.IsRevoke ? "REVOKE" : "GRANT");
        WordIf(node.IsGrantOptionOnly, "GRANT OPTION FOR");
        List(node.Privileges);
        Word("ON");
    }

    private void EndGrant(GrantStatement node)
    {
        Word(node.IsRevoke ? "FROM" : "TO");
        List(node.Grantees);
        WordIf(node.WithGrantOption, "WITH GRANT OPTION");
        GrantedBy(node.GrantedBy);
        Write(node.Behavior);
    }

    private void GrantedBy(RoleSpecification? role)
    {
        if (role is null)
            return;
        Word("GRANTED BY");
        Visit(role);
    }

    public override void VisitGrantRoleStatement(GrantRoleStatement node)
    {
        Word(node.IsRevoke ? "REVOKE" : "GRANT");
        if (node.IsRevoke)
        {
            foreach (var option in node.Options)
            {
                Write(option.Name);
                Word("OPTION FOR");
            }
        }
        Names(node.Roles);
        Word(node.IsRevoke ? "FROM" : "TO");
        List(node.Grantees);
        if (!node.IsRevoke && node.Options.Length > 0)
        {
            Word("WITH");
            for (var i = 0; i < node.Options.Length; i++)
            {
                if (i > 0)
                    Raw(',');
                Write(node.Options[i].Name);
                Visit(node.Options[i].Value);
                WordIf(node.Options[i].Value is null, "OPTION");
            }
        }
        GrantedBy(node.GrantedBy);
        Write(node.Behavior);
    }

    public override void VisitAlterDefaultPrivilegesStatement(AlterDefaultPrivilegesStatement node)
    {
        Word("ALTER DEFAULT PRIVILEGES");
        if (node.ForRoles.Length > 0)
        {
            Word("FOR ROLE");
            List(node.ForRoles);
        }
        if (node.InSchemas.Length > 0)
        {
            Word("IN SCHEMA");
            Names(node.InSchemas);
        }
        BeginGrant(node.Action);
        Word(KeywordsOf(node.Action.Kind) + "S");
        EndGrant(node.Action);
    }
}
