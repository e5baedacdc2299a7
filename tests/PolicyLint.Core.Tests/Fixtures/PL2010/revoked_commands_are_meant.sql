-- config: platform: supabase
create table public.audit (id uuid primary key, user_id uuid not null);
alter table public.audit enable row level security;
create policy read_own on public.audit for select to authenticated using (user_id = (select auth.uid()));
revoke insert, update, delete on public.audit from anon, authenticated;
