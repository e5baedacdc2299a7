create table public.jobs (id uuid primary key, user_id uuid);
alter table public.jobs enable row level security;
create policy "Service role only" on public.jobs using (auth.role() = 'service_role');
create policy "Admins read" on public.jobs for select using (exists (select 1 from public.admins a where a.user_id = auth.uid()));
create policy "service_role all" on public.jobs to service_role using (true);
create policy "No admin access" on public.jobs for delete using (false);
create policy "Anyone may administer nothing" on public.jobs for select using (true);
create policy "admins only" on public.jobs as restrictive using (true);
