-- Columns: one row per table, not nullable
select table_name, is_nullable
from information_schema.columns
where table_schema = 'public' and column_name = 'user_id'
order by table_name;

-- Indexes that lead with user_id
select tablename, indexname
from pg_indexes
where schemaname = 'public' and indexdef like '%(user_id%'
order by tablename;

-- RLS enabled and forced
select relname, relrowsecurity, relforcerowsecurity
from pg_class
where relnamespace = 'public'::regnamespace and relkind = 'r'
order by relname;

-- Rows of the system user that still wait for their owner
select count(*) from public.tasks where user_id = '00000000-0000-0000-0000-000000000000';
