-- Only with the app in maintenance mode and the snapshot at hand: the owners are lost, then restored from it.

begin;

drop policy if exists "goals_owner_only" on public.goals;
alter table public.goals no force row level security;
alter table public.goals disable row level security;
alter table public.goals drop column if exists user_id;

drop policy if exists "job_applications_owner_only" on public.job_applications;
alter table public.job_applications no force row level security;
alter table public.job_applications disable row level security;
alter table public.job_applications drop column if exists user_id;

drop policy if exists "courses_owner_only" on public.courses;
alter table public.courses no force row level security;
alter table public.courses disable row level security;
alter table public.courses drop column if exists user_id;

drop policy if exists "exercise_progress_owner_only" on public.exercise_progress;
alter table public.exercise_progress no force row level security;
alter table public.exercise_progress disable row level security;
alter table public.exercise_progress drop column if exists user_id;

drop policy if exists "daily_tasks_owner_only" on public.daily_tasks;
alter table public.daily_tasks no force row level security;
alter table public.daily_tasks disable row level security;
alter table public.daily_tasks drop column if exists user_id;

drop policy if exists "focus_sessions_owner_only" on public.focus_sessions;
alter table public.focus_sessions no force row level security;
alter table public.focus_sessions disable row level security;
alter table public.focus_sessions drop column if exists user_id;

commit;
