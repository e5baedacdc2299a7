-- config: platform: supabase
create table public.members (team_id uuid not null, user_id uuid not null);
alter table public.members enable row level security;
create policy everyone on public.members for select using (true);
create table public.hidden (team_id uuid not null, user_id uuid not null);
alter table public.hidden enable row level security;
create function public.my_teams() returns setof uuid language sql stable security definer set search_path = '' as $$ select team_id from public.hidden where user_id = auth.uid() $$;
create table public.notes (id uuid primary key, team_id uuid not null);
alter table public.notes enable row level security;
create policy team on public.notes for select to authenticated using (team_id in (select m.team_id from public.members m where m.user_id = auth.uid()));
create policy hidden on public.notes for update to authenticated using (team_id in (select public.my_teams()));
create policy service on public.notes for delete to service_role using (team_id in (select h.team_id from public.hidden h));
