-- A statement in a function's body runs when the function does, not when it is created.
create table public.notes (id uuid primary key, user_id uuid not null);
create policy own on public.notes using (user_id = (select current_setting('app.user_id', true)::uuid));
-- ^^^ PL1004: The policy own on public.notes does nothing
create function public.protect() returns void language plpgsql as $$
begin
  alter table public.notes enable row level security;
end
$$;
