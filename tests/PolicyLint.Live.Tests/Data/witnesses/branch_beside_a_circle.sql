-- One branch reads its own table, so that every statement fails: the other one leaks as soon as that is mended.
-- told: PL2002 public.members/colleagues
create table public.members (id uuid primary key, user_id uuid not null, team_id uuid not null);
create index on public.members (user_id);
alter table public.members enable row level security;
create policy colleagues on public.members for select to authenticated
  using ((select auth.uid()) is not null or team_id in (select m.team_id from public.members m where m.user_id = (select auth.uid())));
