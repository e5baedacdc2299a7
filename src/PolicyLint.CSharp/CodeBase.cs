using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace PolicyLint.CSharp;

/// <summary>The code of a compilation: bodies of members and the calls of a method, found when they are asked for.</summary>
internal sealed class CodeBase(Compilation compilation, SourceOutlines outlines)
{
    private const int MostCallers = 64;

    private readonly ConcurrentDictionary<SyntaxTree, SemanticModel> _models = new();
    private readonly object _lock = new();
    private Dictionary<int, List<(SyntaxTree Tree, int Start)>>? _calls;
    private IReadOnlyList<INamedTypeSymbol>? _types;

    public Compilation Compilation { get; } = compilation;

    /// <summary>The outlines of all files of one kind.</summary>
    public IEnumerable<(SyntaxTree Tree, TOutline Outline)> OutlinesOf<TOutline>(Func<SyntaxNode, TOutline> read, CancellationToken cancellation) where TOutline : class
    {
        foreach (var tree in Compilation.SyntaxTrees)
            yield return (tree, outlines.Of(tree, read, cancellation));
    }

    /// <summary>The outline of a file of one kind.</summary>
    public TOutline OutlineOf<TOutline>(SyntaxTree tree, Func<SyntaxNode, TOutline> read, CancellationToken cancellation) where TOutline : class => outlines.Of(tree, read, cancellation);

    public SemanticModel ModelOf(SyntaxTree tree) => _models.GetOrAdd(tree, t => Compilation.GetSemanticModel(t));

    /// <summary>The symbol that a member or type declares.</summary>
    public ISymbol? SymbolAt(SyntaxTree tree, TextSpan declaration, CancellationToken cancellation) =>
        tree.GetRoot(cancellation).FindNode(declaration, getInnermostNodeForTie: true).FirstAncestorOrSelf<MemberDeclarationSyntax>() is { } node ? ModelOf(tree).GetDeclaredSymbol(node, cancellation) : null;

    /// <summary>The body of a method, accessor or local function as an operation; null where it is not in source.</summary>
    public IOperation? BodyOf(IMethodSymbol method, CancellationToken cancellation)
    {
        foreach (var reference in method.DeclaringSyntaxReferences)
        {
            if (!Compilation.ContainsSyntaxTree(reference.SyntaxTree))
                continue;
            var model = ModelOf(reference.SyntaxTree);
            var syntax = reference.GetSyntax(cancellation);
            var body = syntax is ArrowExpressionClauseSyntax ? syntax : BodySyntax(syntax);
            if (body is null)
                continue;
            if (model.GetOperation(syntax, cancellation) is { } whole)
                return whole;
            if (model.GetOperation(body, cancellation) is { } part)
                return part;
        }
        return null;
    }

    /// <summary>The value that a field or property is declared with: an initializer or an expression body.</summary>
    public IOperation? InitializerOf(ISymbol member, CancellationToken cancellation)
    {
        foreach (var reference in member.DeclaringSyntaxReferences)
        {
            var value = reference.GetSyntax(cancellation) switch
            {
                VariableDeclaratorSyntax declarator => declarator.Initializer?.Value,
                PropertyDeclarationSyntax { Initializer: { } initializer } => initializer.Value,
                PropertyDeclarationSyntax { ExpressionBody: { } arrow } => arrow.Expression,
                _ => null,
            };
            if (value is not null && Compilation.ContainsSyntaxTree(value.SyntaxTree))
                return ModelOf(value.SyntaxTree).GetOperation(value, cancellation);
        }
        return null;
    }

    /// <summary>The calls of a method, constructors included; null where there are too many to follow.</summary>
    public IReadOnlyList<IOperation>? CallersOf(IMethodSymbol method, CancellationToken cancellation)
    {
        var name = method.MethodKind == MethodKind.Constructor ? method.ContainingType.Name : method.ExplicitInterfaceImplementations is [var implemented, ..] ? implemented.Name : method.Name;
        var callers = new List<IOperation>();
        foreach (var candidate in CallsOf(name, cancellation))
        {
            cancellation.ThrowIfCancellationRequested();
            var operation = ModelOf(candidate.SyntaxTree).GetOperation(candidate, cancellation);
            var called = operation switch
            {
                IInvocationOperation call => call.TargetMethod,
                IObjectCreationOperation creation => creation.Constructor,
                _ => null,
            };
            if (called is null || !Means(called, method))
                continue;
            callers.Add(operation!);
            if (callers.Count > MostCallers)
                return null;
        }
        return callers;
    }

    /// <summary>Where the delegate that a field or property holds is called by its name.</summary>
    public IReadOnlyList<IOperation> RunsOf(ISymbol holder, CancellationToken cancellation)
    {
        var runs = new List<IOperation>();
        foreach (var candidate in CallsOf(holder.Name, cancellation))
        {
            if (ModelOf(candidate.SyntaxTree).GetOperation(candidate, cancellation) is IInvocationOperation { Instance: IMemberReferenceOperation { Member: var member } } call
                && SymbolEqualityComparer.Default.Equals(member.OriginalDefinition, holder))
            {
                runs.Add(call);
            }
        }
        return runs;
    }

    /// <summary>What a call or a read of a member may run: the member, or what overrides or implements it in the source for a receiver of that type.</summary>
    public IReadOnlyList<ISymbol> WaysOf(ISymbol member, ITypeSymbol? receiver, CancellationToken cancellation)
    {
        if (member.IsExtern)
            return [];
        var isOpen = member.IsAbstract || member.IsVirtual || member.IsOverride && !member.IsSealed;
        if (!isOpen || receiver is { IsSealed: true, TypeKind: not TypeKind.Interface })
            return member.IsAbstract ? [] : [member];
        var ways = new List<ISymbol>();
        if (!member.IsAbstract)
            ways.Add(member);
        foreach (var type in TypesWithBases(cancellation))
        {
            if (member.ContainingType.TypeKind == TypeKind.Interface)
            {
                if (type.TypeKind == TypeKind.Class && type.FindImplementationForInterfaceMember(ConstructedFor(type, member)) is { IsAbstract: false } implementation && SymbolEqualityComparer.Default.Equals(implementation.ContainingType, type))
                    ways.Add(implementation.OriginalDefinition);
                continue;
            }
            foreach (var own in type.GetMembers(member.Name))
            {
                if (own is { IsOverride: true, IsAbstract: false } && Overrides(own, member) && IsReceivedBy(type, receiver))
                    ways.Add(own);
            }
        }
        return ways;
    }

    /// <summary>The classes and structs of the source that derive from something or implement it.</summary>
    public IReadOnlyList<INamedTypeSymbol> TypesWithBases(CancellationToken cancellation)
    {
        lock (_lock)
        {
            return _types ??= [.. OutlinesOf(DeclarationOutline.Read, cancellation)
                .SelectMany(file => file.Outline.Types.Where(type => type.Bases.Count > 0).Select(type => SymbolAt(file.Tree, type.Span, cancellation)))
                .OfType<INamedTypeSymbol>().Where(type => type.TypeKind is TypeKind.Class or TypeKind.Struct).Distinct<INamedTypeSymbol>(SymbolEqualityComparer.Default)];
        }
    }

    private IEnumerable<SyntaxNode> CallsOf(string name, CancellationToken cancellation)
    {
        if (!CallsByName(cancellation).TryGetValue(CallOutline.HashOf(name), out var places))
            yield break;
        foreach (var (tree, start) in places)
        {
            if (CallOutline.CallAt(tree.GetRoot(cancellation), start, name) is { } call)
                yield return call;
        }
    }

    private static ISymbol ConstructedFor(INamedTypeSymbol type, ISymbol member)
    {
        foreach (var implemented in type.AllInterfaces)
        {
            if (!SymbolEqualityComparer.Default.Equals(implemented.OriginalDefinition, member.ContainingType))
                continue;
            foreach (var own in implemented.GetMembers(member.Name))
            {
                if (SymbolEqualityComparer.Default.Equals(own.OriginalDefinition, member))
                    return own;
            }
        }
        return member;
    }

    private static bool Overrides(ISymbol own, ISymbol member)
    {
        for (var overridden = OverriddenBy(own); overridden is not null; overridden = OverriddenBy(overridden))
        {
            if (SymbolEqualityComparer.Default.Equals(overridden.OriginalDefinition, member))
                return true;
        }
        return false;

        static ISymbol? OverriddenBy(ISymbol symbol) => symbol is IMethodSymbol method ? method.OverriddenMethod : (symbol as IPropertySymbol)?.OverriddenProperty;
    }

    // An object of the type may stand where one of the receiver's type does.
    private static bool IsReceivedBy(INamedTypeSymbol type, ITypeSymbol? receiver)
    {
        if (receiver is null)
            return true;
        for (INamedTypeSymbol? current = type; current is not null; current = current.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(current.OriginalDefinition, receiver.OriginalDefinition))
                return true;
        }
        return false;
    }

    // A method's name may be called in any file.
    private Dictionary<int, List<(SyntaxTree Tree, int Start)>> CallsByName(CancellationToken cancellation)
    {
        lock (_lock)
        {
            if (_calls is { } known)
                return known;
            var calls = new Dictionary<int, List<(SyntaxTree, int)>>();
            foreach (var (tree, outline) in OutlinesOf(CallOutline.Read, cancellation))
            {
                foreach (var (name, start) in outline.Places)
                {
                    if (!calls.TryGetValue(name, out var places))
                        calls.Add(name, places = []);
                    places.Add((tree, start));
                }
            }
            return _calls = calls;
        }
    }

    // Through an interface that the method implements, too.
    private static bool Means(IMethodSymbol called, IMethodSymbol method)
    {
        called = (called.ReducedFrom ?? called).OriginalDefinition;
        if (SymbolEqualityComparer.Default.Equals(called, method.OriginalDefinition))
            return true;
        return called.ContainingType.TypeKind == TypeKind.Interface
            && method.ContainingType.FindImplementationForInterfaceMember(called) is { } implementation
            && SymbolEqualityComparer.Default.Equals(implementation.OriginalDefinition, method.OriginalDefinition);
    }

    private static SyntaxNode? BodySyntax(SyntaxNode declaration) => declaration switch
    {
        BaseMethodDeclarationSyntax method => (SyntaxNode?)method.Body ?? method.ExpressionBody,
        AccessorDeclarationSyntax accessor => (SyntaxNode?)accessor.Body ?? accessor.ExpressionBody,
        LocalFunctionStatementSyntax local => (SyntaxNode?)local.Body ?? local.ExpressionBody,
        _ => null,
    };
}
