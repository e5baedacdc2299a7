-- A check that looks at the parent, a trigger that does, and a table in which a user has one row.
create table public.teams (id uuid primary key, owner_id uuid not null, is_open boolean not null);
create index on public.teams (owner_id);
alter table public.teams enable row level security;
create policy own on public.teams for select to authenticated using (owner_id = (select auth.uid()));
create table public.members (team_id uuid not null references public.teams (id), user_id uuid not null, primary key (user_id, team_id));
alter table public.members enable row level security;
create policy founder on public.members for insert to authenticated
  with check (user_id = (select auth.uid()) and exists (select 1 from public.teams t where t.id = members.team_id and t.is_open));
create table public.guests (team_id uuid not null references public.teams (id), user_id uuid not null, primary key (user_id, team_id));
alter table public.guests enable row level security;
create policy own on public.guests for insert to authenticated with check (user_id = (select auth.uid()));
create function public.check_invitation() returns trigger language plpgsql as $$
begin
  if not exists (select 1 from public.teams t where t.id = new.team_id and t.is_open) then raise exception 'no'; end if;
  return new;
end $$;
create trigger check_invitation before insert on public.guests for each row execute function public.check_invitation();
create table public.profiles (user_id uuid primary key, team_id uuid references public.teams (id));
alter table public.profiles enable row level security;
create policy own on public.profiles for insert to authenticated with check (user_id = (select auth.uid()));
create table public.boards (id uuid primary key, team_id uuid not null references public.teams (id));
create index on public.boards (team_id);
alter table public.boards enable row level security;
create policy team on public.boards for select to authenticated
  using (team_id in (select m.team_id from public.members m where m.user_id = (select auth.uid()))
    or team_id in (select g.team_id from public.guests g where g.user_id = (select auth.uid()))
    or team_id in (select p.team_id from public.profiles p where p.user_id = (select auth.uid())));
