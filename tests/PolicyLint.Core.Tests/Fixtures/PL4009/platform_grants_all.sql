-- config: platform: supabase
create table public.a (id uuid primary key, user_id uuid not null);
alter table public.a enable row level security;
grant all on public.a to anon, authenticated, service_role, postgres;
