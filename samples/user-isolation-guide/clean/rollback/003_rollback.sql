-- With the API stopped. The code before 003 connects as the owner again, so the owner must not be bound.

begin;

drop policy projects_select_own on public.projects;
drop policy projects_insert_own on public.projects;
drop policy projects_update_own on public.projects;
drop policy projects_delete_own on public.projects;
drop policy tasks_select_own on public.tasks;
drop policy tasks_insert_own on public.tasks;
drop policy tasks_update_own on public.tasks;
drop policy tasks_delete_own on public.tasks;
drop policy subtasks_select_own on public.subtasks;
drop policy subtasks_insert_own on public.subtasks;
drop policy subtasks_update_own on public.subtasks;
drop policy subtasks_delete_own on public.subtasks;
drop policy agents_select_own on public.agents;
drop policy agents_insert_own on public.agents;
drop policy agents_update_own on public.agents;
drop policy agents_delete_own on public.agents;
drop policy user_access_log_select_own on public.user_access_log;
drop policy user_access_log_insert_own on public.user_access_log;
drop policy users_select_own on public.users;

-- policylint:ignore PL1009 as 001 made it: enabled, not forced; the API is stopped
alter table public.users no force row level security;
-- policylint:ignore PL1009 as 001 made it: enabled, not forced; the API is stopped
alter table public.projects no force row level security;
-- policylint:ignore PL1009 as 001 made it: enabled, not forced; the API is stopped
alter table public.tasks no force row level security;
-- policylint:ignore PL1009 as 001 made it: enabled, not forced; the API is stopped
alter table public.subtasks no force row level security;
-- policylint:ignore PL1009 as 001 made it: enabled, not forced; the API is stopped
alter table public.agents no force row level security;

drop table public.user_access_log;
alter table public.agents drop column user_id;
alter table public.subtasks drop column user_id;
alter table public.tasks drop column user_id;
alter table public.projects drop column user_id;
delete from public.users where id = '00000000-0000-0000-0000-000000000000';

revoke all on public.users, public.projects, public.tasks, public.subtasks, public.agents from tasks_app;
revoke usage on schema public from tasks_app;
drop role tasks_app;

commit;
