-- config: platform: supabase
create table public.notes (id uuid primary key, user_id uuid not null);
alter table public.notes enable row level security;
create policy own on public.notes using (user_id = (select auth.uid()));
grant all on all tables in schema public to anon, authenticated;
grant insert on public.notes to anon;
create schema api;
create table api.notes (id uuid primary key, user_id uuid not null);
alter table api.notes enable row level security;
create policy own on api.notes using (user_id = (select auth.uid()));
grant insert on api.notes to anon;
-- ^^^ PL4005: anon may insert into api.notes
