-- Most statements can't run twice, as tools assume: that is a style, too.
create table public.a (id uuid primary key);
create table public.b (id uuid primary key);
create table if not exists public.c (id uuid primary key);
drop table if exists public.d;
create index on public.a (id);
