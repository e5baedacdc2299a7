-- Rows by user
select count(distinct user_id) as unique_users, count(*) as total_records
from public.tasks;

-- Indexes that are not used: the filter is missing or the planner prefers another way
select relname, indexrelname, idx_scan
from pg_stat_user_indexes
where indexrelname like '%user_id%'
order by idx_scan;

-- Audit access patterns
select user_id, date(created_at) as date, count(*) as operations
from public.user_access_log
group by user_id, date(created_at);
