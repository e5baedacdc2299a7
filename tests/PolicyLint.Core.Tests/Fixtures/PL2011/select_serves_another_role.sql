-- config: platform: supabase
create table public.notes (id uuid primary key, user_id uuid not null);
alter table public.notes enable row level security;
create policy read on public.notes for select to anon using (true);
create policy change on public.notes for update to authenticated using (user_id = (select auth.uid()));
-- ^^^ PL2011: The policy change lets authenticated UPDATE public.notes
create policy service on public.notes for delete to service_role using (true);
