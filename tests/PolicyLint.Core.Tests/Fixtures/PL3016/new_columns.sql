-- A column that the migration adds has no old values to compare.
-- file: 1.sql
create table public.people (id uuid primary key);
create table public.notes (id uuid primary key, author uuid);
-- file: 2.sql
alter table public.notes add column editor uuid references public.people (id);
alter table public.notes add column reader uuid, add constraint notes_reader_fkey foreign key (reader) references public.people (id);
alter table public.notes add foreign key (author) references public.people (id) not valid;
alter table public.notes add foreign key (author) references public.people (id);
--                       ^^^^^^^^^^^^^^^^^^^^^^^ PL3016: Writes to public.notes and public.people wait
