-- What is not in a schema: the schemas themselves, extensions, default privileges, and the search_path that sessions start with.
-- A default privilege for all schemas replaces PostgreSQL's own, so what is missing there was revoked; one for a schema adds to them
-- (manual, ALTER DEFAULT PRIVILEGES).
select kind, name, 0::oid, document::text
from (
  select 'schema' as kind, n.nspname::text as name, json_build_object(
    'name', n.nspname,
    'owner', pg_get_userbyid(n.nspowner),
    'is_from_extension', exists (select from pg_depend d where d.classid = 'pg_namespace'::regclass and d.objid = n.oid and d.deptype = 'e'),
    'grants', coalesce((
      select json_agg(json_build_object('privilege', g.privilege, 'grantee', g.grantee, 'with_grant_option', g.grantable) order by g.grantee, g.privilege)
      from (
        select lower(a.privilege_type) as privilege, case a.grantee when 0 then 'public' else pg_get_userbyid(a.grantee) end as grantee,
          bool_or(a.is_grantable) as grantable
        from aclexplode(n.nspacl) a
        where a.grantee <> n.nspowner
        group by 1, 2
      ) g
    ), '[]')) as document
  from pg_namespace n
  where n.nspname not like 'pg\_%' and n.nspname <> 'information_schema'
  union all
  select 'extension', e.extname::text, json_build_object('name', e.extname)
  from pg_extension e
  union all
  select 'default_privilege', d.role || d.object_type || d.privilege || d.grantee, json_build_object(
    'for_role', d.role,
    'schema', d.schema,
    'object_type', d.object_type,
    'privilege', d.privilege,
    'grantee', d.grantee,
    'is_revoke', d.is_revoke)
  from (
    select pg_get_userbyid(p.defaclrole)::text as role, n.nspname as schema,
      case p.defaclobjtype when 'r' then 'tables' when 'S' then 'sequences' when 'f' then 'functions' when 'T' then 'types' when 'n' then 'schemas' end
        as object_type,
      lower(a.privilege_type) as privilege, case a.grantee when 0 then 'public' else pg_get_userbyid(a.grantee)::text end as grantee, a.is_revoke
    from pg_default_acl p
    left join pg_namespace n on n.oid = p.defaclnamespace
    cross join lateral (
      select privilege_type, grantee, false as is_revoke from aclexplode(p.defaclacl) where grantee <> p.defaclrole
      union
      select b.privilege_type, b.grantee, true
      from aclexplode(acldefault(case p.defaclobjtype when 'S' then 's' else p.defaclobjtype end, p.defaclrole)) b
      where p.defaclnamespace = 0 and not exists (
        select from aclexplode(p.defaclacl) h where h.grantee = b.grantee and h.privilege_type = b.privilege_type)
    ) a
    where p.defaclobjtype in ('r', 'S', 'f', 'T', 'n')
  ) d
  union all
  select 'search_path', s.name, json_build_object('value', s.reset_val, 'user', session_user)
  from pg_settings s
  where s.name = 'search_path'
) entries
