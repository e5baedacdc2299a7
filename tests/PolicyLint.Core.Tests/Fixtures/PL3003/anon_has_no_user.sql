-- file: 1.sql
create table public.notes (id uuid primary key, user_id uuid not null);
create index on public.notes (user_id);
alter table public.notes enable row level security;
create policy own on public.notes using (user_id = (select auth.uid()));
-- file: 2.sql
drop policy own on public.notes;
create policy own on public.notes to authenticated using (user_id = (select auth.uid()));
