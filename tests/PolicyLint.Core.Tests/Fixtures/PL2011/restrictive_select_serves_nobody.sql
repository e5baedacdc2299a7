create table public.notes (id uuid primary key, user_id uuid not null);
alter table public.notes enable row level security;
create policy floor on public.notes as restrictive for select to authenticated using (true);
create policy remove on public.notes for delete to authenticated using (user_id = (select auth.uid()));
-- ^^^ PL2011: The policy remove lets authenticated DELETE public.notes
