create table public.notes (id uuid primary key, user_id uuid not null);
create policy own on public.notes as restrictive to authenticated using (user_id = (select auth.uid()));
