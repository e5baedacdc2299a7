-- Check 1: rowsecurity = false
SELECT tablename, rowsecurity
FROM pg_tables
WHERE schemaname = 'public'
  AND tablename = 'rate_limits';

-- Check 2: boolean, default true
SELECT column_name, data_type, column_default
FROM information_schema.columns
WHERE table_schema = 'public'
  AND table_name = 'business_accounts'
  AND column_name = 'is_public';

-- Check 3: two buckets, public, 10485760
SELECT id, name, public, file_size_limit
FROM storage.buckets
WHERE id IN ('avatars', 'chat-media');

-- Check 4: 6
SELECT COUNT(*) as policy_count
FROM pg_policies
WHERE schemaname = 'storage'
  AND tablename = 'objects'
  AND policyname LIKE 'Users can%';

-- Check 5: one row
SELECT policyname
FROM pg_policies
WHERE schemaname = 'public'
  AND tablename = 'business_accounts'
  AND policyname = 'Users can view public or owned business accounts';
