-- Owner-only policies: who is signed in reaches their own rows and no others.

begin;

create policy goals_select_own on public.goals
  for select to authenticated
  using (user_id = (select auth.uid()));

create policy goals_insert_own on public.goals
  for insert to authenticated
  with check (user_id = (select auth.uid()));

create policy goals_update_own on public.goals
  for update to authenticated
  using (user_id = (select auth.uid()))
  with check (user_id = (select auth.uid()));

create policy goals_delete_own on public.goals
  for delete to authenticated
  using (user_id = (select auth.uid()));

create policy job_applications_select_own on public.job_applications
  for select to authenticated
  using (user_id = (select auth.uid()));

create policy job_applications_insert_own on public.job_applications
  for insert to authenticated
  with check (user_id = (select auth.uid()));

create policy job_applications_update_own on public.job_applications
  for update to authenticated
  using (user_id = (select auth.uid()))
  with check (user_id = (select auth.uid()));

create policy job_applications_delete_own on public.job_applications
  for delete to authenticated
  using (user_id = (select auth.uid()));

create policy courses_select_own on public.courses
  for select to authenticated
  using (user_id = (select auth.uid()));

create policy courses_insert_own on public.courses
  for insert to authenticated
  with check (user_id = (select auth.uid()));

create policy courses_update_own on public.courses
  for update to authenticated
  using (user_id = (select auth.uid()))
  with check (user_id = (select auth.uid()));

create policy courses_delete_own on public.courses
  for delete to authenticated
  using (user_id = (select auth.uid()));

create policy exercise_progress_select_own on public.exercise_progress
  for select to authenticated
  using (user_id = (select auth.uid()));

create policy exercise_progress_insert_own on public.exercise_progress
  for insert to authenticated
  with check (user_id = (select auth.uid()));

create policy exercise_progress_update_own on public.exercise_progress
  for update to authenticated
  using (user_id = (select auth.uid()))
  with check (user_id = (select auth.uid()));

create policy exercise_progress_delete_own on public.exercise_progress
  for delete to authenticated
  using (user_id = (select auth.uid()));

create policy daily_tasks_select_own on public.daily_tasks
  for select to authenticated
  using (user_id = (select auth.uid()));

create policy daily_tasks_insert_own on public.daily_tasks
  for insert to authenticated
  with check (user_id = (select auth.uid()));

create policy daily_tasks_update_own on public.daily_tasks
  for update to authenticated
  using (user_id = (select auth.uid()))
  with check (user_id = (select auth.uid()));

create policy daily_tasks_delete_own on public.daily_tasks
  for delete to authenticated
  using (user_id = (select auth.uid()));

create policy focus_sessions_select_own on public.focus_sessions
  for select to authenticated
  using (user_id = (select auth.uid()));

create policy focus_sessions_insert_own on public.focus_sessions
  for insert to authenticated
  with check (user_id = (select auth.uid()));

create policy focus_sessions_update_own on public.focus_sessions
  for update to authenticated
  using (user_id = (select auth.uid()))
  with check (user_id = (select auth.uid()));

create policy focus_sessions_delete_own on public.focus_sessions
  for delete to authenticated
  using (user_id = (select auth.uid()));

commit;
