-- What belongs to a relation besides columns and policies: constraints, indexes and triggers, in the order of creation. Columns are numbers.
select
  'constraint' as kind,
  k.conrelid as relation,
  k.oid as id,
  k.conname as name,
  k.contype::text as type,
  k.conkey as columns,
  k.confrelid as referenced,
  k.confkey as referenced_columns,
  k.confdeltype::text as on_delete,
  k.confupdtype::text as on_update,
  case when k.contype = 'c' then pg_get_expr(k.conbin, k.conrelid) end as condition,
  k.convalidated as is_in_force,
  false as is_unique,
  false as nulls_not_distinct,
  k.conindid as index,
  null::int2 as key_count,
  null::text[] as expressions,
  null::name as function_schema,
  null::name as qualifier
from pg_constraint k
where k.contype in ('p', 'u', 'f', 'c', 'x') and k.conrelid <> 0
union all
select
  'index',
  i.indrelid,
  i.indexrelid,
  c.relname,
  null,
  i.indkey::int2[],
  null,
  null,
  null,
  null,
  pg_get_expr(i.indpred, i.indrelid),
  i.indisvalid,
  i.indisunique,
  i.nulls_not_distinct,
  null,
  i.indnkeyatts,
  case when i.indexprs is not null then (
    select array_agg(case when u.number = 0 then pg_get_indexdef(i.indexrelid, u.position::int, false) end order by u.position)
    from unnest(i.indkey::int2[]) with ordinality u (number, position)
  ) end,
  null,
  m.amname
from (select false as indnullsnotdistinct) before_15
cross join lateral (select v.*, indnullsnotdistinct as nulls_not_distinct from pg_index v) i -- the column came with PostgreSQL 15; before, the name is found outside
join pg_class c on c.oid = i.indexrelid
join pg_am m on m.oid = c.relam
join pg_class r on r.oid = i.indrelid
join pg_namespace n on n.oid = r.relnamespace
where n.nspname not like 'pg\_%' and n.nspname <> 'information_schema'
union all
select
  'trigger',
  t.tgrelid,
  t.oid,
  t.tgname,
  null,
  t.tgattr::int2[],
  null,
  null,
  null,
  null,
  null,
  t.tgenabled <> 'D',
  null,
  null,
  null,
  t.tgtype,
  null,
  n.nspname,
  f.proname
from pg_trigger t
join pg_proc f on f.oid = t.tgfoid
join pg_namespace n on n.oid = f.pronamespace
where not t.tgisinternal
order by relation, id
