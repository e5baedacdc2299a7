-- config: platform: supabase
create table public.notes (id uuid primary key, user_id uuid not null);
alter table public.notes enable row level security;
create policy own on public.notes using (user_id = (select auth.uid()));
create policy read on public.notes for select using (true);
-- ^^^ PL2005: 3 permissive policies of public.notes apply to anon, authenticated for SELECT
create policy change on public.notes for update to authenticated using (true);
