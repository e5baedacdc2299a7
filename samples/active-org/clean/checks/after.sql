-- Step 3: uuid, YES
select column_name, data_type, is_nullable
from information_schema.columns
where table_schema = 'platform' and table_name = 'users' and column_name = 'active_org_id';

-- Step 4: users who are in an organization and have none active: 0
select count(*) as not_backfilled
from platform.users u
where u.active_org_id is null
  and exists (select from platform.organization_members m where m.user_id = u.id);

-- Step 5: both functions, by invoker, with a search_path
select p.proname, p.prosecdef, p.proconfig
from pg_proc p
where p.pronamespace = 'platform'::regnamespace
order by p.proname;

-- Step 6: the index, valid
select i.indexrelid::regclass as index_name, i.indisvalid
from pg_index i
where i.indexrelid = to_regclass('platform.idx_users_active_org');

-- Foreign keys: both validated, ON DELETE SET NULL (n)
select conname, confdeltype, convalidated
from pg_constraint
where conrelid = 'platform.users'::regclass and contype = 'f';

-- RLS enabled and forced everywhere
select relname, relrowsecurity, relforcerowsecurity
from pg_class
where relnamespace = 'platform'::regnamespace and relkind = 'r'
order by relname;
