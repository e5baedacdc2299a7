using PolicyLint.Core.Catalog;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Access;

/// <summary>
/// What a statement may do that a rollback leaves done: a number drawn from a sequence is gone for good, and what a function does outside of
/// the database stays. What can't be read may do anything.
/// </summary>
public sealed class LastingEffects(ICatalog catalog)
{
    private const int DeepestCall = 12;

    // Functions of PostgreSQL whose effects no rollback takes back, and those that run a text given to them.
    private static readonly HashSet<string> Lasting = new(StringComparer.Ordinal)
    {
        "nextval", "setval", "pg_logical_emit_message", "pg_reload_conf", "pg_rotate_logfile", "pg_switch_wal", "pg_create_restore_point",
        "pg_terminate_backend", "pg_cancel_backend", "pg_stat_reset", "pg_advisory_lock", "pg_advisory_lock_shared", "lo_export", "pg_file_write",
        "query_to_xml", "query_to_xmlschema", "query_to_xml_and_xmlschema", "cursor_to_xml", "dblink", "dblink_exec", "dblink_connect", "dblink_send_query",
    };

    // Volatile functions of extensions in C that only compute.
    private static readonly HashSet<string> Computing = new(StringComparer.Ordinal)
    {
        "uuid_generate_v1", "uuid_generate_v1mc", "uuid_generate_v4", "gen_random_uuid", "gen_random_bytes", "gen_salt", "pgp_sym_encrypt", "pgp_pub_encrypt",
        "moddatetime", "insert_username",
    };

    /// <summary>What evaluating the expression may do for good, in words; null where nothing.</summary>
    public string? Of(Expression? expression)
    {
        var search = new Search(catalog, firesTriggers: true);
        search.Visit(expression);
        return search.Found;
    }

    /// <summary>What reading and writing rows of the table, by any role that its policies are for, may do for good; null where nothing.</summary>
    /// <param name="table">The table.</param>
    /// <param name="firesTriggers">False where the session keeps triggers from firing, those of foreign keys included.</param>
    /// <param name="evaluatesDefaults">False where every column is given its value.</param>
    public string? Of(Table table, bool firesTriggers, bool evaluatesDefaults)
    {
        var search = new Search(catalog, firesTriggers);
        search.Write(table, evaluatesDefaults);
        return search.Found;
    }

    /// <summary>What adding a row may do for good, all columns given; null where nothing.</summary>
    /// <param name="table">The table.</param>
    /// <param name="firesTriggers">As in <see cref="Of(Table, bool, bool)"/>.</param>
    public string? OfInsert(Table table, bool firesTriggers)
    {
        var search = new Search(catalog, firesTriggers);
        search.Insert(table);
        return search.Found;
    }

    private sealed class Search(ICatalog catalog, bool firesTriggers) : SqlVisitor
    {
        private readonly HashSet<Function> _entered = [];
        private readonly HashSet<QualifiedId> _written = [];
        private readonly HashSet<QualifiedId> _read = [];
        private int _depth;

        public string? Found { get; private set; }

        public void Insert(Table table)
        {
            Read(table);
            foreach (var constraint in table.Constraints)
                Visit(constraint.Condition?.Tree);
            foreach (var trigger in table.Triggers)
            {
                if (firesTriggers && trigger is { IsEnabled: true, OnInsert: true })
                    Fire(table, trigger);
            }
            foreach (var other in catalog.TablesInOrder())
            {
                if (other.PartitionOf == table.Id)
                    Insert(other);
            }
        }

        public void Write(Table table, bool evaluatesDefaults)
        {
            if (!_written.Add(table.Id))
                return;
            Read(table);
            foreach (var constraint in table.Constraints)
                Visit(constraint.Condition?.Tree);
            foreach (var column in table.Columns)
            {
                if (!evaluatesDefaults || column.IsGenerated)
                    continue;
                if (column.IsIdentity)
                    Found ??= $"{table.Id}.{column.Name} draws a number from a sequence";
                Visit(column.Default?.Tree);
            }
            foreach (var trigger in table.Triggers)
            {
                if (firesTriggers && trigger.IsEnabled)
                    Fire(table, trigger);
            }
            foreach (var other in catalog.TablesInOrder())
            {
                if (other.PartitionOf == table.Id || other.Inherits.Contains(table.Id))
                    Write(other, evaluatesDefaults: false);
                else if (firesTriggers)
                    FollowKeys(table, other);
            }
        }

        public override void Visit(SqlNode? node)
        {
            if (Found is not null)
                return;
            if (node is Statement statement and not (QueryStatement or InsertStatement or UpdateStatement or DeleteStatement or MergeStatement or ReturnStatement))
                Found = "a function runs a statement other than a query, INSERT, UPDATE, DELETE or MERGE: " + statement.GetType().Name;
            else
                base.Visit(node);
        }

        public override void VisitFunctionCall(FunctionCall node)
        {
            Call(node.Name);
            base.VisitFunctionCall(node);
        }

        public override void VisitNamedTable(NamedTable node)
        {
            if (catalog.FindRelation(node.Name) is { } relation)
                Read(relation);
            base.VisitNamedTable(node);
        }

        public override void VisitInsertStatement(InsertStatement node)
        {
            WriteTo(node.Table);
            base.VisitInsertStatement(node);
        }

        public override void VisitUpdateStatement(UpdateStatement node)
        {
            WriteTo(node.Table.Name);
            base.VisitUpdateStatement(node);
        }

        public override void VisitDeleteStatement(DeleteStatement node)
        {
            WriteTo(node.Table.Name);
            base.VisitDeleteStatement(node);
        }

        public override void VisitMergeStatement(MergeStatement node)
        {
            WriteTo(node.Table.Name);
            base.VisitMergeStatement(node);
        }

        public override void VisitPlExecute(PlExecute node) => Found ??= "a function runs a text that it puts together";

        public override void VisitPlForExecute(PlForExecute node) => Found ??= "a function runs a text that it puts together";

        public override void VisitPlReturn(PlReturn node)
        {
            if (node.Dynamic is not null)
                Found ??= "a function runs a text that it puts together";
            base.VisitPlReturn(node);
        }

        private void Call(ObjectName name)
        {
            var functions = catalog.FindFunctions(name);
            if (functions.Count == 0 && name.Schema is null)
            {
                // A function may have a search_path of its own.
                foreach (var pair in catalog.Functions)
                {
                    if (pair.Key.Name != name.Name.Text)
                        continue;
                    foreach (var function in pair.Value)
                        Enter(function);
                }
            }
            if (functions.Count == 0 && Lasting.Contains(name.Name.Text))
                Found ??= name.Name.Text == "nextval" ? "a number is drawn from a sequence" : $"{name.Name.Text} is called";
            foreach (var function in functions)
                Enter(function);
        }

        private void Enter(Function function)
        {
            if (Found is not null || !_entered.Add(function))
                return;
            if (FunctionBodies.Of(function) is { } roots && _depth < DeepestCall)
            {
                _depth++;
                foreach (var root in roots)
                    Visit(root);
                _depth--;
            }
            else if (Lasting.Contains(function.Id.Name) || (function.Volatility == Volatility.Volatile && !Computing.Contains(function.Id.Name)))
            {
                Found = $"what the function {function.Id} does can't be read";
            }
        }

        private void Fire(Table table, Trigger trigger)
        {
            if (catalog.Functions.TryGetValue(trigger.Function, out var functions))
            {
                foreach (var function in functions)
                    Enter(function);
            }
            else if (trigger.Function.Schema != "pg_catalog")
            {
                Found ??= $"a function of its own that is not known";
            }
            if (Found is { } found && !found.StartsWith("the trigger ", StringComparison.Ordinal))
                Found = $"the trigger {trigger.Name} on {table.Id} fires: {found}";
        }

        // Rows that refer to one that goes, or whose key changes, may go or change with it.
        private void FollowKeys(Table table, Table other)
        {
            foreach (var constraint in other.Constraints)
            {
                if (constraint.ReferencedTable == table.Id && (Acts(constraint.OnDelete) || Acts(constraint.OnUpdate)))
                    Write(other, evaluatesDefaults: constraint.OnDelete == ReferentialAction.SetDefault || constraint.OnUpdate == ReferentialAction.SetDefault);
            }

            static bool Acts(ReferentialAction action) => action is ReferentialAction.Cascade or ReferentialAction.SetNull or ReferentialAction.SetDefault;
        }

        private void WriteTo(ObjectName name)
        {
            if (catalog.FindRelation(name) is Table table)
                Write(table, evaluatesDefaults: true);
            else
                Found ??= $"what is written to {name.Name.Text} is not known";
        }

        private void Read(Relation relation)
        {
            if (!_read.Add(relation.Id))
                return;
            if (relation is View view)
                Visit(view.Query?.Tree);
            if (relation is not Table table)
                return;
            foreach (var policy in table.Policies)
            {
                Visit(policy.Using?.Tree);
                Visit(policy.WithCheck?.Tree);
            }
        }
    }
}
