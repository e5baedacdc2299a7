create table public.secrets (id uuid primary key);
alter table public.secrets enable row level security;
create policy nobody on public.secrets as restrictive to anon, authenticated using (false);
