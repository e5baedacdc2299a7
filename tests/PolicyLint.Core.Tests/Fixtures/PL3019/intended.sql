-- A change that is meant, with its reason.
create function public.me() returns uuid language sql stable as 'select null::uuid';
create table public.a (id uuid primary key, tenant uuid);
create policy own on public.a using (tenant = public.me());
-- policylint:intended PL3019 the table is read by its owner alone from now on
drop function public.me() cascade;
create function public.me() returns uuid language sql stable as 'select null::uuid';
create policy own on public.a using (tenant = public.me());
-- policylint:intended PL3019
drop function public.me() cascade;
-- ^^^ PL3019: CASCADE takes the policy own of public.a with it
