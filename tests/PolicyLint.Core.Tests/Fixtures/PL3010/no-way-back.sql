-- Labels of an enum can't be taken back, and a rollback without a statement says openly that there is none.
-- file: 001_a.sql
create type public.mood as enum ('good');
-- file: 002_b.sql
alter type public.mood add value 'bad';
create table public.notes (id uuid primary key);
-- file: 002_b_rollback.sql
drop table public.notes;
-- file: 003_c.sql
create table public.tags (id uuid primary key);
-- file: 003_c_rollback.sql
select 1;
