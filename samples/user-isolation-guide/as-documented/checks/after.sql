-- Check columns added
SELECT column_name FROM information_schema.columns
WHERE table_name = 'tasks' AND column_name = 'user_id';

-- Check indexes created
SELECT indexname FROM pg_indexes
WHERE tablename = 'tasks' AND indexname LIKE '%user_id%';
