-- Functions and procedures. The definition is asked for where a body is one that we read: SQL and PL/pgSQL, and not an extension's.
select 'function', n.nspname || ' ' || p.proname, p.oid, json_build_object(
  'schema', n.nspname,
  'name', p.proname,
  'is_procedure', p.prokind = 'p',
  'owner', pg_get_userbyid(p.proowner),
  'is_from_extension', e.objid is not null,
  'language', l.lanname,
  'is_security_definer', p.prosecdef,
  'volatility', p.provolatile,
  'is_leakproof', p.proleakproof,
  'is_strict', p.proisstrict,
  'settings', coalesce(to_json(p.proconfig), '[]'),
  'returns', case when p.prokind = 'p' then '' else format_type(p.prorettype, null) end,
  'returns_set', p.proretset,
  'default_count', p.pronargdefaults,
  'parameters', coalesce((
    select json_agg(json_build_object(
      'name', coalesce(p.proargnames[u.position::int], ''),
      'type', format_type(u.type, null),
      'mode', coalesce(p.proargmodes[u.position::int], 'i'))
      order by u.position)
    from unnest(coalesce(p.proallargtypes, p.proargtypes::oid[])) with ordinality u (type, position)
  ), '[]'),
  'definition', case when l.lanname in ('sql', 'plpgsql') and e.objid is null then pg_get_functiondef(p.oid) end,
  'comment', obj_description(p.oid, 'pg_proc'),
  'grants', coalesce((
    select json_agg(json_build_object('privilege', g.privilege, 'grantee', g.grantee, 'with_grant_option', g.grantable) order by g.grantee, g.privilege)
    from (
      select lower(a.privilege_type) as privilege, case a.grantee when 0 then 'public' else pg_get_userbyid(a.grantee) end as grantee,
        bool_or(a.is_grantable) as grantable
      from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
      where a.grantee <> p.proowner
      group by 1, 2
    ) g
  ), '[]'))::text
from pg_proc p
join pg_namespace n on n.oid = p.pronamespace
join pg_language l on l.oid = p.prolang
left join pg_depend e on e.classid = 'pg_proc'::regclass and e.objid = p.oid and e.deptype = 'e'
where p.prokind in ('f', 'p', 'w') and n.nspname not like 'pg\_%' and n.nspname <> 'information_schema'
