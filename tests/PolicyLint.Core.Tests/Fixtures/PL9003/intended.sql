-- What was intended and no longer changes anything.
create table public.a (id uuid primary key);
-- policylint:intended PL3019 nothing depends on it
-- ^^^ PL9003: Nothing here is reported by PL3019
drop table public.a cascade;
