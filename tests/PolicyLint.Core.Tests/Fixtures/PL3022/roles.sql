-- Who is bound: the owner where it is forced, and a role that is taken on purpose.
create role app;
create table public.notes (id uuid primary key, user_id uuid);
alter table public.notes enable row level security;
copy public.notes from '/srv/notes.csv';
copy public.notes to '/srv/notes.csv';
set role app;
copy public.notes from '/srv/notes.csv';
-- ^^^ PL3022: COPY FROM into public.notes is refused
reset role;
alter table public.notes force row level security;
copy public.notes (id) from '/srv/notes.csv';
-- ^^^ PL3022: COPY FROM into public.notes is refused
