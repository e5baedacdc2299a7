-- Step 3: uuid, YES
SELECT column_name, data_type, is_nullable
FROM information_schema.columns
WHERE table_schema = 'platform'
  AND table_name = 'users'
  AND column_name = 'active_org_id';

-- Step 4: backfill
SELECT
  COUNT(*) as total_users,
  COUNT(active_org_id) as users_with_active_org,
  ROUND(100.0 * COUNT(active_org_id) / COUNT(*), 2) as backfill_percentage
FROM platform.users;

-- Step 5: both functions
SELECT
  routine_name,
  routine_type
FROM information_schema.routines
WHERE routine_schema = 'platform'
  AND routine_name IN ('set_user_active_org', 'get_user_active_org')
ORDER BY routine_name;

-- Step 6: the index
SELECT indexname
FROM pg_indexes
WHERE tablename = 'users'
  AND indexname = 'idx_users_active_org';
