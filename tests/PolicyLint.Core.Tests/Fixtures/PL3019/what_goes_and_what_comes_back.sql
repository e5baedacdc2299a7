-- Policies that the file makes again are no loss, nor are those of tables that go themselves.
-- file: 1.sql
create schema private;
create function private.me() returns uuid language sql stable as 'select null::uuid';
create table public.a (id uuid primary key, tenant uuid);
create policy own on public.a using (tenant = private.me());
create policy other on public.a for select using (tenant is null);
create table public.b (id uuid primary key, tenant uuid);
create policy own on public.b using (tenant = private.me());
create table public.c (id uuid primary key, a uuid references public.a (id));
create policy own on public.c using (exists (select from public.a where a.id = c.a));
-- file: 2.sql
drop function private.me() cascade;
-- ^^^ PL3019: CASCADE takes the policy own of public.b with it
create function private.me() returns uuid language sql stable as 'select null::uuid';
create policy own on public.a using (tenant = private.me());
-- file: 3.sql
drop table public.a cascade;
-- ^^^ PL3019: CASCADE takes the policy own of public.c with it
-- file: 4.sql
alter table public.b add column owner uuid;
create policy mine on public.b using (owner = private.me());
alter table public.b drop column owner cascade;
-- ^^^ PL3019: CASCADE takes the policy mine of public.b with it
