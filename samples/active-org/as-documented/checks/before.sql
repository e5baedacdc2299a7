-- 1. Column doesn't already exist: no rows
SELECT column_name FROM information_schema.columns
WHERE table_schema = 'platform' AND table_name = 'users'
  AND column_name = 'active_org_id';

-- 2. Organization members have user_id, organization_id, joined_at
SELECT * FROM platform.organization_members LIMIT 1;

-- 3. Users table structure
SELECT column_name, data_type FROM information_schema.columns
WHERE table_schema = 'platform' AND table_name = 'users'
ORDER BY ordinal_position;

-- Snapshot
SELECT COUNT(*) as user_count,
       COUNT(DISTINCT organization_id) as org_count
FROM platform.users u
LEFT JOIN platform.organization_members om ON u.id = om.user_id;
