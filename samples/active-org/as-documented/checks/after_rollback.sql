SELECT column_name FROM information_schema.columns
WHERE table_schema = 'platform' AND table_name = 'users'
LIMIT 1;
