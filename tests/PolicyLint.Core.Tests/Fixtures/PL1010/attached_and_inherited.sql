-- config: platform: supabase
create table public.events (user_id uuid not null, at date not null) partition by range (at);
create table public.old_events (user_id uuid not null, at date not null);
-- ^^^ PL1010: public.old_events holds rows of public.events
alter table public.events attach partition public.old_events for values from ('2020-01-01') to ('2021-01-01');
alter table public.events enable row level security;
create policy own on public.events to authenticated using (user_id = (select auth.uid()));
create table public.notes (id uuid primary key, user_id uuid not null);
alter table public.notes enable row level security;
create policy own on public.notes to authenticated using (user_id = (select auth.uid()));
create table public.pinned_notes (pin int) inherits (public.notes);
-- ^^^ PL1010: public.pinned_notes holds rows of public.notes
