-- file: 1.sql
create table public.notes (id uuid primary key, user_id uuid not null);
alter table public.notes enable row level security;

-- file: rollback/1.sql
alter table if exists public.notes disable row level security;
--                                 ^^^^^^^^^^^^^^^^^^^^^^^^^^ PL1009: Row-level security of public.notes is switched off
