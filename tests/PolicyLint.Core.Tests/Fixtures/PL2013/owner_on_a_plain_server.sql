-- Without FORCE the policies of members do not bind the owner, as whom the application may connect.
create table public.members (team_id uuid not null, user_id uuid not null);
alter table public.members enable row level security;
create table public.notes (id uuid primary key, team_id uuid not null);
alter table public.notes enable row level security;
create policy team on public.notes using (team_id in (select m.team_id from public.members m));
