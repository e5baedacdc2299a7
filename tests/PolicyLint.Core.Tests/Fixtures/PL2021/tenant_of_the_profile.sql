-- Who may write the tenant into the own profile is a member of any.
create table public.profiles (id uuid primary key, tenant_id uuid not null, name text);
alter table public.profiles enable row level security;
create policy own on public.profiles for all to authenticated using (id = (select auth.uid()));
--                                                                   ^^ PL2021: authenticated may change tenant_id in an own row of public.profiles, which the policy tenant on public.clients goes by
create table public.clients (id uuid primary key, tenant_id uuid not null);
create index on public.clients (tenant_id);
alter table public.clients enable row level security;
create policy tenant on public.clients for select to authenticated using (tenant_id in (select tenant_id from public.profiles where id = (select auth.uid())));
-- config: tenancy:
-- config:   id: { is: auth.uid() }
-- config:   tenant_id: { in: select tenant_id from public.profiles where id = auth.uid() }
