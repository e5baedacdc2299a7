create role app;
create role owner_like superuser;
create table public.a (id uuid primary key, user_id uuid not null);
create table public.b (id uuid primary key, user_id uuid not null);
create table public.lookup (id uuid primary key);
alter table public.a enable row level security;
alter table public.b enable row level security;
grant all on all tables in schema public to app, owner_like;
-- ^^^ PL4009: app may TRUNCATE public.a and 1 more tenant tables
create role reader;
grant references on public.b to reader;
-- ^^^ PL4009: reader may refer to public.b with a foreign key
