-- The columns of tables and views. A default can't refer to columns, so it is printed without its table, which spares the server from loading it;
-- the expression of a generated column does.
select
  a.attrelid,
  a.attnum,
  a.attname,
  format_type(a.atttypid, a.atttypmod),
  a.attnotnull,
  a.attgenerated <> '' as is_generated,
  a.attidentity <> '' as is_identity,
  pg_get_expr(d.adbin, case when a.attgenerated = '' then 0 else d.adrelid end) as value,
  a.attacl::text[]
from pg_attribute a
join pg_class c on c.oid = a.attrelid
join pg_namespace n on n.oid = c.relnamespace
left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
where c.relkind in ('r', 'p', 'f', 'v', 'm') and n.nspname not like 'pg\_%' and n.nspname <> 'information_schema'
  and a.attnum > 0 and not a.attisdropped
order by a.attrelid, a.attnum
