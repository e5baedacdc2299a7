create table public.notes (
  id uuid primary key,
  user_id uuid not null,
  title text not null
);
create table public.tags (id uuid primary key, user_id uuid not null, name text not null);
create index on public.tags (user_id);
create table public.events (id uuid primary key, user_id uuid not null);
create table public.files (id uuid primary key, user_id uuid not null);
create index on public.files (user_id);
alter table public.files enable row level security;
alter table public.files force row level security;
create policy own on public.files
  using (user_id = (select current_setting('app.user_id', true)::uuid))
  with check (user_id = (select current_setting('app.user_id', true)::uuid));
alter table public.tags enable row level security;
alter table public.tags force row level security;
create policy own on public.tags
  using (user_id = (select current_setting('app.user_id', true)::uuid))
  with check (user_id = (select current_setting('app.user_id', true)::uuid));
