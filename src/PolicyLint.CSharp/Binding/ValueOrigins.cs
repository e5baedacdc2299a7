using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PolicyLint.Core.Options;

namespace PolicyLint.CSharp.Binding;

/// <summary>Where a value comes from.</summary>
internal enum ValueOrigin
{
    Unknown,

    /// <summary>The authenticated user.</summary>
    User,

    /// <summary>Route, query, header or body of the request: the caller chooses it.</summary>
    Request,
}

/// <summary>Follows a value to the authenticated user or to the request: through variables, members, parameters and their callers.</summary>
internal sealed class ValueOrigins(CodeBase code, PolicyLintOptions options)
{
    private const int MaximumDepth = 10;
    private const int MostSteps = 600;

    private static readonly SymbolDisplayFormat FullName = new(typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypesAndNamespaces);

    private static readonly SymbolDisplayFormat MemberName = new(
        typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypesAndNamespaces, memberOptions: SymbolDisplayMemberOptions.IncludeContainingType);

    private static readonly HashSet<string> Conversions = new(StringComparer.Ordinal)
        { "Parse", "ParseExact", "ToString", "ToGuid", "ToInt32", "ToInt64", "Trim", "ToLower", "ToUpper", "ToLowerInvariant", "ToUpperInvariant", "First", "FirstOrDefault", "Single", "GetValueOrDefault", "FromString", "ToLong", "Create" };

    /// <summary>The origin of a value, and the expression that shows it.</summary>
    public (ValueOrigin Origin, IOperation? Source) Of(IOperation value, CancellationToken cancellation) => new Trace(code, options, cancellation).Of(value, 0);

    /// <summary>The origin of a variable or member as it is known at a place.</summary>
    public (ValueOrigin Origin, IOperation? Source) Of(ISymbol symbol, IOperation place, CancellationToken cancellation)
    {
        var trace = new Trace(code, options, cancellation);
        return symbol switch
        {
            IParameterSymbol parameter => trace.Parameter(parameter, place, 0),
            ILocalSymbol local => trace.Local(local, place, 0),
            IFieldSymbol field => trace.Field(field.OriginalDefinition, 0),
            _ => default,
        };
    }

    private sealed class Trace(CodeBase code, PolicyLintOptions options, CancellationToken cancellation)
    {
        private readonly HashSet<ISymbol> _open = new(SymbolEqualityComparer.Default);
        private int _steps;

        public (ValueOrigin Origin, IOperation? Source) Of(IOperation value, int depth)
        {
            cancellation.ThrowIfCancellationRequested();
            value = value.WithoutConversions();
            if (depth > MaximumDepth || ++_steps > MostSteps || value.ConstantValue.HasValue)
                return default;
            if (IsUser(value))
                return (ValueOrigin.User, value);
            switch (value)
            {
                case IParenthesizedOperation parenthesized:
                    return Of(parenthesized.Operand, depth + 1);
                case IAwaitOperation awaited:
                    return Of(awaited.Operation, depth + 1);
                case ICoalesceOperation coalesce:
                    return Either([coalesce.Value, coalesce.WhenNull], depth);
                case IConditionalOperation { WhenFalse: { } whenFalse } choice:
                    return Either([choice.WhenTrue, whenFalse], depth);
                case IConditionalAccessOperation access:
                    return Of(access.Operation, depth + 1);
                case IParameterReferenceOperation parameter:
                    return Parameter(parameter.Parameter, parameter, depth);
                case ILocalReferenceOperation local:
                    return Local(local.Local, local, depth);
                case IPropertyReferenceOperation property:
                    return Property(property, depth);
                case IFieldReferenceOperation field:
                    return Field(field, depth);
                case IInvocationOperation call:
                    return Call(call, depth);
                case IObjectCreationOperation { Arguments: [var only] }:
                    return Of(only.Value, depth + 1);
                case IArrayCreationOperation { Initializer: { } initializer }:
                    return Either(initializer.ElementValues, depth);
                default:
                    return default;
            }
        }

        // From the request wherever one way leads there; from the user where all ways do.
        private (ValueOrigin Origin, IOperation? Source) Either(IEnumerable<IOperation> values, int depth)
        {
            (ValueOrigin Origin, IOperation? Source) result = default;
            var isFirst = true;
            foreach (var value in values)
            {
                var next = Of(value, depth + 1);
                if (next.Origin == ValueOrigin.Request)
                    return next;
                result = isFirst || result.Origin == next.Origin ? next : default;
                isFirst = false;
            }
            return result;
        }

        public (ValueOrigin Origin, IOperation? Source) Parameter(IParameterSymbol parameter, IOperation reference, int depth)
        {
            if (Endpoints.IsBoundFromRequest(parameter, reference))
                return Endpoints.IsChecked(parameter, reference) ? default : (ValueOrigin.Request, reference);
            if (parameter.ContainingSymbol is not IMethodSymbol { MethodKind: not MethodKind.AnonymousFunction } method || !_open.Add(parameter))
                return default;
            try
            {
                if (code.CallersOf(method, cancellation) is not { } callers)
                    return default;
                var values = new List<IOperation>();
                foreach (var caller in callers)
                {
                    foreach (var argument in caller is IInvocationOperation call ? call.Arguments : ((IObjectCreationOperation)caller).Arguments)
                    {
                        if (argument.Parameter?.Ordinal == parameter.Ordinal)
                            values.Add(argument.Value);
                    }
                }
                return Either(values, depth);
            }
            finally
            {
                _open.Remove(parameter);
            }
        }

        public (ValueOrigin Origin, IOperation? Source) Local(ILocalSymbol local, IOperation reference, int depth)
        {
            if (!_open.Add(local))
                return default;
            try
            {
                var values = new List<IOperation>();
                foreach (var operation in ParameterBindings.RootOf(reference).Descendants())
                {
                    if (operation is IVariableDeclaratorOperation declarator && SymbolEqualityComparer.Default.Equals(declarator.Symbol, local) && declarator.GetVariableInitializer() is { } initializer)
                        values.Add(initializer.Value);
                    else if (operation is ISimpleAssignmentOperation { Target: ILocalReferenceOperation target } assignment && SymbolEqualityComparer.Default.Equals(target.Local, local))
                        values.Add(assignment.Value);
                }
                var result = Either(values, depth);
                return result.Origin == ValueOrigin.Request && Endpoints.IsChecked(local, reference) ? default : result;
            }
            finally
            {
                _open.Remove(local);
            }
        }

        private (ValueOrigin Origin, IOperation? Source) Property(IPropertyReferenceOperation reference, int depth)
        {
            if (reference.Property.ContainingType is { Name: "HttpRequest", ContainingNamespace.Name: "Http" } && reference.Property.Name is "Query" or "Headers" or "RouteValues" or "Form" or "Cookies" or "Body" or "QueryString")
                return (ValueOrigin.Request, reference);
            if (reference.Instance is { } instance and not IInstanceReferenceOperation)
            {
                var owner = Of(instance, depth + 1);
                return owner.Origin == ValueOrigin.Request && owner.Source is IParameterReferenceOperation ? (owner.Origin, reference) : owner;
            }
            return !reference.Property.IsVirtual && !reference.Property.IsAbstract && code.InitializerOf(reference.Property.OriginalDefinition, cancellation) is { } value ? Of(value, depth + 1) : default;
        }

        private (ValueOrigin Origin, IOperation? Source) Field(IFieldReferenceOperation reference, int depth) =>
            reference.Instance is { } instance and not IInstanceReferenceOperation ? Of(instance, depth + 1) : Field(reference.Field.OriginalDefinition, depth);

        public (ValueOrigin Origin, IOperation? Source) Field(IFieldSymbol field, int depth)
        {
            if (!field.IsReadOnly || !_open.Add(field))
                return default;
            try
            {
                var values = new List<IOperation>();
                if (code.InitializerOf(field, cancellation) is { } initializer)
                    values.Add(initializer);
                foreach (var constructor in field.ContainingType.InstanceConstructors)
                {
                    if (code.BodyOf(constructor, cancellation) is not { } body)
                        continue;
                    foreach (var operation in body.Descendants())
                    {
                        if (operation is ISimpleAssignmentOperation { Target: IFieldReferenceOperation target } assignment && SymbolEqualityComparer.Default.Equals(target.Field, field))
                            values.Add(assignment.Value);
                    }
                }
                return Either(values, depth);
            }
            finally
            {
                _open.Remove(field);
            }
        }

        private (ValueOrigin Origin, IOperation? Source) Call(IInvocationOperation call, int depth)
        {
            foreach (var argument in call.Arguments)
            {
                if (call.TargetMethod.IsExtensionMethod && IsUserType(argument.Value.Type))
                    return (ValueOrigin.User, call);
            }
            if (Conversions.Contains(call.TargetMethod.Name))
                return call.Instance is { } instance ? Of(instance, depth + 1) : call.Arguments.Length > 0 ? Of(call.Arguments[0].Value, depth + 1) : default;
            if (call.Instance is { } receiver and not IInstanceReferenceOperation && Of(receiver, depth + 1) is { Origin: ValueOrigin.User } user)
                return user;
            return default;
        }

        private bool IsUser(IOperation value)
        {
            if (IsUserType(value.Type))
                return true;
            var member = value switch
            {
                IPropertyReferenceOperation property => (ISymbol)property.Property,
                IFieldReferenceOperation field => field.Field,
                IInvocationOperation call => call.TargetMethod,
                _ => null,
            };
            if (member is null)
                return false;
            if (member.ContainingType is { } owner && IsUserType(owner))
                return true;
            return options.CSharp.User.Count > 0 && Contains(member.OriginalDefinition.ToDisplayString(MemberName));
        }

        private bool IsUserType(ITypeSymbol? type) => type is not null
            && (type is { Name: "ClaimsPrincipal" or "ClaimsIdentity" or "Claim" or "IPrincipal" or "IIdentity" }
                || (options.CSharp.User.Count > 0 && type.TypeKind is TypeKind.Class or TypeKind.Interface or TypeKind.Struct && Contains(type.ToDisplayString(FullName))));

        private bool Contains(string name)
        {
            foreach (var configured in options.CSharp.User)
            {
                if (string.Equals(configured, name, StringComparison.Ordinal))
                    return true;
            }
            return false;
        }
    }
}
