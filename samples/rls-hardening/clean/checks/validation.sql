-- Check 1: RLS off, and no grant for the roles of the API
select c.relname, c.relrowsecurity,
  has_table_privilege('anon', c.oid, 'select, insert, update, delete') as anon_may,
  has_table_privilege('authenticated', c.oid, 'select, insert, update, delete') as authenticated_may
from pg_class c
where c.oid = 'public.rate_limits'::regclass;

-- Check 2: boolean, not nullable, default true
select column_name, data_type, is_nullable, column_default
from information_schema.columns
where table_schema = 'public' and table_name = 'business_accounts' and column_name = 'is_public';

-- Check 3: avatars public, chat-media not, 10485760 each
select id, name, public, file_size_limit
from storage.buckets
where id in ('avatars', 'chat-media');

-- Check 4: 6
select count(*) as policy_count
from pg_policies
where schemaname = 'storage' and tablename = 'objects' and policyname like 'Users can%';

-- Check 5: one row
select policyname
from pg_policies
where schemaname = 'public' and tablename = 'business_accounts'
  and policyname = 'Users can view public or owned business accounts';
