-- config: platform: supabase
create table public.secrets (id uuid primary key);
alter table public.secrets enable row level security;
revoke all on public.secrets from anon, authenticated;
