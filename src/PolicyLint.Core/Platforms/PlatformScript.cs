namespace PolicyLint.Core.Platforms;

/// <summary>What a script of a platform sets up, which decides how a server executes it.</summary>
public enum PlatformScriptKind
{
    /// <summary>Roles and memberships. They belong to the whole cluster: a server may have them already.</summary>
    Roles,

    /// <summary>Schemas, tables, functions and grants of one database.</summary>
    Schema,

    /// <summary>The functions of one extension that the platform has installed. A server that has the extension creates that instead.</summary>
    Extension,
}

/// <summary>One script of a platform: plain DDL that the replay parses and a scratch server executes.</summary>
/// <param name="Path">Names the script in origins and messages, such as <c>platform/supabase.sql</c>. It is not a file.</param>
/// <param name="Kind">What it sets up.</param>
/// <param name="Text">The statements.</param>
/// <param name="Extension">The extension that it stands in for when <paramref name="Kind"/> says so; otherwise null.</param>
public sealed record PlatformScript(string Path, PlatformScriptKind Kind, string Text, string? Extension = null);
