-- Without a grant nobody gets in, and statements of one file may be sent as one.
-- file: 1.sql
create role app;
create table public.a (id uuid primary key, tenant_id uuid not null);
create table public.b (id uuid primary key, tenant_id uuid not null);
grant select on public.b to app;
alter table public.b enable row level security;
create policy own on public.b to app using (tenant_id = current_setting('app.tenant_id', true)::uuid);
create table public.c (id uuid primary key, tenant_id uuid not null);
-- ^^^ PL3009: public.c is open to app until a later migration enables row-level security
grant select on public.c to app;
begin;
commit;
alter table public.c enable row level security;
-- file: 2.sql
alter table public.a enable row level security;
grant select on public.a to app;
