-- Puts an owner on every row of the planner. Set the owner of the existing rows first:
--   select set_config('app.migration_user_id', '<AUTH_USER_UUID>', false);

begin;

-- 1. Owner columns
alter table public.goals add column if not exists user_id uuid references auth.users (id) on delete cascade;
alter table public.job_applications add column if not exists user_id uuid references auth.users (id) on delete cascade;
alter table public.courses add column if not exists user_id uuid references auth.users (id) on delete cascade;
alter table public.exercise_progress add column if not exists user_id uuid references auth.users (id) on delete cascade;
alter table public.daily_tasks add column if not exists user_id uuid references auth.users (id) on delete cascade;
alter table public.focus_sessions add column if not exists user_id uuid references auth.users (id) on delete cascade;

-- 2. Existing rows go to the migration owner
do $$
declare
  migration_user uuid := nullif(current_setting('app.migration_user_id', true), '')::uuid;
begin
  update public.goals set user_id = migration_user where user_id is null;
  update public.job_applications set user_id = migration_user where user_id is null;
  update public.courses set user_id = migration_user where user_id is null;
  update public.exercise_progress set user_id = migration_user where user_id is null;
  update public.daily_tasks set user_id = migration_user where user_id is null;
  update public.focus_sessions set user_id = migration_user where user_id is null;
end
$$;

-- 3. Abort when a row is left without an owner
do $$
begin
  if exists (select 1 from public.goals where user_id is null) then
    raise exception 'goals.user_id is still null: set app.migration_user_id to a valid auth.users id';
  end if;
  if exists (select 1 from public.job_applications where user_id is null) then
    raise exception 'job_applications.user_id is still null: set app.migration_user_id to a valid auth.users id';
  end if;
  if exists (select 1 from public.courses where user_id is null) then
    raise exception 'courses.user_id is still null: set app.migration_user_id to a valid auth.users id';
  end if;
  if exists (select 1 from public.exercise_progress where user_id is null) then
    raise exception 'exercise_progress.user_id is still null: set app.migration_user_id to a valid auth.users id';
  end if;
  if exists (select 1 from public.daily_tasks where user_id is null) then
    raise exception 'daily_tasks.user_id is still null: set app.migration_user_id to a valid auth.users id';
  end if;
  if exists (select 1 from public.focus_sessions where user_id is null) then
    raise exception 'focus_sessions.user_id is still null: set app.migration_user_id to a valid auth.users id';
  end if;
end
$$;

alter table public.goals alter column user_id set not null;
alter table public.job_applications alter column user_id set not null;
alter table public.courses alter column user_id set not null;
alter table public.exercise_progress alter column user_id set not null;
alter table public.daily_tasks alter column user_id set not null;
alter table public.focus_sessions alter column user_id set not null;

-- 4. Row-level security, also for the owner of the tables
alter table public.goals enable row level security;
alter table public.goals force row level security;
alter table public.job_applications enable row level security;
alter table public.job_applications force row level security;
alter table public.courses enable row level security;
alter table public.courses force row level security;
alter table public.exercise_progress enable row level security;
alter table public.exercise_progress force row level security;
alter table public.daily_tasks enable row level security;
alter table public.daily_tasks force row level security;
alter table public.focus_sessions enable row level security;
alter table public.focus_sessions force row level security;

-- 5. Owner-only policies
drop policy if exists "goals_owner_only" on public.goals;
create policy "goals_owner_only" on public.goals
  for all
  using (user_id = auth.uid())
  with check (user_id = auth.uid());

drop policy if exists "job_applications_owner_only" on public.job_applications;
create policy "job_applications_owner_only" on public.job_applications
  for all
  using (user_id = auth.uid())
  with check (user_id = auth.uid());

drop policy if exists "courses_owner_only" on public.courses;
create policy "courses_owner_only" on public.courses
  for all
  using (user_id = auth.uid())
  with check (user_id = auth.uid());

drop policy if exists "exercise_progress_owner_only" on public.exercise_progress;
create policy "exercise_progress_owner_only" on public.exercise_progress
  for all
  using (user_id = auth.uid())
  with check (user_id = auth.uid());

drop policy if exists "daily_tasks_owner_only" on public.daily_tasks;
create policy "daily_tasks_owner_only" on public.daily_tasks
  for all
  using (user_id = auth.uid())
  with check (user_id = auth.uid());

drop policy if exists "focus_sessions_owner_only" on public.focus_sessions;
create policy "focus_sessions_owner_only" on public.focus_sessions
  for all
  using (user_id = auth.uid())
  with check (user_id = auth.uid());

commit;
