-- After the code went back and DISABLE_USER_ISOLATION=true is set, when the backup is not wanted.

DROP TABLE IF EXISTS user_access_log;
ALTER TABLE projects DROP COLUMN IF EXISTS user_id;
ALTER TABLE tasks DROP COLUMN IF EXISTS user_id;
ALTER TABLE subtasks DROP COLUMN IF EXISTS user_id;
ALTER TABLE agents DROP COLUMN IF EXISTS user_id;
