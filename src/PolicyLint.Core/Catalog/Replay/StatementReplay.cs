using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Catalog.Replay;

/// <summary>Hands each statement to the family that knows it.</summary>
internal sealed class StatementReplay
{
    private readonly ReplayContext _context;
    private readonly TableStatements _tables;
    private readonly AlterTableStatements _alterTables;
    private readonly IndexStatements _indexes;
    private readonly ViewStatements _views;
    private readonly PolicyStatements _policies;
    private readonly FunctionStatements _functions;
    private readonly TriggerStatements _triggers;
    private readonly TypeStatements _types;
    private readonly SchemaStatements _schemas;
    private readonly RoleStatements _roles;
    private readonly PrivilegeStatements _privileges;
    private readonly DropStatements _drops;
    private readonly OwnedObjects _owned;
    private readonly RenameStatements _renames;

    public StatementReplay(ReplayContext context)
    {
        _context = context;
        var defaults = new DefaultGrants(context);
        var columns = new ColumnBuilder(context);
        var constraints = new ConstraintBuilder(context);
        var dropping = new Dropping(context, context.Dependents);
        _types = new(context);
        _tables = new(context, columns, constraints, defaults);
        _alterTables = new(context, columns, constraints, defaults, dropping, _types);
        _indexes = new(context, constraints);
        _views = new(context, defaults);
        _policies = new(context);
        _functions = new(context, defaults);
        _triggers = new(context);
        _schemas = new(context, defaults, Apply);
        _roles = new(context);
        _privileges = new(context, _functions);
        _drops = new(context, dropping);
        _owned = new(context, dropping);
        _renames = new(context, new Renaming(context), _functions, _roles, _alterTables, _types);
        Session = new(context);
        Transactions = new(context, Session);
    }

    public SessionStatements Session { get; }

    public TransactionControl Transactions { get; }

    /// <summary>Applies a statement that is certain to run. DO, CALL and queries that call functions are not for here.</summary>
    public void Apply(Statement statement)
    {
        switch (statement)
        {
            case CreateTableStatement create:
                _tables.Create(create);
                break;
            case CreateTableAsStatement { IsMaterializedView: true } create:
                _views.CreateMaterialized(create);
                break;
            case CreateTableAsStatement create:
                _tables.CreateAs(create);
                break;
            case SelectQuery { Into: { } into } select:
                _tables.SelectInto(select, into);
                break;
            case AlterTableStatement alter:
                _alterTables.Alter(alter);
                break;
            case CreateIndexStatement create:
                _indexes.Create(create);
                break;
            case CreateViewStatement create:
                _views.Create(create);
                break;
            case CreatePolicyStatement create:
                _policies.Create(create);
                break;
            case AlterPolicyStatement alter:
                _policies.Alter(alter);
                break;
            case CreateFunctionStatement create:
                _functions.Create(create);
                break;
            case AlterFunctionStatement alter:
                _functions.Alter(alter);
                break;
            case CreateTriggerStatement create:
                _triggers.Create(create);
                break;
            case DropStatement drop:
                _drops.Drop(drop);
                break;
            case DropOwnedStatement drop:
                _owned.Apply(drop, _alterTables);
                break;
            case RenameStatement rename:
                _renames.Rename(rename);
                break;
            case SetSchemaStatement move:
                _renames.SetSchema(move);
                break;
            case ChangeOwnerStatement owner:
                _renames.ChangeOwner(owner);
                break;
            default:
                ApplyOther(statement);
                break;
        }
    }

    private void ApplyOther(Statement statement)
    {
        switch (statement)
        {
            case CreateEnumStatement create:
                _types.CreateEnum(create);
                break;
            case AlterEnumStatement alter:
                _types.AlterEnum(alter);
                break;
            case CreateCompositeTypeStatement create:
                _types.CreateComposite(create);
                break;
            case CreateRangeTypeStatement create:
                _types.CreateRange(create);
                break;
            case CreateDomainStatement create:
                _types.CreateDomain(create);
                break;
            case CreateSchemaStatement create:
                _schemas.CreateSchema(create);
                break;
            case CreateExtensionStatement create:
                _schemas.CreateExtension(create);
                break;
            case CreateSequenceStatement create:
                _schemas.CreateSequence(create);
                break;
            case AlterSequenceStatement alter:
                _schemas.AlterSequence(alter);
                break;
            case CommentStatement comment:
                _schemas.Comment(comment);
                break;
            case CreateRoleStatement create:
                _roles.Create(create);
                break;
            case AlterRoleStatement alter:
                _roles.Alter(alter);
                break;
            case GrantRoleStatement grant:
                _roles.Grant(grant);
                break;
            case GrantStatement grant:
                _privileges.Apply(grant);
                break;
            case AlterDefaultPrivilegesStatement alter:
                _privileges.AlterDefaults(alter);
                break;
            case SetStatement set:
                Session.Set(set);
                break;
            case AlterRoleSetStatement alter:
                Session.HoldFromStart(alter.Setting);
                break;
            case AlterDatabaseSetStatement alter:
                Session.HoldFromStart(alter.Setting);
                break;
            case TransactionStatement transaction:
                Transactions.Apply(transaction);
                break;
        }
    }
}
