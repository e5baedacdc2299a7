-- config: roles: [app, worker]
create role elevated bypassrls;
create role app noinherit;
grant elevated to app;
-- ^^^ PL4006: app is a member of elevated
create role worker;
create table public.notes (id uuid primary key, user_id uuid not null);
-- ^^^ PL4006: worker owns public.notes
alter table public.notes owner to worker;
alter table public.notes enable row level security;
