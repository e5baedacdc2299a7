-- For 24 hours after the migration
select query, mean_exec_time, calls
from extensions.pg_stat_statements
where mean_exec_time > 1000
order by mean_exec_time desc
limit 20;
