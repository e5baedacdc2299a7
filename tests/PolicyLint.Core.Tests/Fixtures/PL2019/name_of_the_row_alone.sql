-- The inner table has no column of the name: the bare name is the row's.
create table public.members (team uuid not null, user_id uuid not null);
create table public.notes (id uuid primary key, team_id uuid not null);
create policy p on public.notes using (exists (select 1 from public.members where team = team_id and user_id = auth.uid()));
create policy q on public.notes using (team_id in (select m.team from public.members m join public.members n on m.team = n.team));
