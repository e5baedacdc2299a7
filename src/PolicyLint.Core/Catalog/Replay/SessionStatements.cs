using System.Text;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Catalog.Replay;

/// <summary>SET, RESET and set_config, as far as they bear on what later statements mean.</summary>
internal sealed class SessionStatements(ReplayContext context)
{
    // Who runs the migrations is not known: the name stands for them.
    private const string LoginRole = "postgres";

    // What SET LOCAL took the place of, to come back at the end of the transaction.
    private IReadOnlyList<string>? _pathBeforeLocal;
    private string? _roleBeforeLocal;
    private readonly HashSet<string> _settings = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _lasting = new(StringComparer.OrdinalIgnoreCase);
    private bool _mayHoldAny;
    private ReplaySession? _current;

    /// <summary>The session as it is now.</summary>
    public ReplaySession Current
    {
        get
        {
            var role = context.CurrentRole == LoginRole ? null : context.CurrentRole;
            if (_current is null || _current.ChosenRole != role)
                _current = new(role, [.. _settings], _mayHoldAny);
            return _current;
        }
    }

    public void Set(SetStatement statement)
    {
        if (statement.Kind == SetKind.ResetAll)
        {
            context.State.SearchPathSetting = context.State.DefaultPath;
            return;
        }
        var isDefault = statement.Kind is SetKind.Reset or SetKind.Default;
        switch (statement.Setting.ToString())
        {
            case "search_path":
                SetPath(isDefault ? context.State.DefaultPath : PathOf(statement), statement.Scope == SetScope.Local);
                break;
            case "role":
                var role = isDefault ? "none" : Text(statement);
                SetRole(role == "none" ? context.SessionRole : role, statement.Scope == SetScope.Local);
                break;
            case "session_authorization":
                context.SessionRole = isDefault ? LoginRole : Text(statement);
                context.CurrentRole = context.SessionRole;
                break;
            case var own when !isDefault:
                Hold(own);
                break;
        }
    }

    /// <summary>set_config('search_path', …) and set_config('role', …).</summary>
    public void SetConfig(string setting, string value, bool isLocal)
    {
        if (setting == "search_path")
            SetPath(SplitPath(value), isLocal);
        else if (setting == "role")
            SetRole(value == "none" ? context.SessionRole : value, isLocal);
        else
            Hold(setting);
    }

    /// <summary>A setting may have a value from now on; null: any may. It is not followed how long: rules that ask whether none is set stay silent.</summary>
    public void Hold(string? setting)
    {
        if (setting is null)
            _mayHoldAny = true;
        else if (setting.IndexOf('.') > 0)
            _settings.Add(setting);
        _current = null;
    }

    /// <summary>ALTER DATABASE or ALTER ROLE … SET: sessions start with it.</summary>
    public void HoldFromStart(SetStatement statement)
    {
        _lasting.Add(statement.Setting.ToString());
        Hold(statement.Setting.ToString());
    }

    /// <summary>The end of a transaction takes SET LOCAL back.</summary>
    public void EndTransaction()
    {
        if (_pathBeforeLocal is not null)
            context.State.SearchPathSetting = _pathBeforeLocal;
        if (_roleBeforeLocal is not null)
            context.CurrentRole = _roleBeforeLocal;
        _pathBeforeLocal = null;
        _roleBeforeLocal = null;
    }

    /// <summary>A new session.</summary>
    public void Restart()
    {
        _pathBeforeLocal = null;
        _roleBeforeLocal = null;
        context.State.SearchPathSetting = context.State.DefaultPath;
        context.SessionRole = LoginRole;
        context.CurrentRole = LoginRole;
        _settings.Clear();
        if (_lasting.Count > 0)
            _settings.UnionWith(_lasting);
        _mayHoldAny = false;
        _current = null;
    }

    /// <summary>The value of a setting as pg_proc.proconfig keeps it.</summary>
    public static string ValueText(SetStatement statement)
    {
        var isList = statement.Setting.ToString() == "search_path";
        var text = new StringBuilder();
        foreach (var value in statement.Values)
        {
            if (text.Length > 0)
                text.Append(", ");
            var word = Word(value);
            text.Append(isList && word.Length > 0 && statement.Values.Length >= 1 ? TypeNames.Quote(word) : word);
        }
        return text.ToString();
    }

    private void SetPath(IReadOnlyList<string> path, bool isLocal)
    {
        if (isLocal)
            _pathBeforeLocal ??= context.State.SearchPathSetting;
        context.State.SearchPathSetting = path;
    }

    private void SetRole(string role, bool isLocal)
    {
        if (isLocal)
            _roleBeforeLocal ??= context.CurrentRole;
        context.AssumeRole(role);
        context.CurrentRole = role;
    }

    private List<string> PathOf(SetStatement statement)
    {
        var path = new List<string>();
        foreach (var value in statement.Values)
        {
            var word = Word(value);
            if (word == "$user")
                word = context.CurrentRole;
            if (word.Length > 0)
                path.Add(word);
        }

        // A schema named like the user is seldom there, and then passed over.
        path.RemoveAll(name => name == context.CurrentRole && !context.State.Schemas.ContainsKey(name));
        return path;
    }

    private List<string> SplitPath(string value)
    {
        var path = new List<string>();
        foreach (var part in value.Split(','))
        {
            var name = part.Trim();
            name = name.Length > 1 && name[0] == '"' ? name.Trim('"') : name.ToLowerInvariant();
            if (name == "$user")
                name = context.CurrentRole;
            if (name.Length > 0 && (name != context.CurrentRole || context.State.Schemas.ContainsKey(name)))
                path.Add(name);
        }
        return path;
    }

    private static string Text(SetStatement statement) => statement.Values.Length > 0 ? Word(statement.Values[0]) : "";

    private static string Word(Expression value) => value switch
    {
        Literal { Kind: LiteralKind.String } text => text.GetText(),
        Literal literal => literal.Source.GetText(literal.Span),
        ColumnReference word => word.Name.Name.Text,
        _ => Sql.SqlPrinter.Print(value),
    };
}
