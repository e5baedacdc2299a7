set statement_timeout = 0;
set check_function_bodies = false;
set row_security = off;
create table public.notes (id uuid primary key);
