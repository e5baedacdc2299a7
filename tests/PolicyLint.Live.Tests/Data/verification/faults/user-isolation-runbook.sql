-- fault: public.goals.user_id is never null
alter table public.goals alter column user_id drop not null;
update public.goals set user_id = null where title = 'one';

-- fault: public.courses.user_id exists, of type uuid, not null
alter table public.courses alter column user_id drop not null;

-- fault: public.goals(user_id) has a validated foreign key to auth.users, on delete cascade
alter table public.goals drop constraint goals_user_id_fkey;
alter table public.goals add constraint goals_user_id_fkey foreign key (user_id) references auth.users (id) on delete set null;

-- fault: public.goals has the policy "goals_select_own"
alter policy goals_select_own on public.goals to public;

-- fault: public.goals has the policy "goals_delete_own"
drop policy goals_delete_own on public.goals;

-- fault: public.daily_tasks has the index daily_tasks_user_id_idx
drop index public.daily_tasks_user_id_idx;

-- fault: public.focus_sessions has row-level security enabled and forced
alter table public.focus_sessions disable row level security;

-- fault: every public.daily_tasks.user_id is a auth.users.id
set session_replication_role = replica;
update public.daily_tasks set user_id = '99999999-0000-0000-0000-000000000000';

-- fault: PL4003 public.all_goals
create view public.all_goals as select * from public.goals;
grant select on public.all_goals to authenticated;

-- fault: PL4004 public.goal_copies
create materialized view public.goal_copies as select * from public.goals;
grant select on public.goal_copies to authenticated;

-- fault: PL1001 public.drafts
create table public.drafts (id uuid primary key, user_id uuid not null references auth.users (id));
grant select on public.drafts to authenticated;

-- fault: PL2001 public.goals
create policy goals_read_all on public.goals for select to authenticated using (true);

-- fault: PL2002 public.goals
create policy goals_read_shared on public.goals for select to authenticated using ((select auth.uid()) is not null);

-- fault: PL2003 public.courses
alter policy courses_update_own on public.courses with check (title <> '');

-- fault: PL4001 public.goal_count
create function public.goal_count() returns bigint language sql security definer as 'select count(*) from goals where user_id = auth.uid()';

-- fault: PL1004 public.daily_tasks
alter table public.daily_tasks disable row level security;

-- fault: PL2010 public.exercise_progress
drop policy exercise_progress_select_own on public.exercise_progress;
create policy exercise_progress_select_own on public.exercise_progress as restrictive for select to authenticated using (user_id = (select auth.uid()));
