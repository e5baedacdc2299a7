-- The old value is kept by the check; by a trigger; by the privileges of columns; an administrator's branch is no user's.
create table public.kept (id uuid primary key, role text not null);
alter table public.kept enable row level security;
create policy own on public.kept for select to authenticated using (id = (select auth.uid()));
create policy change on public.kept for update to authenticated using (id = (select auth.uid()))
  with check (id = (select auth.uid()) and role = (select k.role from public.kept k where k.id = (select auth.uid())));
create table public.guarded (id uuid primary key, role text not null);
alter table public.guarded enable row level security;
create policy own on public.guarded for update to authenticated using (id = (select auth.uid()));
create function public.keep_role() returns trigger language plpgsql as $$
begin
  if new.role is distinct from old.role then raise exception 'no'; end if;
  return new;
end $$;
create trigger keep_role before update on public.guarded for each row execute function public.keep_role();
create table public.granted (id uuid primary key, name text, role text not null);
alter table public.granted enable row level security;
create policy own on public.granted for update to authenticated using (id = (select auth.uid()));
revoke update on public.granted from anon, authenticated;
grant update (name) on public.granted to authenticated;
create table public.administered (id uuid primary key, role text not null);
alter table public.administered enable row level security;
create policy admins on public.administered for update to authenticated using ((select auth.jwt()) -> 'app_metadata' ->> 'role' = 'admin');
create table public.pinned (id uuid primary key, role text not null);
alter table public.pinned enable row level security;
create policy own on public.pinned for update to authenticated using (id = (select auth.uid())) with check (id = (select auth.uid()) and role = 'member');
-- config: tenancy:
-- config:   id: { is: auth.uid() }
