create function public.my_orgs() returns setof uuid language sql security definer set search_path = '' as $$ select null::uuid $$;
create function public.me() returns uuid language sql as $$ select current_setting('app.user_id', true)::uuid $$;
create table public.a (id uuid primary key, org_id uuid not null, user_id uuid not null);
create policy p on public.a using (org_id in (select public.my_orgs()) or user_id = public.me());
