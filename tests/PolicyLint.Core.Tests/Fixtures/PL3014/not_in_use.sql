-- Tables of this migration, temporary and partitioned ones, and an index that is there.
-- file: 1.sql
create table public.a (id uuid primary key, title text);
create index a_title on public.a (title);
create table public.p (id uuid not null) partition by range (id);
-- file: 2.sql
create table if not exists public.a (id uuid primary key, title text);
create index a_again on public.a (title);
-- file: 3.sql
create index if not exists a_title on public.a (title);
create index p_id on public.p (id);
create table public.b (id uuid primary key);
create index on public.b (id);
create temporary table t (id int);
create index on t (id);
create index a_lower on public.a (lower(title));
-- ^^^ PL3014: Writes to public.a wait until the index a_lower is built
