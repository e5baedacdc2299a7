create table public.reports (id uuid primary key);
alter table public.reports enable row level security;
create policy admins on public.reports for select to authenticated
  using (exists (select 1 from auth.users u where u.id = auth.uid() and u.email like '%@example.org'));
--                             ^^^^^^^^^^^^ PL2013: No grant lets authenticated SELECT from auth.users
