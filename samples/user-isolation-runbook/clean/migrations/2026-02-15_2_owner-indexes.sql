-- Outside a transaction: neither statement stops the writes to the tables.

create index concurrently goals_user_id_idx on public.goals (user_id);
create index concurrently job_applications_user_id_idx on public.job_applications (user_id);
create index concurrently courses_user_id_idx on public.courses (user_id);
create index concurrently exercise_progress_user_id_idx on public.exercise_progress (user_id);
create index concurrently daily_tasks_user_id_idx on public.daily_tasks (user_id);
create index concurrently focus_sessions_user_id_idx on public.focus_sessions (user_id);

alter table public.goals validate constraint goals_user_id_fkey;
alter table public.job_applications validate constraint job_applications_user_id_fkey;
alter table public.courses validate constraint courses_user_id_fkey;
alter table public.exercise_progress validate constraint exercise_progress_user_id_fkey;
alter table public.daily_tasks validate constraint daily_tasks_user_id_fkey;
alter table public.focus_sessions validate constraint focus_sessions_user_id_fkey;
