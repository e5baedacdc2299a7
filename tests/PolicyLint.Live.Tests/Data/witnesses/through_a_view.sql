-- The subquery of a policy reads a view that runs as its owner.
-- told: PL2002 public.reports/members
-- config: platform: supabase
-- config: tenancy:
-- config:   owner_id: { is: auth.uid() }
create table public.teams (id uuid primary key, user_id uuid not null, is_active boolean not null);
alter table public.teams enable row level security;
create view public.active_teams as select id, user_id from public.teams where is_active;
create table public.reports (id uuid primary key, owner_id uuid not null, team_id uuid references public.teams (id));
create index on public.reports (owner_id);
create index on public.reports (team_id);
alter table public.reports enable row level security;
create policy members on public.reports for select to authenticated using (team_id in (select id from public.active_teams where user_id = (select auth.uid())));
