-- Tables, views, materialized views and sequences with their columns and privileges.
select json_build_object(
  'id', c.oid::bigint,
  'schema', n.nspname,
  'name', c.relname,
  'kind', c.relkind,
  'persistence', c.relpersistence,
  'owner', pg_get_userbyid(c.relowner),
  'is_from_extension', c.oid in (select d.objid from pg_depend d where d.classid = 'pg_class'::regclass and d.deptype = 'e'),
  'row_security_enabled', c.relrowsecurity,
  'row_security_forced', c.relforcerowsecurity,
  'is_partition', c.relispartition,
  'options', coalesce(to_json(c.reloptions), '[]'),
  'definition', case when c.relkind in ('v', 'm') then pg_get_viewdef(c.oid) end,
  'comment', obj_description(c.oid, 'pg_class'),
  'owned_by', (
    select json_build_object('schema', tn.nspname, 'name', t.relname, 'column', a.attname)
    from pg_depend d join pg_class t on t.oid = d.refobjid join pg_namespace tn on tn.oid = t.relnamespace
    join pg_attribute a on a.attrelid = t.oid and a.attnum = d.refobjsubid
    where c.relkind = 'S' and d.classid = 'pg_class'::regclass and d.objid = c.oid and d.refclassid = 'pg_class'::regclass and d.deptype in ('a', 'i')
  ),
  'parents', coalesce((
    select json_agg(json_build_object('schema', pn.nspname, 'name', p.relname) order by i.inhseqno)
    from pg_inherits i join pg_class p on p.oid = i.inhparent join pg_namespace pn on pn.oid = p.relnamespace
    where i.inhrelid = c.oid
  ), '[]'),
  'grants', coalesce((
    select json_agg(json_build_object('privilege', g.privilege, 'grantee', g.grantee, 'with_grant_option', g.grantable) order by g.grantee, g.privilege)
    from (
      select lower(a.privilege_type) as privilege, case a.grantee when 0 then 'public' else pg_get_userbyid(a.grantee) end as grantee,
        bool_or(a.is_grantable) as grantable
      from aclexplode(c.relacl) a
      where a.grantee <> c.relowner
      group by 1, 2
    ) g
  ), '[]'),
  'columns', coalesce((
    select json_agg(json_build_object(
      'name', a.attname,
      'type', format_type(a.atttypid, a.atttypmod),
      'is_not_null', a.attnotnull,
      'is_generated', a.attgenerated <> '',
      'is_identity', a.attidentity <> '',
      'default', pg_get_expr(d.adbin, d.adrelid),
      'grants', coalesce((
        select json_agg(json_build_object('privilege', g.privilege, 'grantee', g.grantee, 'with_grant_option', g.grantable)
          order by g.grantee, g.privilege)
        from (
          select lower(x.privilege_type) as privilege, case x.grantee when 0 then 'public' else pg_get_userbyid(x.grantee) end as grantee,
            bool_or(x.is_grantable) as grantable
          from aclexplode(a.attacl) x
          where x.grantee <> c.relowner
          group by 1, 2
        ) g
      ), '[]')) order by a.attnum)
    from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and c.relkind <> 'S'
  ), '[]'))::text
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p', 'f', 'v', 'm', 'S') and n.nspname not like 'pg\_%' and n.nspname <> 'information_schema'
order by n.nspname, c.relname
