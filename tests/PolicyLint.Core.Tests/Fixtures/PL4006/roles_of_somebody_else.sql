-- Policies that ask nothing of the session are not the application's.
create role backup bypassrls;
create role app;
create table public.notes (id uuid primary key, user_id uuid not null);
alter table public.notes enable row level security;
create policy everything on public.notes for select to backup using (true);
create policy own on public.notes to app using (user_id = (select current_setting('app.user_id', true)::uuid));
