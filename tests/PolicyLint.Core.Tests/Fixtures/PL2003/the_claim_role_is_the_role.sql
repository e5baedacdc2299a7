create table public.notes (id uuid primary key, user_id uuid not null);
create index on public.notes (user_id);
alter table public.notes enable row level security;
create policy own on public.notes using (user_id = (select auth.uid()));
create policy service on public.notes using ((select auth.role()) = 'service_role');
create policy staff on public.notes using ((select auth.jwt()) ->> 'role' = 'admin');
create policy team on public.notes for insert with check ((select auth.jwt()) -> 'app_metadata' ->> 'role' = 'admin');
--                                                        ^^^^^^^^^^ PL2003: authenticated may insert a row into public.notes
