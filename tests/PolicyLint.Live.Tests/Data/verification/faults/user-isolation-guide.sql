-- fault: public.users has 1 rows where id = '00000000-0000-0000-0000-000000000000'
set session_replication_role = replica;
delete from public.users where id = '00000000-0000-0000-0000-000000000000';

-- fault: tasks_app may insert, select on public.user_access_log
revoke insert on public.user_access_log from tasks_app;

-- fault: tasks_app may insert, select on public.user_access_log
grant delete on public.user_access_log to tasks_app;

-- fault: row-level security binds the role tasks_app
alter table public.agents no force row level security;
alter table public.agents owner to tasks_app;

-- fault: public.tasks has an index on (user_id)
alter table public.tasks drop constraint tasks_user_id_id_key cascade;

-- fault: public.subtasks has the policy "subtasks_update_own"
drop policy subtasks_update_own on public.subtasks;
