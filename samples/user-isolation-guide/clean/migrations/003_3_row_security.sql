-- The API connects as a member of tasks_app from now on and names the user in every transaction:
--   select set_config('app.user_id', '<id>', true)

begin;

create role tasks_app nologin;
grant usage on schema public to tasks_app;
grant select, insert, update, delete on public.projects, public.tasks, public.subtasks, public.agents to tasks_app;
grant select on public.users to tasks_app;
grant select, insert on public.user_access_log to tasks_app;

alter table public.users force row level security;
alter table public.projects force row level security;
alter table public.tasks force row level security;
alter table public.subtasks force row level security;
alter table public.agents force row level security;
alter table public.user_access_log force row level security;

create policy users_select_own on public.users
  for select to tasks_app
  using (id = (select nullif(current_setting('app.user_id', true), '')::uuid));

create policy projects_select_own on public.projects
  for select to tasks_app
  using (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid));

create policy projects_insert_own on public.projects
  for insert to tasks_app
  with check (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid));

create policy projects_update_own on public.projects
  for update to tasks_app
  using (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid))
  with check (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid));

create policy projects_delete_own on public.projects
  for delete to tasks_app
  using (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid));

create policy tasks_select_own on public.tasks
  for select to tasks_app
  using (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid));

create policy tasks_insert_own on public.tasks
  for insert to tasks_app
  with check (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid));

create policy tasks_update_own on public.tasks
  for update to tasks_app
  using (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid))
  with check (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid));

create policy tasks_delete_own on public.tasks
  for delete to tasks_app
  using (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid));

create policy subtasks_select_own on public.subtasks
  for select to tasks_app
  using (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid));

create policy subtasks_insert_own on public.subtasks
  for insert to tasks_app
  with check (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid));

create policy subtasks_update_own on public.subtasks
  for update to tasks_app
  using (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid))
  with check (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid));

create policy subtasks_delete_own on public.subtasks
  for delete to tasks_app
  using (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid));

create policy agents_select_own on public.agents
  for select to tasks_app
  using (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid));

create policy agents_insert_own on public.agents
  for insert to tasks_app
  with check (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid));

create policy agents_update_own on public.agents
  for update to tasks_app
  using (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid))
  with check (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid));

create policy agents_delete_own on public.agents
  for delete to tasks_app
  using (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid));

create policy user_access_log_select_own on public.user_access_log
  for select to tasks_app
  using (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid));

create policy user_access_log_insert_own on public.user_access_log
  for insert to tasks_app
  with check (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid));

commit;
