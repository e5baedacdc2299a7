-- Tables, views, materialized views and sequences. Names of columns, roles and other relations are joined on our side, by their numbers.
select
  c.oid,
  n.nspname,
  c.relname,
  c.relkind::text,
  c.relpersistence::text,
  c.relowner,
  c.oid in (select d.objid from pg_depend d where d.classid = 'pg_class'::regclass and d.deptype = 'e') as is_from_extension,
  c.relrowsecurity,
  c.relforcerowsecurity,
  c.relispartition,
  c.reloptions,
  case when c.relkind in ('v', 'm') then pg_get_viewdef(c.oid) end as definition,
  s.description,
  o.refobjid as owning_table,
  o.refobjsubid as owning_column,
  i.parents,
  c.relacl::text[]
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
left join pg_description s on s.objoid = c.oid and s.classoid = 'pg_class'::regclass and s.objsubid = 0
left join pg_depend o on c.relkind = 'S' and o.classid = 'pg_class'::regclass and o.objid = c.oid and o.refclassid = 'pg_class'::regclass
  and o.deptype in ('a', 'i')
left join (select inhrelid, array_agg(inhparent order by inhseqno) as parents from pg_inherits group by inhrelid) i on i.inhrelid = c.oid
where c.relkind in ('r', 'p', 'f', 'v', 'm', 'S') and n.nspname not like 'pg\_%' and n.nspname <> 'information_schema'
order by n.nspname, c.relname
