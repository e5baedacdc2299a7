-- relrowsecurity = true
select relrowsecurity from pg_class where oid = 'public.rate_limits'::regclass;

-- One row
select policyname
from pg_policies
where schemaname = 'public' and tablename = 'business_accounts'
  and policyname = 'Users can view business accounts';
