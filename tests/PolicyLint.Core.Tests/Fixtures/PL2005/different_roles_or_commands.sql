-- config: platform: supabase
create table public.notes (id uuid primary key, user_id uuid not null);
alter table public.notes enable row level security;
create policy a on public.notes for select to anon using (true);
create policy b on public.notes for select to authenticated using (user_id = (select auth.uid()));
create policy c on public.notes for insert to authenticated with check (user_id = (select auth.uid()));
create policy d on public.notes to service_role using (true);
create policy floor on public.notes as restrictive for select to authenticated using (true);
