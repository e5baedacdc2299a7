-- For 24 hours after the migration
select relname, seq_scan, seq_tup_read, idx_scan
from pg_stat_user_tables
where schemaname = 'public'
order by seq_tup_read desc
limit 20;

select pid, now() - query_start as running, query
from pg_stat_activity
where state = 'active' and now() - query_start > interval '1 second';
