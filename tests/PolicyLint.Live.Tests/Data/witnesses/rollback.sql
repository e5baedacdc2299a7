-- What a rollback opens was closed before the migration that it takes back.
-- told: PL3011 public.notes/everyone
-- file: migrations/1.sql
create table public.notes (id uuid primary key, user_id uuid not null);
create index on public.notes (user_id);
alter table public.notes enable row level security;
create policy own on public.notes for select to authenticated using (user_id = (select auth.uid()));
-- file: migrations/2.sql
begin;
drop policy own on public.notes;
create policy own on public.notes for select to authenticated using (user_id = (select auth.uid()) and id is not null);
commit;
-- file: rollback/2.sql
begin;
drop policy own on public.notes;
create policy everyone on public.notes for select to authenticated using (id is not null and (user_id = (select auth.uid()) or (select auth.uid()) is not null));
commit;
