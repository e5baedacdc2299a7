-- No policy lets PUBLIC write: the grant opens nothing.
create role app;
create table public.notes (id uuid primary key, user_id uuid not null);
alter table public.notes enable row level security;
create policy own on public.notes to app using (user_id = (select current_setting('app.user_id', true)::uuid));
grant select, insert on public.notes to public;
