-- No rows
select column_name from information_schema.columns
where table_schema = 'platform' and table_name = 'users' and column_name = 'active_org_id';

-- No rows
select proname from pg_proc
where pronamespace = 'platform'::regnamespace
  and proname in ('set_user_active_org', 'get_user_active_org');
