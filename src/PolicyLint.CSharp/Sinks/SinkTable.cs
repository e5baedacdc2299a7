using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PolicyLint.Core.Options;

namespace PolicyLint.CSharp.Sinks;

/// <summary>A call, construction or assignment that takes SQL.</summary>
/// <param name="Operation">The whole.</param>
/// <param name="Sql">The expression that is the SQL.</param>
/// <param name="Arguments">The arguments beside it.</param>
/// <param name="Sink">What makes it one.</param>
internal sealed record SqlCall(IOperation Operation, IOperation Sql, ImmutableArray<IArgumentOperation> Arguments, SqlSink Sink)
{
    /// <summary>EF Core's raw SQL, where `{0}` is a parameter.</summary>
    public bool HasNumberedParameters => Sink.Type.StartsWith("Microsoft.EntityFrameworkCore.", StringComparison.Ordinal) && Sql.Type?.SpecialType == SpecialType.System_String;

    public bool IsDapper => Sink.Type.StartsWith("Dapper.", StringComparison.Ordinal);
}

/// <summary>The sinks that are known and configured. Their types are told by name: to look for each in all references would cost every compilation more than the calls do.</summary>
internal sealed class SinkTable
{
    private readonly CodeBase _code;
    private readonly Dictionary<string, List<SqlSink>> _methods = new(StringComparer.Ordinal);
    private readonly List<SqlSink> _properties = [];
    private readonly ConcurrentDictionary<IMethodSymbol, int> _marked = new(SymbolEqualityComparer.Default);

    public SinkTable(CodeBase code, PolicyLintOptions options)
    {
        _code = code;
        foreach (var sink in SqlSinks.All)
            Add(sink);
        foreach (var configured in options.CSharp.Sinks)
        {
            if (Parse(configured) is { } sink)
                Add(sink);
        }
    }

    /// <summary>The SQL of an operation; null where it is no sink.</summary>
    public SqlCall? Find(IOperation operation) => operation switch
    {
        IInvocationOperation call => Argument(operation, call.TargetMethod, call.TargetMethod.Name, call.Arguments),
        IObjectCreationOperation { Constructor: { } constructor } creation => Argument(operation, constructor, ".ctor", creation.Arguments),
        ISimpleAssignmentOperation { Target: IPropertyReferenceOperation target } assignment when Property(target.Property) is { } sink => new(operation, assignment.Value, ImmutableArray<IArgumentOperation>.Empty, sink),
        _ => null,
    };

    private SqlCall? Argument(IOperation operation, IMethodSymbol method, string name, ImmutableArray<IArgumentOperation> arguments)
    {
        if (method.ContainingType is { } type && _methods.TryGetValue(type.Name, out var sinks))
        {
            foreach (var sink in sinks)
            {
                if (!sink.MatchesMember(name) || !sink.IsOf(type))
                    continue;
                foreach (var argument in arguments)
                {
                    if (argument.Parameter?.Name == sink.Parameter && argument.ArgumentKind == ArgumentKind.Explicit)
                        return new(operation, argument.Value, arguments, sink);
                }
            }
        }
        // Most calls have no text among what they are given, and nothing is looked up for them.
        int? marked = null;
        foreach (var argument in arguments)
        {
            if (argument.ArgumentKind != ArgumentKind.Explicit || argument.Parameter is not { Type.SpecialType: SpecialType.System_String } parameter)
                continue;
            marked ??= _marked.GetOrAdd(method.OriginalDefinition, MarkedParameter);
            if (parameter.Ordinal == marked || MayBeMarked(argument.Syntax) && LanguageComment.IsBefore(argument.Syntax))
                return new(operation, argument.Value, arguments, new(method.ContainingType?.Name ?? "", name, parameter.Name));
        }
        return null;
    }

    private bool MayBeMarked(SyntaxNode node) => _code.OutlineOf(node.SyntaxTree, CommentOutline.Read, default).MayNameLanguage;

    // [StringSyntax("sql")], or a comment where the parameter is declared
    private static int MarkedParameter(IMethodSymbol method)
    {
        foreach (var parameter in method.Parameters)
        {
            if (parameter.Type.SpecialType != SpecialType.System_String)
                continue;
            foreach (var attribute in parameter.GetAttributes())
            {
                if (attribute.AttributeClass?.Name == "StringSyntaxAttribute" && attribute.ConstructorArguments is [{ Value: string syntax }, ..] && string.Equals(syntax, "sql", StringComparison.OrdinalIgnoreCase))
                    return parameter.Ordinal;
            }
            foreach (var reference in parameter.DeclaringSyntaxReferences)
            {
                if (LanguageComment.IsBefore(reference.GetSyntax()))
                    return parameter.Ordinal;
            }
        }
        return -1;
    }

    private SqlSink? Property(IPropertySymbol property)
    {
        foreach (var sink in _properties)
        {
            if (sink.Member != property.Name)
                continue;
            for (var current = property.ContainingType; current is not null; current = current.BaseType)
            {
                if (sink.IsOf(current))
                    return sink;
            }
            foreach (var implemented in property.ContainingType.AllInterfaces)
            {
                if (sink.IsOf(implemented))
                    return sink;
            }
        }
        return null;
    }

    private void Add(SqlSink sink)
    {
        if (sink.Parameter.Length == 0)
        {
            _properties.Add(sink);
            return;
        }
        // The name alone finds it: that with the number of type parameters is made anew each time a type is asked.
        var type = sink.Type.Substring(sink.Type.LastIndexOfAny(['.', '+']) + 1);
        if (type.IndexOf('`') is > 0 and var arity)
            type = type.Substring(0, arity);
        if (!_methods.TryGetValue(type, out var sinks))
            _methods.Add(type, sinks = []);
        sinks.Add(sink);
    }

    // Namespace.Type.Method(parameter)
    private static SqlSink? Parse(string configured)
    {
        var open = configured.IndexOf('(');
        var dot = open < 0 ? -1 : configured.LastIndexOf('.', open);
        return dot <= 0 || !configured.EndsWith(")", StringComparison.Ordinal)
            ? null
            : new(configured.Substring(0, dot), configured.Substring(dot + 1, open - dot - 1), configured.Substring(open + 1, configured.Length - open - 2));
    }
}
