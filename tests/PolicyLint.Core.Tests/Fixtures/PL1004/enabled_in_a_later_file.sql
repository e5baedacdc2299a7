-- file: 1.sql
create table public.notes (id uuid primary key, user_id uuid not null);
create policy own on public.notes using (user_id = (select current_setting('app.user_id', true)::uuid));

-- file: 2.sql
alter table public.notes enable row level security;
