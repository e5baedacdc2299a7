create table public.notes (id uuid primary key, user_id uuid not null);
create table public.files (id uuid primary key, user_id uuid not null);
do $$
declare
  name text;
begin
  foreach name in array array['notes', 'files'] loop
    execute format('create policy own on public.%I to authenticated using (user_id = auth.uid())', name);
--  ^^^^^^^ PL2006: The policy own on public.files evaluates auth.uid() for every row
--  ^^^^^^^ PL2006: The policy own on public.notes evaluates auth.uid() for every row
  end loop;
end
$$;
