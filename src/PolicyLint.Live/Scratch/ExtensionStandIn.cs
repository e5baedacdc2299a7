namespace PolicyLint.Live.Scratch;

/// <summary>Makes an extension that is not installed: what its stand-in makes belongs to it, as with CREATE EXTENSION.</summary>
internal static class ExtensionStandIn
{
    /// <summary>What pg_extension says of its version.</summary>
    public const string Version = "stand-in";

    /// <summary>One DO statement that makes it.</summary>
    /// <param name="name">The extension.</param>
    /// <param name="schema">Where its objects go; null for the first schema of the search_path.</param>
    /// <param name="script">Statements of PL/pgSQL that make them. Unqualified names go to the schema, as those of an extension's own script do.</param>
    public static string Create(string name, string? schema, string script) => $"""
        do $standin$
        declare
          before text := current_setting('search_path');
          extension oid := pg_nextoid('pg_extension', 'oid', 'pg_extension_oid_index');
          home text := quote_ident({(schema is null ? "current_schema()" : Identifier.Literal(schema))});
        begin
          perform set_config('search_path', home, false);
          insert into pg_extension (oid, extname, extowner, extnamespace, extrelocatable, extversion)
          values (extension, {Identifier.Literal(name)}, current_user::regrole, home::regnamespace, false, '{Version}');
        {script}
          insert into pg_depend (classid, objid, objsubid, refclassid, refobjid, refobjsubid, deptype)
          select made.class, made.oid, 0, 'pg_extension'::regclass, extension, 0, 'e'
          from (
            select 'pg_namespace'::regclass as class, oid from pg_namespace
            union all select 'pg_type'::regclass, oid from pg_type
            union all select 'pg_proc'::regclass, oid from pg_proc
            union all select 'pg_class'::regclass, oid from pg_class where relkind in ('r', 'v', 'S')
            union all select 'pg_operator'::regclass, oid from pg_operator
            union all select 'pg_cast'::regclass, oid from pg_cast
            union all select 'pg_am'::regclass, oid from pg_am
            union all select 'pg_opfamily'::regclass, oid from pg_opfamily
            union all select 'pg_opclass'::regclass, oid from pg_opclass
          ) made
          where made.oid > extension;
          perform set_config('search_path', before, false);
        end
        $standin$
        """;
}
