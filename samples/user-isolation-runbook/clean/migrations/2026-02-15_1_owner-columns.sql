-- Owner columns and the owner of the existing rows. Set it first, in the same session:
--   select set_config('app.migration_user_id', '<AUTH_USER_UUID>', false);

begin;

alter table public.goals add column user_id uuid;
alter table public.job_applications add column user_id uuid;
alter table public.courses add column user_id uuid;
alter table public.exercise_progress add column user_id uuid;
alter table public.daily_tasks add column user_id uuid;
alter table public.focus_sessions add column user_id uuid;

alter table public.goals
  add constraint goals_user_id_fkey foreign key (user_id) references auth.users (id) on delete cascade not valid;
alter table public.job_applications
  add constraint job_applications_user_id_fkey foreign key (user_id) references auth.users (id) on delete cascade not valid;
alter table public.courses
  add constraint courses_user_id_fkey foreign key (user_id) references auth.users (id) on delete cascade not valid;
alter table public.exercise_progress
  add constraint exercise_progress_user_id_fkey foreign key (user_id) references auth.users (id) on delete cascade not valid;
alter table public.daily_tasks
  add constraint daily_tasks_user_id_fkey foreign key (user_id) references auth.users (id) on delete cascade not valid;
alter table public.focus_sessions
  add constraint focus_sessions_user_id_fkey foreign key (user_id) references auth.users (id) on delete cascade not valid;

update public.goals
set user_id = nullif(current_setting('app.migration_user_id', true), '')::uuid
where user_id is null;
update public.job_applications
set user_id = nullif(current_setting('app.migration_user_id', true), '')::uuid
where user_id is null;
update public.courses
set user_id = nullif(current_setting('app.migration_user_id', true), '')::uuid
where user_id is null;
update public.exercise_progress
set user_id = nullif(current_setting('app.migration_user_id', true), '')::uuid
where user_id is null;
update public.daily_tasks
set user_id = nullif(current_setting('app.migration_user_id', true), '')::uuid
where user_id is null;
update public.focus_sessions
set user_id = nullif(current_setting('app.migration_user_id', true), '')::uuid
where user_id is null;

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

commit;
