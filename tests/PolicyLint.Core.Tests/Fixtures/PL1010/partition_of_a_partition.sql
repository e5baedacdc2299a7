create table public.events (user_id uuid not null, kind text, at date not null) partition by list (kind);
create table public.clicks partition of public.events for values in ('click') partition by range (at);
-- ^^^ PL1010: public.clicks holds rows of public.events
create table public.clicks_2026 partition of public.clicks for values from ('2026-01-01') to ('2027-01-01');
-- ^^^ PL1010: public.clicks_2026 holds rows of public.events
alter table public.events enable row level security;
alter table public.events force row level security;
create policy own on public.events using (user_id = (select current_setting('app.user_id', true)::uuid));
