-- Remove the column (this removes index and functions too)
ALTER TABLE platform.users DROP COLUMN active_org_id CASCADE;
