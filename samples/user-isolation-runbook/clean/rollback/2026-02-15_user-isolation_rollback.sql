-- Back to the base schema with the app in maintenance mode. Row-level security stays on and forced, as it was:
-- until the snapshot is restored nobody but service_role gets in.

begin;

drop policy goals_select_own on public.goals;
drop policy goals_insert_own on public.goals;
drop policy goals_update_own on public.goals;
drop policy goals_delete_own on public.goals;
alter table public.goals drop column user_id;

drop policy job_applications_select_own on public.job_applications;
drop policy job_applications_insert_own on public.job_applications;
drop policy job_applications_update_own on public.job_applications;
drop policy job_applications_delete_own on public.job_applications;
alter table public.job_applications drop column user_id;

drop policy courses_select_own on public.courses;
drop policy courses_insert_own on public.courses;
drop policy courses_update_own on public.courses;
drop policy courses_delete_own on public.courses;
alter table public.courses drop column user_id;

drop policy exercise_progress_select_own on public.exercise_progress;
drop policy exercise_progress_insert_own on public.exercise_progress;
drop policy exercise_progress_update_own on public.exercise_progress;
drop policy exercise_progress_delete_own on public.exercise_progress;
alter table public.exercise_progress drop column user_id;

drop policy daily_tasks_select_own on public.daily_tasks;
drop policy daily_tasks_insert_own on public.daily_tasks;
drop policy daily_tasks_update_own on public.daily_tasks;
drop policy daily_tasks_delete_own on public.daily_tasks;
alter table public.daily_tasks drop column user_id;

drop policy focus_sessions_select_own on public.focus_sessions;
drop policy focus_sessions_insert_own on public.focus_sessions;
drop policy focus_sessions_update_own on public.focus_sessions;
drop policy focus_sessions_delete_own on public.focus_sessions;
alter table public.focus_sessions drop column user_id;

commit;
