-- config: roles: [app]
create role app;
create table public.events (user_id uuid not null, at date not null) partition by range (at);
create table public.events_2026 partition of public.events for values from ('2026-01-01') to ('2027-01-01');
-- ^^^ PL1010: public.events_2026 holds rows of public.events
alter table public.events enable row level security;
grant select, insert on all tables in schema public to app;
create policy own on public.events to app using (user_id = (select current_setting('app.user_id', true)::uuid));
