using PolicyLint.Sql.Tree;

namespace PolicyLint.Sql.Parsing;

/// <content>Roles, GRANT and REVOKE, default privileges.</content>
internal sealed partial class SqlStatementParser
{
    // CREATE ROLE|USER|GROUP name [WITH] options. The cursor stands after these keywords.
    private CreateRoleStatement CreateRole(int start, RoleStatementKind kind)
    {
        var role = RoleId();
        Accept(Keyword.With);
        var options = RoleOptions(isCreate: true);
        return new CreateRoleStatement { Start = start, Kind = kind, Role = role, Options = options, End = LastEnd };
    }

    private RoleOption[] RoleOptions(bool isCreate)
    {
        var options = new List<RoleOption>();
        while (RoleOption(isCreate) is { } option)
            options.Add(option);
        return [.. options];
    }

    // gram.y AlterOptRoleElem, CreateOptRoleElem; the words without a keyword of their own arrive as identifiers.
    private RoleOption? RoleOption(bool isCreate)
    {
        var start = Start;
        if (At(Keyword.Password) || (At(Keyword.Encrypted) && PeekIs(1, Keyword.Password)))
        {
            var isEncrypted = Accept(Keyword.Encrypted);
            Advance();
            Expression value = !isEncrypted && At(Keyword.Null) ? NullLiteral() : StringLiteral();
            return new RoleOption { Start = start, Keyword = "password", Value = value, End = LastEnd };
        }
        if (Accept(Keyword.Unencrypted))
        {
            Expect(Keyword.Password);
            StringLiteral();
            throw ErrorAt(start, "UNENCRYPTED PASSWORD is no longer supported");
        }
        if (Accept(Keyword.Inherit))
            return new RoleOption { Start = start, Keyword = "inherit", End = LastEnd };
        if (Accept(Keyword.Connection))
        {
            Expect(Keyword.Limit);
            return new RoleOption { Start = start, Keyword = "connectionlimit", Value = SignedInteger(), End = LastEnd };
        }
        if (Accept(Keyword.Valid))
        {
            Expect(Keyword.Until);
            return new RoleOption { Start = start, Keyword = "validUntil", Value = StringLiteral(), End = LastEnd };
        }
        if (Accept(Keyword.User))
            return new RoleOption { Start = start, Keyword = "rolemembers", Roles = RoleList(), End = LastEnd };
        if (isCreate && Accept(Keyword.Sysid))
            return new RoleOption { Start = start, Keyword = "sysid", Value = IntegerLiteral(), End = LastEnd };
        if (isCreate && Accept(Keyword.Admin))
            return new RoleOption { Start = start, Keyword = "adminmembers", Roles = RoleList(), End = LastEnd };
        if (isCreate && Accept(Keyword.Role))
            return new RoleOption { Start = start, Keyword = "rolemembers", Roles = RoleList(), End = LastEnd };
        if (isCreate && Accept(Keyword.In))
        {
            if (!Accept(Keyword.Role))
                Expect(Keyword.Group);
            return new RoleOption { Start = start, Keyword = "addroleto", Roles = RoleList(), End = LastEnd };
        }
        if (!At(TokenKind.Identifier))
            return null;
        var word = ColumnId();
        var (keyword, isNegated) = word.Text switch
        {
            "superuser" or "createrole" or "createdb" or "bypassrls" => (word.Text, false),
            "nosuperuser" or "nocreaterole" or "nocreatedb" or "nobypassrls" or "noinherit" => (word.Text.Substring(2), true),
            "login" => ("canlogin", false),
            "nologin" => ("canlogin", true),
            "replication" => ("isreplication", false),
            "noreplication" => ("isreplication", true),
            _ => throw ErrorAt(start, $"unrecognized role option \"{word.Text}\""),
        };
        return new RoleOption { Start = start, Keyword = keyword, IsNegated = isNegated, End = LastEnd };
    }

    // ALTER ROLE|USER|GROUP …; the cursor stands after these keywords.
    private Statement AlterRole(int start, RoleStatementKind kind)
    {
        if (kind != RoleStatementKind.Group && At(Keyword.All))
        {
            Advance();
            return AlterRoleSet(start, kind, null);
        }
        var role = RoleSpecification();
        if (At(Keyword.Rename))
        {
            Advance();
            Expect(Keyword.To);
            RequireRoleId(role);
            var newName = RoleId();
            return new RenameStatement { Start = start, Kind = ObjectKind.Role, Object = new(role.Name), NewName = newName, End = LastEnd };
        }
        if (kind == RoleStatementKind.Group)
        {
            var isDrop = Accept(Keyword.Drop);
            if (!isDrop)
                Expect(Keyword.Add);
            Expect(Keyword.User);
            var members = RoleList();
            return new AlterRoleStatement { Start = start, Kind = kind, Role = role, Members = members, IsDropMembers = isDrop, End = LastEnd };
        }
        if (At(Keyword.In) || At(Keyword.Set) || At(Keyword.Reset))
            return AlterRoleSet(start, kind, role);
        Accept(Keyword.With);
        var options = RoleOptions(isCreate: false);
        return new AlterRoleStatement { Start = start, Kind = kind, Role = role, Options = options, End = LastEnd };
    }

    private Statement AlterRoleSet(int start, RoleStatementKind kind, RoleSpecification? role)
    {
        Name database = default;
        if (Accept(Keyword.In))
        {
            Expect(Keyword.Database);
            database = ColumnId();
        }
        if (SetResetClause() is not SetStatement setting)
            return OtherFrom(start);
        return new AlterRoleSetStatement { Start = start, Kind = kind, Role = role, Database = database, Setting = setting, End = LastEnd };
    }

    private RoleSpecification[] RoleList() => CommaList(static parser => parser.RoleSpecification());

    // gram.y RoleSpec.
    private RoleSpecification RoleSpecification()
    {
        var start = Start;
        if (Accept(Keyword.CurrentUser))
            return new RoleSpecification { Start = start, Kind = RoleSpecificationKind.CurrentUser, End = LastEnd };
        if (Accept(Keyword.CurrentRole))
            return new RoleSpecification { Start = start, Kind = RoleSpecificationKind.CurrentRole, End = LastEnd };
        if (Accept(Keyword.SessionUser))
            return new RoleSpecification { Start = start, Kind = RoleSpecificationKind.SessionUser, End = LastEnd };
        var name = NonReservedWord();
        if (name == "none")
            throw ErrorAt(start, "role name \"none\" is reserved");
        if (name == "public")
            return new RoleSpecification { Start = start, Kind = RoleSpecificationKind.Public, End = LastEnd };
        return new RoleSpecification { Start = start, Name = name, End = LastEnd };
    }

    // gram.y RoleId: a name only.
    private Name RoleId()
    {
        var role = RoleSpecification();
        RequireRoleId(role);
        return role.Name;
    }

    private void RequireRoleId(RoleSpecification role)
    {
        switch (role.Kind)
        {
            case RoleSpecificationKind.Public:
                throw ErrorAt(role.Start, "role name \"public\" is reserved");
            case RoleSpecificationKind.CurrentUser:
                throw ErrorAt(role.Start, "CURRENT_USER cannot be used as a role name here");
            case RoleSpecificationKind.CurrentRole:
                throw ErrorAt(role.Start, "CURRENT_ROLE cannot be used as a role name here");
            case RoleSpecificationKind.SessionUser:
                throw ErrorAt(role.Start, "SESSION_USER cannot be used as a role name here");
        }
    }

    // A role where the tree keeps a name: the keyword's text stands for CURRENT_USER and its like.
    private Name RoleName()
    {
        if (At(Keyword.CurrentUser) || At(Keyword.CurrentRole) || At(Keyword.SessionUser))
            return Label();
        var role = RoleSpecification();
        return role.Kind == RoleSpecificationKind.Public ? new Name("public", role.Start, role.End - role.Start) : role.Name;
    }

    // GRANT|REVOKE privileges ON targets TO|FROM roles, or of roles. gram.y GrantStmt, RevokeStmt, GrantRoleStmt, RevokeRoleStmt.
    private Statement ParseGrant()
    {
        var start = Start;
        var isRevoke = At(Keyword.Revoke);
        Advance();
        var optionStart = Start;
        var isGrantOptionOnly = false;
        OptionItem[] revokedOption = [];
        if (isRevoke && At(Keyword.Grant))
        {
            Advance();
            Expect(Keyword.Option);
            Expect(Keyword.For);
            isGrantOptionOnly = true;
        }
        else if (isRevoke && PeekIs(1, Keyword.Option))
        {
            var name = ColumnId();
            Advance();
            revokedOption = [new OptionItem { Start = optionStart, Name = name, End = LastEnd }];
            Expect(Keyword.For);
        }
        var privileges = Privileges();
        if (!isGrantOptionOnly && revokedOption.Length == 0 && At(Keyword.On) || isGrantOptionOnly)
        {
            Expect(Keyword.On);
            var kind = PrivilegeTarget(out var scope, out var targets);
            return EndGrant(start, isRevoke, isGrantOptionOnly, privileges, scope, kind, targets, mayBeGrantedBy: true);
        }
        return GrantRole(start, isRevoke, revokedOption, privileges);
    }

    private Privilege[] Privileges()
    {
        var start = Start;
        if (!At(Keyword.All))
            return CommaList(static parser => parser.Privilege());
        var name = Label();
        Accept(Keyword.Privileges);
        var columns = OptionalColumnList();
        return [new Privilege { Start = start, Name = name, Columns = columns, End = LastEnd }];
    }

    private Privilege Privilege()
    {
        var start = Start;
        if (Accept(Keyword.Alter))
        {
            Expect(Keyword.System);
            return new Privilege { Start = start, Name = new Name("alter system", start, LastEnd - start), End = LastEnd };
        }
        var name = At(Keyword.Select) || At(Keyword.References) || At(Keyword.Create) ? Label() : ColumnId();
        var columns = OptionalColumnList();
        return new Privilege { Start = start, Name = name, Columns = columns, End = LastEnd };
    }

    private GrantStatement EndGrant(
        int start, bool isRevoke, bool isGrantOptionOnly, Privilege[] privileges, GrantTargetScope scope, ObjectKind kind, DropTarget[] targets, bool mayBeGrantedBy)
    {
        Expect(isRevoke ? Keyword.From : Keyword.To);
        var grantees = CommaList(static parser => parser.Grantee());
        var withGrantOption = false;
        if (!isRevoke && Accept(Keyword.With))
        {
            Expect(Keyword.Grant);
            Expect(Keyword.Option);
            withGrantOption = true;
        }
        var grantedBy = mayBeGrantedBy ? GrantedBy() : null;
        var behavior = isRevoke ? DropBehavior() : default;
        return new GrantStatement
        {
            Start = start, IsRevoke = isRevoke, IsGrantOptionOnly = isGrantOptionOnly, Privileges = privileges, Scope = scope, Kind = kind, Targets = targets,
            Grantees = grantees, WithGrantOption = withGrantOption, GrantedBy = grantedBy, Behavior = behavior, End = LastEnd,
        };
    }

    private RoleSpecification Grantee()
    {
        Accept(Keyword.Group);
        return RoleSpecification();
    }

    private RoleSpecification? GrantedBy()
    {
        if (!Accept(Keyword.Granted))
            return null;
        Expect(Keyword.By);
        return RoleSpecification();
    }

    // gram.y privilege_target.
    private ObjectKind PrivilegeTarget(out GrantTargetScope scope, out DropTarget[] targets)
    {
        scope = GrantTargetScope.Objects;
        if (At(Keyword.All))
        {
            Advance();
            scope = GrantTargetScope.AllInSchema;
            var kind = AllInSchemaKind();
            Expect(Keyword.In);
            Expect(Keyword.Schema);
            targets = CommaList(static parser => parser.NameTarget());
            return kind;
        }
        if (AcceptPair(Keyword.Foreign, Keyword.Data))
        {
            Expect(Keyword.Wrapper);
            targets = CommaList(static parser => parser.NameTarget());
            return ObjectKind.ForeignDataWrapper;
        }
        if (AcceptPair(Keyword.Foreign, Keyword.Server))
        {
            targets = CommaList(static parser => parser.NameTarget());
            return ObjectKind.ForeignServer;
        }
        if (AcceptPair(Keyword.Large, Keyword.Object))
        {
            targets = CommaList(static parser => parser.NumberTarget());
            return ObjectKind.LargeObject;
        }
        // These words are unreserved: a table may have such a name, and then what follows is no name.
        var isKeyword = PeekIsColumnId(1);
        if (Accept(Keyword.Table))
        {
            targets = CommaList(static parser => parser.RelationTarget());
            return ObjectKind.Table;
        }
        if (isKeyword && Accept(Keyword.Sequence))
        {
            targets = CommaList(static parser => parser.RelationTarget());
            return ObjectKind.Sequence;
        }
        if (isKeyword || PeekIsWord(1))
        {
            var kind = At(Keyword.Function) ? ObjectKind.Function : At(Keyword.Procedure) ? ObjectKind.Procedure : At(Keyword.Routine) ? ObjectKind.Routine : ObjectKind.Table;
            if (kind != ObjectKind.Table && !PeekIs(1, Keyword.To) && !PeekIs(1, Keyword.From))
            {
                Advance();
                targets = CommaList(static parser => parser.RoutineTarget());
                return kind;
            }
        }
        if (isKeyword)
        {
            var kind = NameTargetKind();
            if (kind is not null)
            {
                Advance();
                targets = kind is ObjectKind.Domain or ObjectKind.Type
                    ? CommaList(static parser => parser.AnyNameTarget())
                    : kind is ObjectKind.Parameter ? CommaList(static parser => parser.ParameterTarget()) : CommaList(static parser => parser.NameTarget());
                return kind.Value;
            }
        }
        targets = CommaList(static parser => parser.RelationTarget());
        return ObjectKind.Table;
    }

    private ObjectKind? NameTargetKind()
    {
        if (At(Keyword.Database))
            return ObjectKind.Database;
        if (At(Keyword.Domain))
            return ObjectKind.Domain;
        if (At(Keyword.Language))
            return ObjectKind.Language;
        if (At(Keyword.Schema))
            return ObjectKind.Schema;
        if (At(Keyword.Tablespace))
            return ObjectKind.Tablespace;
        if (At(Keyword.Parameter))
            return ObjectKind.Parameter;
        return At(Keyword.Type) ? ObjectKind.Type : null;
    }

    private ObjectKind AllInSchemaKind()
    {
        if (Accept(Keyword.Tables))
            return ObjectKind.Table;
        if (Accept(Keyword.Sequences))
            return ObjectKind.Sequence;
        if (Accept(Keyword.Functions))
            return ObjectKind.Function;
        if (Accept(Keyword.Procedures))
            return ObjectKind.Procedure;
        Expect(Keyword.Routines);
        return ObjectKind.Routine;
    }

    private GrantRoleStatement GrantRole(int start, bool isRevoke, OptionItem[] revokedOption, Privilege[] privileges)
    {
        var roles = new Name[privileges.Length];
        for (var i = 0; i < privileges.Length; i++)
        {
            if (privileges[i].Columns.Length > 0)
                throw Unexpected();
            roles[i] = privileges[i].Name;
        }
        Expect(isRevoke ? Keyword.From : Keyword.To);
        var grantees = RoleList();
        var options = revokedOption;
        if (!isRevoke && Accept(Keyword.With))
            options = CommaList(static parser => parser.GrantRoleOption());
        var grantedBy = GrantedBy();
        var behavior = isRevoke ? DropBehavior() : default;
        return new GrantRoleStatement
        {
            Start = start, IsRevoke = isRevoke, Roles = roles, Grantees = grantees, Options = options, GrantedBy = grantedBy, Behavior = behavior, End = LastEnd,
        };
    }

    // gram.y grant_role_opt: ADMIN OPTION, INHERIT TRUE, SET FALSE; OPTION has no value here and means TRUE.
    private OptionItem GrantRoleOption()
    {
        var start = Start;
        var name = Label();
        if (Accept(Keyword.Option))
            return new OptionItem { Start = start, Name = name, End = LastEnd };
        var valueStart = Start;
        var isTrue = Accept(Keyword.True);
        if (!isTrue)
            Expect(Keyword.False);
        var value = new Literal { Start = valueStart, Kind = isTrue ? LiteralKind.True : LiteralKind.False, Source = Source, End = LastEnd };
        return new OptionItem { Start = start, Name = name, Value = value, End = LastEnd };
    }

    // ALTER DEFAULT PRIVILEGES [FOR ROLE roles] [IN SCHEMA schemas] GRANT|REVOKE …; the cursor stands after PRIVILEGES.
    private AlterDefaultPrivilegesStatement AlterDefaultPrivileges(int start)
    {
        RoleSpecification[] roles = [];
        Name[] schemas = [];
        while (At(Keyword.In) || At(Keyword.For))
        {
            if (Accept(Keyword.In))
            {
                Expect(Keyword.Schema);
                schemas = CommaList(static parser => parser.ColumnId());
                continue;
            }
            Advance();
            if (!Accept(Keyword.User))
                Expect(Keyword.Role);
            roles = RoleList();
        }
        var actionStart = Start;
        var isRevoke = Accept(Keyword.Revoke);
        if (!isRevoke)
            Expect(Keyword.Grant);
        var isGrantOptionOnly = isRevoke && Accept(Keyword.Grant);
        if (isGrantOptionOnly)
        {
            Expect(Keyword.Option);
            Expect(Keyword.For);
        }
        var privileges = Privileges();
        Expect(Keyword.On);
        var kind = DefaultPrivilegeKind();
        var action = EndGrant(actionStart, isRevoke, isGrantOptionOnly, privileges, GrantTargetScope.Objects, kind, [], mayBeGrantedBy: false);
        return new AlterDefaultPrivilegesStatement { Start = start, ForRoles = roles, InSchemas = schemas, Action = action, End = LastEnd };
    }

    private ObjectKind DefaultPrivilegeKind()
    {
        if (Accept(Keyword.Tables))
            return ObjectKind.Table;
        if (Accept(Keyword.Functions))
            return ObjectKind.Function;
        if (Accept(Keyword.Routines))
            return ObjectKind.Routine;
        if (Accept(Keyword.Sequences))
            return ObjectKind.Sequence;
        if (Accept(Keyword.Types))
            return ObjectKind.Type;
        if (Accept(Keyword.Large))
        {
            Expect(Keyword.Objects);
            return ObjectKind.LargeObject;
        }
        Expect(Keyword.Schemas);
        return ObjectKind.Schema;
    }
}
