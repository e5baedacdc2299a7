-- rowsecurity = true
SELECT rowsecurity
FROM pg_tables
WHERE schemaname = 'public'
  AND tablename = 'rate_limits';

-- One row
SELECT policyname
FROM pg_policies
WHERE schemaname = 'public'
  AND tablename = 'business_accounts'
  AND policyname = 'Users can view business accounts';
