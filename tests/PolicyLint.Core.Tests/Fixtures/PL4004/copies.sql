create table public.notes (id uuid primary key, user_id uuid not null, slug text, credits int, published boolean);
alter table public.notes enable row level security;
create policy own on public.notes to authenticated using (user_id = (select auth.uid()));
create table public.notes_backup as select * from public.notes;
-- ^^^ PL4004: public.notes_backup holds rows of public.notes
create table public.guarded_backup as select * from public.notes;
alter table public.guarded_backup enable row level security;
create materialized view public.per_day as select count(*) as n from public.notes;
create temporary table scratch as select * from public.notes;
create table public.places (id int primary key);
create materialized view public.place_list as select * from public.places;
create schema private;
create materialized view private.all_notes as select * from public.notes;
