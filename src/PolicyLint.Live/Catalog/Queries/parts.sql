-- What belongs to a relation: constraints, indexes, policies and triggers, each with the oid of its relation, in the order of creation: a
-- finding that one policy of several stands for then names the same as in the files.
-- pg_index.indnullsnotdistinct came with PostgreSQL 15.
select kind, document::text
from (
  select n.relation, 1 as section, 'constraint' as kind, k.oid::bigint as id, json_build_object(
    'relation', n.relation,
    'name', k.conname,
    'type', k.contype,
    'columns', coalesce((
      select json_agg(a.attname order by u.position)
      from unnest(k.conkey) with ordinality u (number, position) join pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.number
    ), '[]'),
    'referenced_schema', fn.nspname,
    'referenced_name', f.relname,
    'referenced_columns', coalesce((
      select json_agg(a.attname order by u.position)
      from unnest(k.confkey) with ordinality u (number, position) join pg_attribute a on a.attrelid = k.confrelid and a.attnum = u.number
    ), '[]'),
    'on_delete', k.confdeltype,
    'on_update', k.confupdtype,
    'condition', case when k.contype = 'c' then pg_get_expr(k.conbin, k.conrelid) end,
    'is_validated', k.convalidated,
    'nulls_not_distinct', coalesce((select (to_jsonb(i) ->> 'indnullsnotdistinct')::boolean from pg_index i where i.indexrelid = k.conindid), false)
      and k.contype = 'u') as document
  from pg_constraint k
  cross join lateral (select k.conrelid::bigint as relation) n
  left join pg_class f on f.oid = k.confrelid
  left join pg_namespace fn on fn.oid = f.relnamespace
  where k.contype in ('p', 'u', 'f', 'c', 'x') and k.conrelid <> 0
  union all
  select i.indrelid::bigint, 2, 'index', c.oid::bigint, json_build_object(
    'relation', i.indrelid::bigint,
    'name', c.relname,
    'keys', (
      select json_agg(json_build_object(
        'column', a.attname,
        'expression', case when a.attname is null then pg_get_indexdef(i.indexrelid, u.position::int, false) end)
        order by u.position)
      from unnest(i.indkey::int2[]) with ordinality u (number, position) left join pg_attribute a on a.attrelid = i.indrelid and a.attnum = u.number
      where u.position <= i.indnkeyatts
    ),
    'include', coalesce((
      select json_agg(a.attname order by u.position)
      from unnest(i.indkey::int2[]) with ordinality u (number, position) join pg_attribute a on a.attrelid = i.indrelid and a.attnum = u.number
      where u.position > i.indnkeyatts
    ), '[]'),
    'is_unique', i.indisunique,
    'is_valid', i.indisvalid,
    'method', m.amname,
    'predicate', pg_get_expr(i.indpred, i.indrelid),
    'nulls_not_distinct', coalesce((to_jsonb(i) ->> 'indnullsnotdistinct')::boolean, false),
    'constraint', (select k.conname from pg_constraint k where k.conindid = i.indexrelid and k.conrelid = i.indrelid and k.contype in ('p', 'u', 'x')))
  from pg_index i join pg_class c on c.oid = i.indexrelid join pg_am m on m.oid = c.relam
  union all
  select p.polrelid::bigint, 3, 'policy', p.oid::bigint, json_build_object(
    'relation', p.polrelid::bigint,
    'name', p.polname,
    'command', p.polcmd,
    'is_permissive', p.polpermissive,
    'roles', (
      select json_agg(case r.oid when 0 then 'public' else pg_get_userbyid(r.oid) end order by r.position)
      from unnest(p.polroles) with ordinality r (oid, position)
    ),
    'using', pg_get_expr(p.polqual, p.polrelid),
    'with_check', pg_get_expr(p.polwithcheck, p.polrelid),
    'comment', obj_description(p.oid, 'pg_policy'))
  from pg_policy p
  union all
  select t.tgrelid::bigint, 4, 'trigger', t.oid::bigint, json_build_object(
    'relation', t.tgrelid::bigint,
    'name', t.tgname,
    'type', t.tgtype,
    'columns', coalesce((
      select json_agg(a.attname order by u.position)
      from unnest(t.tgattr::int2[]) with ordinality u (number, position) join pg_attribute a on a.attrelid = t.tgrelid and a.attnum = u.number
    ), '[]'),
    'is_enabled', t.tgenabled <> 'D',
    'function_schema', fn.nspname,
    'function_name', f.proname)
  from pg_trigger t join pg_proc f on f.oid = t.tgfoid join pg_namespace fn on fn.oid = f.pronamespace
  where not t.tgisinternal
) parts
where relation in (
  select c.oid::bigint from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname not like 'pg\_%' and n.nspname <> 'information_schema')
order by relation, section, id
