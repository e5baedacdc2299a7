-- Migration 008: Add Active Organization Tracking to platform.users

-- 1. Column
DO $$
BEGIN
  IF NOT EXISTS (
    SELECT 1 FROM information_schema.columns
    WHERE table_schema = 'platform' AND table_name = 'users' AND column_name = 'active_org_id'
  ) THEN
    ALTER TABLE platform.users
      ADD COLUMN active_org_id UUID REFERENCES platform.organizations(id) ON DELETE SET NULL;
  END IF;
END $$;

-- 2. Partial index (prevents bloat)
CREATE INDEX IF NOT EXISTS idx_users_active_org
  ON platform.users(active_org_id)
  WHERE active_org_id IS NOT NULL;

-- 3. Backfill: the organization that the user joined first
DO $$
DECLARE
  r RECORD;
BEGIN
  FOR r IN SELECT id FROM platform.users WHERE active_org_id IS NULL LOOP
    UPDATE platform.users
    SET active_org_id = (
      SELECT organization_id
      FROM platform.organization_members
      WHERE user_id = r.id
      ORDER BY joined_at
      LIMIT 1
    )
    WHERE id = r.id;
  END LOOP;
END $$;

-- 4. Helper functions
CREATE OR REPLACE FUNCTION platform.set_user_active_org(p_user_id UUID, p_org_id UUID)
RETURNS BOOLEAN
LANGUAGE plpgsql
SECURITY DEFINER
AS $$
BEGIN
  IF NOT EXISTS (
    SELECT 1 FROM platform.organization_members
    WHERE user_id = p_user_id AND organization_id = p_org_id
  ) THEN
    RETURN FALSE;
  END IF;

  UPDATE platform.users
  SET active_org_id = p_org_id, updated_at = NOW()
  WHERE id = p_user_id;
  RETURN FOUND;
END;
$$;

CREATE OR REPLACE FUNCTION platform.get_user_active_org(p_user_id UUID)
RETURNS UUID
LANGUAGE sql
STABLE
SECURITY DEFINER
AS $$
  SELECT active_org_id FROM platform.users WHERE id = p_user_id
$$;
