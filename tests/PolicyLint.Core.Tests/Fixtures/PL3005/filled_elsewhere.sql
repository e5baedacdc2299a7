-- Filled by a later migration, by a block, or by a function that a migration calls; or never empty.
-- file: 1.sql
create table public.a (id uuid primary key);
create table public.b (id uuid primary key);
create table public.c (id uuid primary key);
create table public.d (id uuid primary key);
-- file: 2.sql
alter table public.a add column tenant_id uuid;
alter table public.b add column org_id uuid;
alter table public.c add column owner_id uuid;
alter table public.d add column user_id uuid default '00000000-0000-0000-0000-000000000001';
create table public.e (id uuid primary key);
alter table public.e add column user_id uuid;
-- file: 3.sql
update public.a set tenant_id = id;
do $$
begin
  update public.b set org_id = id where org_id is null;
end $$;
create function public.fill() returns void language plpgsql as $$
begin
  update public.c set owner_id = id;
end $$;
select public.fill();
