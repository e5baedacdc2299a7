using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;
using PolicyLint.CSharp.Binding;
using PolicyLint.CSharp.Connections;

namespace PolicyLint.CSharp.Fixes;

/// <summary>A block that opens a connection of its own and keeps it to itself: what runs on it can run in one transaction.</summary>
internal sealed class TransactionBlock
{
    private readonly SemanticModel _model;
    private readonly ILocalSymbol _connection;
    private readonly StatementSyntax _opening;
    private readonly StatementSyntax _lastUse;
    private readonly bool _isOpen;

    private TransactionBlock(SemanticModel model, ILocalSymbol connection, StatementSyntax opening, StatementSyntax lastUse, bool isOpen, bool isAsync)
    {
        _model = model;
        _connection = connection;
        _opening = opening;
        _lastUse = lastUse;
        _isOpen = isOpen;
        IsAsync = isAsync && connection.Type.Name != "IDbConnection";
    }

    /// <summary>Its code awaits.</summary>
    public bool IsAsync { get; }

    /// <summary>The name of the connection.</summary>
    public string Connection => _connection.Name;

    /// <summary>It is Npgsql's own.</summary>
    public bool IsOfNpgsql => _connection.Type.Name == "NpgsqlConnection";

    /// <summary>The statement behind which the transaction begins.</summary>
    public IOperation Start => _model.GetOperation(_opening)!;

    /// <summary>The block that runs SQL at a place; null where a transaction around it is not certain to be right.</summary>
    public static TransactionBlock? Of(ProjectAnalysis project, IOperation place, CancellationToken cancellation)
    {
        var root = ParameterBindings.RootOf(place);
        var model = project.Code.ModelOf(place.Syntax.SyntaxTree);
        var declarations = root.Descendants().OfType<IVariableDeclaratorOperation>().Where(declarator => ConnectionTypes.IsConnection(declarator.Symbol.Type)).ToList();
        if (declarations is not [{ Initializer.Value: var value, Symbol: var connection, Syntax: VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax { Variables.Count: 1, Parent: LocalDeclarationStatementSyntax { Parent: BlockSyntax block } declaration } } }])
            return null;
        if (!declaration.UsingKeyword.IsKind(SyntaxKind.UsingKeyword) || !block.Span.Contains(place.Syntax.Span))
            return null;
        if (OpeningOf(model, block, declaration, value, connection) is not var (opening, isOpen) || FunctionOf(block) is not var (function, isAsync))
            return null;
        var uses = root.Descendants().Where(operation => operation.Syntax.SpanStart > opening.Span.End && Is(operation, connection)).ToList();
        if (uses.Count == 0 || root.Descendants().Any(operation => !declaration.Span.Contains(operation.Syntax.Span) && IsOther(operation, connection)) || !uses.TrueForAll(use => RunsAtOnce(use, function)))
            return null;
        // What is made of the connection is used for as long as it is.
        var last = block.Statements.Last(statement => model.GetOperation(statement, cancellation) is { } body && body.DescendantsAndSelf().Any(operation => ConnectionTypes.HasConnection(operation.Type)));
        return block.Statements.Where(statement => statement.SpanStart > opening.SpanStart && statement.SpanStart <= last.SpanStart).All(statement => RunsToItsEnd(statement, last, model))
            ? new(model, connection, opening, last, isOpen, isAsync)
            : null;
    }

    /// <summary>The edits that begin a transaction, run a statement in it first, and commit behind the last use of the connection.</summary>
    public IEnumerable<CodeEdit> Edits(string? first = null)
    {
        var tree = _opening.SyntaxTree;
        var taken = new HashSet<string>(_opening.FirstAncestorOrSelf<MemberDeclarationSyntax>()!.DescendantTokens().Where(token => token.IsKind(SyntaxKind.IdentifierToken)).Select(token => token.ValueText), StringComparer.Ordinal);
        var transaction = Free("transaction", taken);
        var next = SourceLines.BreakAt(tree.GetText(), _opening.SpanStart);
        var (wait, suffix) = IsAsync ? ("await ", "Async") : ("", "");
        yield return CodeEdit.Insert(
            tree, _opening.Span.End,
            (_isOpen ? "" : $"{next}{wait}{Connection}.Open{suffix}();") + $"{next}{wait}using var {transaction} = {wait}{Connection}.BeginTransaction{suffix}();" + (first is null ? "" : next + first));
        var commit = $"{wait}{transaction}.Commit{suffix}();";
        if (_lastUse is not ReturnStatementSyntax { Expression: { } result })
        {
            yield return CodeEdit.Insert(tree, _lastUse.Span.End, next + commit);
            yield break;
        }
        var name = Free("result", taken);
        yield return new(tree, TextSpan.FromBounds(_lastUse.SpanStart, result.SpanStart), $"var {name} = ");
        yield return CodeEdit.Insert(tree, _lastUse.Span.End, $"{next}{commit}{next}return {name};");
    }

    /// <summary>A type is in scope where the transaction begins.</summary>
    public bool Knows(string type) => _model.LookupNamespacesAndTypes(_opening.Span.End, name: type).Length > 0;

    private static string Free(string name, HashSet<string> taken)
    {
        while (taken.Contains(name))
            name += "OfUser";
        return name;
    }

    // The statement behind which the connection is there, and whether it is open.
    private static (StatementSyntax Opening, bool IsOpen)? OpeningOf(SemanticModel model, BlockSyntax block, StatementSyntax declaration, IOperation value, ILocalSymbol connection)
    {
        value = value.WithoutConversions();
        if (value is IAwaitOperation awaited)
            value = awaited.Operation.WithoutConversions();
        if (value is IInvocationOperation { TargetMethod.Name: "OpenConnection" or "OpenConnectionAsync" } call && ConnectionTypes.IsDataSource(call.Instance?.Type))
            return (declaration, true);
        var isClosed = value is IObjectCreationOperation || value is IInvocationOperation { TargetMethod.Name: "CreateConnection" } creation && ConnectionTypes.IsDataSource(creation.Instance?.Type);
        if (!isClosed)
            return null;
        var next = block.Statements.FirstOrDefault(statement => statement.SpanStart > declaration.SpanStart && model.GetOperation(statement)!.DescendantsAndSelf().Any(operation => Is(operation, connection)));
        var opens = next is ExpressionStatementSyntax && model.GetOperation(next) is IExpressionStatementOperation { Operation: var operation }
            && (operation is IAwaitOperation wait ? wait.Operation : operation) is IInvocationOperation { TargetMethod.Name: "Open" or "OpenAsync", Instance: { } opened } && Is(opened, connection);
        return opens ? (next!, true) : (declaration, false);
    }

    private static (SyntaxNode Function, bool IsAsync)? FunctionOf(BlockSyntax block) => block.Ancestors().FirstOrDefault(node => node is BaseMethodDeclarationSyntax or LocalFunctionStatementSyntax or AnonymousFunctionExpressionSyntax or AccessorDeclarationSyntax) switch
    {
        MethodDeclarationSyntax method => (method, method.Modifiers.Any(SyntaxKind.AsyncKeyword)),
        LocalFunctionStatementSyntax local => (local, local.Modifiers.Any(SyntaxKind.AsyncKeyword)),
        _ => null,
    };

    private static bool Is(IOperation operation, ILocalSymbol connection) => operation is ILocalReferenceOperation local && SymbolEqualityComparer.Default.Equals(local.Local, connection);

    // Another connection, or what others are taken from.
    private static bool IsOther(IOperation operation, ILocalSymbol connection) =>
        operation is ILocalReferenceOperation or IParameterReferenceOperation or IMemberReferenceOperation or IObjectCreationOperation && !Is(operation, connection)
        && operation.Type is { } type && (ConnectionTypes.IsConnection(type) || ConnectionTypes.IsDataSource(type) || ConnectionTypes.IsTransaction(type) || type.Name == "TransactionScope" || EntityFramework.EntityModel.IsContext(type));

    // The connection's own methods and Dapper's, which are done when they return, and commands.
    private static bool RunsAtOnce(IOperation use, SyntaxNode function)
    {
        if (use.Syntax.Ancestors().First(node => node is BaseMethodDeclarationSyntax or LocalFunctionStatementSyntax or AnonymousFunctionExpressionSyntax) != function)
            return false;
        var user = use.Parent;
        while (user is IConversionOperation or IArgumentOperation)
            user = user.Parent;
        switch (user)
        {
            case IObjectCreationOperation { Type: var type }:
                return ConnectionTypes.IsCommand(type);
            case ISimpleAssignmentOperation { Target: IPropertyReferenceOperation { Property.Name: "Connection" } }:
                return true;
            case IInvocationOperation { TargetMethod: { ContainingType.Name: "SqlMapper" } method } call:
                return method.Name.IndexOf("Multiple", StringComparison.Ordinal) < 0 && method.Name.IndexOf("Reader", StringComparison.Ordinal) < 0 && method.Name.IndexOf("Unbuffered", StringComparison.Ordinal) < 0
                    && !call.Arguments.Any(argument => argument.Parameter?.Name is "buffered" or "flags" or "command" && argument.ArgumentKind == ArgumentKind.Explicit);
            case IInvocationOperation { TargetMethod.Name: var name }:
                return name is "CreateCommand" or "CreateBatch";
            default:
                return false;
        }
    }

    // No path leaves it before the end but by an exception, none goes on behind a statement that failed, and nothing stays open that a commit would find in its way.
    private static bool RunsToItsEnd(StatementSyntax statement, StatementSyntax last, SemanticModel model)
    {
        foreach (var node in statement.DescendantNodesAndSelf(node => node is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax)))
        {
            switch (node)
            {
                case ReturnStatementSyntax { Expression: { } result } when node == last:
                    // The result must have a type of its own, and be there.
                    if (result is ConditionalExpressionSyntax or SwitchExpressionSyntax or ImplicitObjectCreationExpressionSyntax
                        || model.GetTypeInfo(result).Type is null or { Name: "Task" or "ValueTask" } || !(model.GetConversion(result) is var conversion && (conversion.IsIdentity || conversion.IsReference || conversion.IsBoxing)))
                        return false;
                    break;
                case ReturnStatementSyntax or YieldStatementSyntax or GotoStatementSyntax or TryStatementSyntax or BreakStatementSyntax or ContinueStatementSyntax when !IsOfInnerLoop(node, statement):
                    return false;
                case InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: var name } } when name.StartsWith("ExecuteReader", StringComparison.Ordinal):
                    if (!node.Ancestors().TakeWhile(outer => outer != statement.Parent).Any(outer => outer is UsingStatementSyntax))
                        return false;
                    break;
            }
        }
        return true;
    }

    private static bool IsOfInnerLoop(SyntaxNode jump, StatementSyntax statement) => jump is BreakStatementSyntax or ContinueStatementSyntax
        && jump.Ancestors().TakeWhile(node => node != statement.Parent).Any(node => node is WhileStatementSyntax or ForStatementSyntax or CommonForEachStatementSyntax or DoStatementSyntax || node is SwitchStatementSyntax && jump is BreakStatementSyntax);
}
