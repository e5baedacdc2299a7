using PolicyLint.Core.Access;
using PolicyLint.Sql;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Logic;

/// <summary>
/// One text for expressions and queries that mean the same: the alias of a query's only relation, qualifiers by it, output names, the schema
/// public and scalar subqueries around session functions are left out, so that `p.id = (select auth.uid())` and `id = auth.uid()` read alike.
/// Texts that differ may still mean the same; equal texts do.
/// </summary>
internal sealed class CanonicalQuery : SqlRewriter
{
    private readonly Stack<string> _onlyRelations = new();
    private int _sessionDepth;

    private CanonicalQuery()
    {
    }

    public static string Print(SqlNode node) => SqlPrinter.Print(new CanonicalQuery().Rewrite(node));

    public override T Rewrite<T>(T node)
    {
        switch (node)
        {
            case ScalarSubquery { Query: SelectQuery { From.Length: 0, Targets.Length: 1, Where: null } select } when SessionTerms.IsSessionExpression(select.Targets[0].Value):
                return (T)(SqlNode)Rewrite(select.Targets[0].Value);
            // The server prints the types of constants, `current_setting('x'::text)`; there the constant can have no other type.
            case CastExpression { Operand: Literal literal } when _sessionDepth > 0:
                return (T)(SqlNode)literal;
            case FunctionCall or ConditionalExpression when node is FunctionCall call ? SessionTerms.IsSessionFunction(call) : SessionTerms.IsSessionExpression((Expression)(SqlNode)node):
            {
                _sessionDepth++;
                var rewritten = base.Rewrite(node);
                _sessionDepth--;
                return rewritten;
            }
            case SelectItem { Alias.IsEmpty: false } item:
                return (T)(SqlNode)new SelectItem { Value = Rewrite(item.Value) };
            case SelectQuery { From.Length: 1 } select when select.From[0] is NamedTable table:
            {
                _onlyRelations.Push(table.Alias is { } alias ? alias.Name.Text : table.Name.Name.Text);
                var rewritten = base.Rewrite(node);
                _onlyRelations.Pop();
                return rewritten;
            }
            case SelectQuery:
            {
                _onlyRelations.Push("");
                var rewritten = base.Rewrite(node);
                _onlyRelations.Pop();
                return rewritten;
            }
            case NamedTable { Sample: null } table when _onlyRelations.Count > 0 && _onlyRelations.Peek().Length > 0 && table.Alias is null or { Columns.Length: 0, Definitions.Length: 0 }:
                return (T)(SqlNode)new NamedTable { Name = WithoutPublic(table.Name), IsOnly = table.IsOnly };
            case ColumnReference { IsStar: false } column when _onlyRelations.Count > 0 && column.Name.Outer.Count == 0 && column.Name.Qualifier == _onlyRelations.Peek() && _onlyRelations.Peek().Length > 0:
                return (T)(SqlNode)new ColumnReference { Name = new(column.Name.Name) };
            default:
                return base.Rewrite(node);
        }
    }

    private static ObjectName WithoutPublic(ObjectName name) => name.Schema == "public" && name.Outer.Count == 0 ? new(name.Name) : name;
}
