using System.Text;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Catalog.Replay;

/// <summary>CREATE FUNCTION, CREATE PROCEDURE and ALTER FUNCTION.</summary>
internal sealed class FunctionStatements(ReplayContext context, DefaultGrants defaults)
{
    public void Create(CreateFunctionStatement statement)
    {
        var id = context.IdForNew(statement.Function);
        var parameters = ParametersOf(statement.Parameters);
        var overloads = context.State.Functions.TryGetValue(id, out var known) ? known : [];
        var existing = FindOverload(overloads, parameters);
        if (existing is not null && !statement.OrReplace && !existing.IsAssumed)
        {
            context.Report($"function \"{id.Name}\" already exists with same argument types", isError: !existing.IsTainted);
            return;
        }
        var function = new Function
        {
            Id = id,
            IsProcedure = statement.IsProcedure,
            Parameters = parameters,
            Returns = ReturnsOf(statement, parameters),
            ReturnColumns = ParametersOf(statement.ReturnsTable),
            Body = statement.Body is { } body ? context.Fragment(body) : null,
            Owner = existing?.Owner ?? context.CurrentRole,
            Grants = existing?.Grants ?? defaults.For(ObjectKind.Function, id.Schema, context.CurrentRole),
            IsForeignOwned = context.IsSeeding,
            Comment = existing?.Comment,
            CreatedAt = existing is null || existing.IsAssumed ? context.Here : existing.CreatedAt,
            ChangedAt = context.Here,
            DefinedAt = context.Here,
        };
        foreach (var option in statement.Options)
            function = Apply(function, option);
        if (existing is null)
        {
            context.State.SetFunctions(id, Lists.With(overloads, function));
            context.Record(ChangeKind.Created, KindOf(function), id, "", null, function);
            return;
        }
        context.State.SetFunctions(id, Lists.Replace(overloads, existing, function));
        context.Record(ChangeKind.Altered, KindOf(function), id, "", existing, function);
    }

    public void Alter(AlterFunctionStatement statement)
    {
        Change(statement.Function, statement.Signature, function =>
        {
            foreach (var option in statement.Options)
                function = Apply(function, option);
            return function;
        });
    }

    /// <summary>Changes the function that a statement names.</summary>
    public void Change(ObjectName name, FunctionSignature? signature, Func<Function, Function> change)
    {
        var overloads = context.State.FindFunctions(name);
        if (Match(context, overloads, signature) is not { } function)
        {
            context.Report($"function {name} does not exist", isError: context.State.Dropped.ContainsKey(context.IdOfMissing(name)));
            return;
        }
        Replace(function, change(function) with { ChangedAt = context.Here });
    }

    /// <summary>Puts a function in the place of one before it, perhaps under another name.</summary>
    public void Replace(Function before, Function after, ChangeKind kind = ChangeKind.Altered)
    {
        var overloads = context.State.Functions[before.Id];
        if (after.Id == before.Id)
            context.State.SetFunctions(before.Id, Lists.Replace(overloads, before, after));
        else
        {
            context.State.SetFunctions(before.Id, Lists.Replace(overloads, before, null));
            context.State.SetFunctions(after.Id, Lists.With(context.State.Functions.TryGetValue(after.Id, out var others) ? others : [], after));
        }
        context.Record(kind, KindOf(after), after.Id, "", before, after);
    }

    /// <summary>The types of the input parameters, which with the name identify a function.</summary>
    public static string Signature(Function function)
    {
        var text = new StringBuilder();
        foreach (var type in function.InputTypes)
        {
            if (text.Length > 0)
                text.Append(", ");
            text.Append(type);
        }
        return text.ToString();
    }

    /// <summary>The overload that a signature names; without a signature the only one there is.</summary>
    public static Function? Match(ReplayContext context, IReadOnlyList<Function> overloads, FunctionSignature? signature)
    {
        if (signature is null || signature.IsStar)
            return overloads.Count > 0 ? overloads[0] : null;
        var types = new List<string>();
        foreach (var parameter in signature.Parameters)
        {
            if (parameter.Mode != ParameterMode.Out)
                types.Add(context.Types.OfParameter(parameter.Type));
        }
        foreach (var function in overloads)
        {
            if (Lists.AreEqual(types, [.. function.InputTypes]))
                return function;
        }

        // OUT parameters may be left out or listed; and a type that is not known may be spelled in two ways.
        return overloads.Count == 1 && overloads[0].InputTypes.Count() == types.Count && HasForeignType(types) ? overloads[0] : null;
    }

    /// <summary>Whether a type stands among the parameters or the result.</summary>
    public static bool Mentions(Function function, string type)
    {
        foreach (var parameter in function.Parameters)
        {
            if (parameter.Type == type || parameter.Type == type + "[]")
                return true;
        }
        return function.Returns == type || function.Returns == type + "[]" || function.Returns == "setof " + type;
    }

    private static bool HasForeignType(List<string> types)
    {
        foreach (var type in types)
        {
            if (!type.Contains(' ') && !TypeNames.IsSystem(type) && type is not ("integer" or "bigint" or "smallint" or "boolean" or "real"))
                return true;
        }
        return false;
    }

    private static ObjectKind KindOf(Function function) => function.IsProcedure ? ObjectKind.Procedure : ObjectKind.Function;

    private static Function? FindOverload(IReadOnlyList<Function> overloads, IReadOnlyList<Parameter> parameters)
    {
        var inputs = new List<string>();
        foreach (var parameter in parameters)
        {
            if (parameter.Mode != ParameterMode.Out)
                inputs.Add(parameter.Type);
        }
        foreach (var function in overloads)
        {
            if (Lists.AreEqual([.. function.InputTypes], inputs))
                return function;
        }
        return null;
    }

    private IReadOnlyList<Parameter> ParametersOf(FunctionParameter[] parameters)
    {
        var list = new Parameter[parameters.Length];
        for (var i = 0; i < list.Length; i++)
        {
            var parameter = parameters[i];
            var mode = parameter.Mode == ParameterMode.Default ? ParameterMode.In : parameter.Mode;
            list[i] = new(parameter.Name.Text, context.Types.OfParameter(parameter.Type), mode, parameter.Default is not null);
        }
        return list;
    }

    private string ReturnsOf(CreateFunctionStatement statement, IReadOnlyList<Parameter> parameters)
    {
        if (statement.IsProcedure)
            return "";
        if (statement.ReturnsTable.Length > 0)
            return "table";
        if (statement.Returns is { } type)
            return (type.IsSetOf ? "setof " : "") + context.Types.OfParameter(type);

        // Without RETURNS the OUT parameters say it.
        var outputs = 0;
        var only = "";
        foreach (var parameter in parameters)
        {
            if (parameter.Mode is not (ParameterMode.Out or ParameterMode.InOut))
                continue;
            outputs++;
            only = parameter.Type;
        }
        return outputs switch { 0 => "void", 1 => only, _ => "record" };
    }

    private Function Apply(Function function, FunctionOption option)
    {
        switch (option)
        {
            case FunctionLanguage language:
                return function with { Language = language.Language.Text.ToLowerInvariant() };
            case FunctionFlag flag:
                return flag.Kind switch
                {
                    FunctionFlagKind.Immutable => function with { Volatility = Volatility.Immutable },
                    FunctionFlagKind.Stable => function with { Volatility = Volatility.Stable },
                    FunctionFlagKind.Volatile => function with { Volatility = Volatility.Volatile },
                    FunctionFlagKind.Leakproof => function with { IsLeakproof = true },
                    FunctionFlagKind.NotLeakproof => function with { IsLeakproof = false },
                    FunctionFlagKind.CalledOnNullInput => function with { IsStrict = false },
                    FunctionFlagKind.ReturnsNullOnNullInput => function with { IsStrict = true },
                    FunctionFlagKind.SecurityDefiner => function with { IsSecurityDefiner = true },
                    FunctionFlagKind.SecurityInvoker => function with { IsSecurityDefiner = false },
                    _ => function,
                };
            case FunctionSetting setting:
                return function with { Settings = SettingsAfter(function.Settings, setting.Setting) };
            default:
                return function;
        }
    }

    private Dictionary<string, string> SettingsAfter(IReadOnlyDictionary<string, string> before, SetStatement setting)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        if (setting.Kind == SetKind.ResetAll)
            return settings;
        foreach (var pair in before)
            settings[pair.Key] = pair.Value;
        var name = setting.Setting.ToString();
        if (setting.Kind is SetKind.Reset or SetKind.Default)
            settings.Remove(name);
        else if (setting.Kind == SetKind.FromCurrent)
            settings[name] = name == "search_path" ? string.Join(", ", context.State.SearchPathSetting) : "";
        else
            settings[name] = SessionStatements.ValueText(setting);
        return settings;
    }
}
