-- Check data isolation
SELECT COUNT(DISTINCT user_id) as unique_users,
       COUNT(*) as total_records
FROM tasks;

-- Monitor query performance
SELECT query, mean_exec_time
FROM pg_stat_statements
WHERE query LIKE '%user_id%'
ORDER BY mean_exec_time DESC;

-- Audit access patterns
SELECT user_id,
       DATE(created_at) as date,
       COUNT(*) as operations
FROM user_access_log
GROUP BY user_id, DATE(created_at);
