-- Migrations run with BYPASSRLS there.
-- config: platform: supabase
create table public.notes (id uuid primary key, user_id uuid);
alter table public.notes enable row level security;
alter table public.notes force row level security;
create policy own on public.notes using (user_id = (select auth.uid()));
update public.notes set user_id = null;
copy public.notes from '/srv/notes.csv';
set role authenticated;
update public.notes set user_id = null;
--     ^^^^^^^^^^^^ PL3017: This UPDATE touches no row of public.notes
