-- Types that somebody made: not the row types of tables, nor the array and multirange types that come with others.
select 'type', n.nspname || ' ' || t.typname, t.oid, json_build_object(
  'schema', n.nspname,
  'name', t.typname,
  'kind', t.typtype,
  'owner', pg_get_userbyid(t.typowner),
  'is_from_extension', exists (select from pg_depend d where d.classid = 'pg_type'::regclass and d.objid = t.oid and d.deptype = 'e'),
  'labels', coalesce((select json_agg(e.enumlabel order by e.enumsortorder) from pg_enum e where e.enumtypid = t.oid), '[]'),
  'base_type', case when t.typtype = 'd' then format_type(t.typbasetype, t.typtypmod) end,
  'attributes', coalesce((
    select json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod)) order by a.attnum)
    from pg_attribute a
    where t.typtype = 'c' and a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped
  ), '[]'))::text
from pg_type t
join pg_namespace n on n.oid = t.typnamespace
left join pg_class c on c.oid = t.typrelid
where n.nspname not like 'pg\_%' and n.nspname <> 'information_schema'
  and (t.typtype in ('e', 'd', 'r') or (t.typtype = 'c' and c.relkind = 'c') or (t.typtype = 'b' and t.typelem = 0))
