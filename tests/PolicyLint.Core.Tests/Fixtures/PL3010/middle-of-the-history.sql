-- A rollback is judged right behind its own migrations: what later ones make does not count.
-- file: 001_notes.sql
create table public.notes (id uuid primary key, title text);
-- file: 002_owner.sql
alter table public.notes add column owner uuid;
create policy own on public.notes using (owner = (select auth.uid()));
-- file: 003_tags.sql
create table public.tags (id uuid primary key);
-- file: 002_owner_rollback.sql
drop policy own on public.notes;
alter table public.notes drop column owner;
-- file: 003_tags_rollback.sql
begin;
drop table public.tags;
drop policy own on public.notes;
-- ^^^ PL3010: After this rollback public.notes is not as it was before: policy own on public.notes is missing
commit;
