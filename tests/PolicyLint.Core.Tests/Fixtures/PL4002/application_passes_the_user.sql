-- On a plain server users call nothing themselves: the application passes the user that it has authenticated.
create table public.notes (id uuid primary key, user_id uuid not null);
alter table public.notes enable row level security;
create policy own on public.notes using (user_id = (select current_setting('app.user_id', true)::uuid));
create function public.notes_of(p_user uuid) returns setof public.notes language sql stable security definer set search_path = '' as $$ select * from public.notes where user_id = p_user $$;
